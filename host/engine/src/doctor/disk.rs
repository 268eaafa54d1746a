//! Whether there is room for what a host writes, and whether others may read it.

use std::fs::metadata;
use std::os::unix::fs::PermissionsExt as _;

use super::Finding;
use crate::options::Options;
use crate::space::{free_bytes, is_full};

const ABOUT: &str = "disk";
/// With fewer than so many times the least, in which nothing begins, it should be looked at.
const ROOM: u64 = 4;

pub(super) fn check(options: &Options) -> Vec<Finding> {
    let folder = options.folder.path();
    let free = free_bytes(folder).map_or_else(
        |error| {
            let sentence = format!("the space on the disk of {} is not known: {error}", folder.display());
            Finding::warning("doctor.space", ABOUT, sentence)
        },
        |free| room(free, options.conduct.space_min, metadata(options.folder.store()).map_or(0, |file| file.len())),
    );
    [Some(free), exposed(options)].into_iter().flatten().collect()
}

fn room(free: u64, least: u64, store: u64) -> Finding {
    let sentence = format!("{} free, the store takes {}", mib(free), mib(store));
    let next =
        "free some, or move the data folder to a larger disk; shorter `history_days` and `rejected_days` keep less";
    if is_full(free, least, false) {
        let sentence = format!("{sentence}; nothing begins with less than {}", mib(least));
        Finding::failed("doctor.space_low", ABOUT, sentence).next(next)
    } else if is_full(free, least.saturating_mul(ROOM), false) {
        Finding::warning("doctor.space_soon_low", ABOUT, sentence).next(next)
    } else {
        Finding::ok("doctor.space", ABOUT, sentence)
    }
}

/// Texts are sealed in it, but names of tables, times and amounts are not.
fn exposed(options: &Options) -> Option<Finding> {
    let (folder, store) = (options.folder.path(), options.folder.store());
    let open = |path: &std::path::Path| metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
    let sentence = format!("others on this machine may look into {}", folder.display());
    (open(folder) && open(&store)).then(|| {
        Finding::warning("doctor.folder_open", "data folder", sentence).next(format!("chmod 700 {}", folder.display()))
    })
}

fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warns_before_nothing_begins_any_more() {
        let code = |free| room(free, 100 << 20, 0).code;
        assert_eq!(code(400 << 20), "doctor.space");
        assert_eq!(code(399 << 20), "doctor.space_soon_low");
        assert_eq!(code(99 << 20), "doctor.space_low");
    }
}
