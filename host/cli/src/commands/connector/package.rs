//! A connector's folder: its package, built and put up for a try, and its recordings.

use std::path::{Path, PathBuf};

use weighbridge_forge::{BuildArgs, build};
use weighbridge_workshop::{Bench, Cassette};

use crate::exit::Misasked;
use crate::watch::Watch;

/// Builds the package, unsigned, and puts it up where it is tried.
pub(super) async fn bench(folder: &Path, scratch: &Path, watch: &Watch) -> anyhow::Result<Bench> {
    let package = built(folder, scratch, None, watch)?;
    watch.say("compiling it for the sandbox".into());
    Ok(Bench::open(package, &scratch.join("artefacts")).await?)
}

/// Builds the package, signed where a key is given.
pub(super) fn built(folder: &Path, scratch: &Path, key: Option<&Path>, watch: &Watch) -> anyhow::Result<Vec<u8>> {
    let (out, key) = (scratch.to_owned(), key.map(Path::to_owned));
    let asked = BuildArgs { folder: folder.to_owned(), out, key, target: None, locked: false };
    let built = build(&asked, &mut |step| watch.say(step.to_string()))?;
    Ok(std::fs::read(built.package)?)
}

/// There is nothing to play.
pub(super) fn unrecorded(folder: &Path) -> Misasked {
    let folder = folder.display();
    Misasked(format!("cassette.none: `{folder}` has no recordings; make one with `weighbridge connector record`"))
}

/// Where the recording of a case lies.
pub(super) fn place(folder: &Path, case: &str) -> PathBuf {
    folder.join("cassettes").join(format!("{case}.jsonl"))
}

/// The recordings of a folder, or one of them, by their names.
pub(super) fn cassettes(folder: &Path, case: Option<&str>) -> anyhow::Result<Vec<Cassette>> {
    if let Some(case) = case {
        return Ok(vec![Cassette::open(&place(folder, case))?]);
    }
    let Ok(entries) = std::fs::read_dir(folder.join("cassettes")) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    paths.sort();
    paths.iter().map(|path| Ok(Cassette::open(path)?)).collect()
}
