//! Saves: what an author's editor writes, and not what the build does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::exit::Misasked;

/// An editor writes a file in several steps, and saves several files at once.
const QUIET: Duration = Duration::from_millis(60);

/// What tools write, and nobody edits.
const NOT_SOURCES: [&str; 8] =
    ["target", "node_modules", "dist", "build", "venv", "__pycache__", "Cargo.lock", "package-lock.json"];

/// The files that are watched, as they were when somebody last looked.
pub(super) struct Watched {
    roots: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, (u64, SystemTime)>,
    watcher: RecommendedWatcher,
    events: Receiver<()>,
}

/// Files that were saved, and when the last of them was.
#[derive(Debug)]
pub(super) struct Saved {
    pub(super) files: Vec<PathBuf>,
    pub(super) at: SystemTime,
}

impl Watched {
    /// Watches a connector's folder, and files that lie elsewhere.
    pub(super) fn over(folder: &Path, files: impl IntoIterator<Item = PathBuf>) -> Result<Self, Misasked> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(move |_| {
            // Nobody is left to be told when the command ends.
            let _ = sender.send(());
        });
        let roots = std::iter::once(folder.to_owned()).chain(files).collect();
        let mut watched = Self { roots, seen: BTreeMap::new(), watcher: watcher.map_err(unwatched)?, events };
        watched.listen()?;
        watched.seen = watched.look();
        Ok(watched)
    }

    /// Waits for the next save.
    pub(super) fn next(&mut self) -> Result<Saved, Misasked> {
        loop {
            self.events.recv().map_err(unwatched)?;
            while self.events.recv_timeout(QUIET) != Err(RecvTimeoutError::Timeout) {}
            // A folder that is new is not watched yet.
            self.listen()?;
            let now = self.look();
            let before = std::mem::replace(&mut self.seen, now);
            let saved = self.seen.iter().filter(|(path, file)| before.get(*path) != Some(*file));
            let gone = before.keys().filter(|path| !self.seen.contains_key(*path));
            let at = saved.clone().map(|(_, (_, at))| *at).max();
            let files: Vec<PathBuf> = saved.map(|(path, _)| path).chain(gone).cloned().collect();
            if !files.is_empty() {
                return Ok(Saved { files, at: at.unwrap_or(SystemTime::UNIX_EPOCH) });
            }
        }
    }

    /// Each folder by itself, so that those that tools fill cost nothing.
    fn listen(&mut self) -> Result<(), Misasked> {
        let mut folders = Vec::new();
        self.roots.iter().for_each(|root| walk(root, &mut |path| folders.extend(folder_of(path))));
        folders.dedup();
        folders.iter().try_for_each(|one| self.watcher.watch(one, RecursiveMode::NonRecursive)).map_err(unwatched)
    }

    fn look(&self) -> BTreeMap<PathBuf, (u64, SystemTime)> {
        let mut seen = BTreeMap::new();
        let mut note = |path: &Path| {
            if let Ok(file) = path.metadata()
                && file.is_file()
            {
                seen.insert(path.to_owned(), (file.len(), file.modified().unwrap_or(SystemTime::UNIX_EPOCH)));
            }
        };
        self.roots.iter().for_each(|root| walk(root, &mut note));
        seen
    }
}

/// Editors replace a file by another one of its name, so it is the folder that is watched.
fn folder_of(path: &Path) -> Option<PathBuf> {
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    folder.map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() })
}

fn walk(path: &Path, each: &mut dyn FnMut(&Path)) {
    each(path);
    let Ok(entries) = std::fs::read_dir(path) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // What begins with a dot belongs to editors and tools, and what ends with a tilde is a former version.
        let is_source = !NOT_SOURCES.contains(&&*name) && !name.starts_with('.') && !name.ends_with('~');
        if is_source && !entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            walk(&entry.path(), each);
        }
    }
}

fn unwatched(error: impl std::fmt::Display) -> Misasked {
    Misasked(format!("dev.unwatched: the folder cannot be watched: {error}; use `--once`, and call it after each save"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_of_a_save_and_not_of_what_a_build_writes() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("src/lib.rs", "one");
        write("target/module.wasm", "one");
        let mut watched = Watched::over(folder.path(), []).unwrap();
        write("target/module.wasm", "two and more");
        write("Cargo.lock", "two and more");
        write("src/lib.rs", "two and more");
        assert_eq!(watched.next().unwrap().files, [folder.path().join("src/lib.rs")]);
        write("schemas/new.json", "{}");
        assert_eq!(watched.next().unwrap().files, [folder.path().join("schemas/new.json")]);
        write("schemas/new.json", "{\"type\": \"object\"}");
        assert_eq!(watched.next().unwrap().files, [folder.path().join("schemas/new.json")]);
    }
}
