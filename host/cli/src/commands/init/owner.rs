//! The user of this machine that the host runs as.

use std::fs;
use std::os::unix::fs::lchown;
use std::path::Path;

use anyhow::Context as _;

use super::InitError;

/// By the numbers that the system knows it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    user: u32,
    group: u32,
}

/// Looks a user up among those of this machine.
pub(super) fn find(name: &str) -> anyhow::Result<Owner> {
    let known = fs::read_to_string("/etc/passwd").context("init.users_unknown: /etc/passwd cannot be read")?;
    Ok(among(&known, name).ok_or_else(|| InitError::NoSuchUser(name.to_owned()))?)
}

/// `weighbridge:x:998:998:…`
fn among(known: &str, name: &str) -> Option<Owner> {
    let mut lines = known.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let fields = lines.find(|fields| fields.first() == Some(&name))?;
    Some(Owner { user: fields.get(2)?.parse().ok()?, group: fields.get(3)?.parse().ok()? })
}

impl Owner {
    /// Gives this user a folder and all that is in it.
    pub(super) fn gets(self, path: &Path) -> anyhow::Result<()> {
        let what = || {
            format!("init.owner: {} cannot be given to that user; do it as root, or leave --owner out", path.display())
        };
        lchown(path, Some(self.user), Some(self.group)).with_context(what)?;
        if path.is_dir() && !path.is_symlink() {
            for entry in fs::read_dir(path).with_context(what)? {
                self.gets(&entry.with_context(what)?.path())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "root:x:0:0:root:/root:/bin/bash\nhost:x:998:997::/nowhere:/bin/false\nbroken:x\n";

    #[test]
    fn finds_a_user_by_the_whole_name() {
        assert_eq!(among(KNOWN, "host"), Some(Owner { user: 998, group: 997 }));
    }

    #[test]
    fn finds_nobody_by_a_part_of_a_name_or_without_numbers() {
        for name in ["hos", "ost", "broken", ""] {
            assert_eq!(among(KNOWN, name), None, "{name}");
        }
    }
}
