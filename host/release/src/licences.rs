//! The licences of what is linked, in their own words: each text once, under all whose it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::error::ReleaseError;
use crate::files;
use crate::linked::{CrateId, Known, Linked};

/// How the files begin that have such texts.
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

/// The whole page.
pub(crate) fn page(linked: &Linked) -> Result<String, ReleaseError> {
    let foreign = || linked.known.iter().filter(|(_, known)| known.checksum.is_some());
    let mut page =
        "What others wrote and this program has in it, and under which licences. Their texts follow.\n\n".to_owned();
    for (id, known) in foreign() {
        let licence = known.licence.as_deref().unwrap_or("see its text");
        let _ = writeln!(page, "  {} {}: {licence}", id.name, id.version);
    }
    for (text, whose) in texts(foreign())? {
        let _ = write!(page, "\n{}\n{}\n\n{text}\n", "=".repeat(80), whose.join(", "));
    }
    Ok(page)
}

fn texts<'a>(
    crates: impl Iterator<Item = (&'a CrateId, &'a Known)>,
) -> Result<BTreeMap<String, Vec<String>>, ReleaseError> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, known) in crates {
        for path in of(&known.folder)? {
            let text = String::from_utf8_lossy(&files::read(&path)?).trim().replace("\r\n", "\n");
            let whose = texts.entry(text).or_default();
            let name = format!("{} {}", id.name, id.version);
            if !whose.contains(&name) {
                whose.push(name);
            }
        }
    }
    Ok(texts)
}

fn of(folder: &Path) -> Result<Vec<PathBuf>, ReleaseError> {
    let entries = std::fs::read_dir(folder).map_err(ReleaseError::at(folder))?;
    let is_licence = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        path.is_file() && NAMES.iter().any(|known| name.starts_with(known))
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_licence).collect();
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_several_stands_once_under_all_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut linked = Linked::default();
        for (name, text) in [("one", "Do as you like.\r\n"), ("other", "Do as you like.\n"), ("third", "Do not.")] {
            let own = folder.path().join(name);
            std::fs::create_dir(&own).unwrap();
            std::fs::write(own.join("LICENSE-ANY"), text).unwrap();
            std::fs::write(own.join("lib.rs"), "code").unwrap();
            let known =
                Known { licence: Some("Any".into()), checksum: Some("0".into()), folder: own, ..Known::default() };
            linked.known.insert(CrateId { name: name.into(), version: "1.0.0".into() }, known);
        }
        let page = page(&linked).unwrap();
        assert_eq!(page.matches("Do as you like.").count(), 1);
        assert!(page.contains("\none 1.0.0, other 1.0.0\n\nDo as you like.\n") && !page.contains("code"), "{page}");
    }
}
