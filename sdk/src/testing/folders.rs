//! Folders in memory, as `files` of the contract shows them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::script::{ScriptedHost, with};
use crate::bindings::weighbridge::connector::files::{Entry, Listing, Refusal};

/// The folders of a script, by name.
pub(super) type Folders = BTreeMap<String, BTreeMap<String, Kept>>;

/// A file of a script.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    bytes: Vec<u8>,
    modified_ms: u64,
    changed_ms: u64,
}

impl ScriptedHost {
    /// A folder that is granted, with nothing in it.
    pub fn folder(&self, name: &str) {
        with(|script| script.folders.insert(name.to_owned(), BTreeMap::new()));
    }

    /// A file that somebody puts into a granted folder at this moment.
    pub fn file(&self, folder: &str, name: &str, bytes: &[u8]) {
        let kept = |now| Kept { bytes: bytes.to_vec(), modified_ms: now, changed_ms: now };
        with(|script| {
            let file = kept(script.now_ms);
            script.folders.entry(folder.to_owned()).or_default().insert(name.to_owned(), file)
        });
    }

    /// What is in a file, if it is there.
    pub fn file_bytes(&self, folder: &str, name: &str) -> Option<Vec<u8>> {
        with(|script| script.folders.get(folder)?.get(name).map(|file| file.bytes.clone()))
    }

    /// The names of a folder's files.
    pub fn file_names(&self, folder: &str) -> Vec<String> {
        with(|script| script.folders.get(folder).into_iter().flat_map(|files| files.keys().cloned()).collect())
    }
}

/// A file that is read.
pub struct Input(RefCell<Vec<u8>>);

impl Input {
    /// The next bytes, at most so many.
    pub fn read(&self, max: u32) -> Result<Vec<u8>, Refusal> {
        let mut left = self.0.borrow_mut();
        let taken = left.len().min(max as usize);
        let rest = left.split_off(taken);
        Ok(std::mem::replace(&mut *left, rest))
    }
}

/// A file that is written.
pub struct Output {
    folder: String,
    name: String,
    bytes: RefCell<Vec<u8>>,
}

impl Output {
    /// Adds bytes.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Refusal> {
        self.bytes.borrow_mut().extend_from_slice(bytes);
        Ok(())
    }

    /// Gives the file its name.
    pub fn commit(&self) -> Result<(), Refusal> {
        let bytes = self.bytes.take();
        with(|script| {
            let file = Kept { bytes, modified_ms: script.now_ms, changed_ms: script.now_ms };
            folder_of(&mut script.folders, &self.folder)?.insert(self.name.clone(), file);
            Ok(())
        })
    }
}

/// Lists a folder.
pub fn list(folder: &str, after: Option<&str>, limit: u32) -> Result<Listing, Refusal> {
    with(|script| {
        let files = folder_of(&mut script.folders, folder)?;
        let rest = || files.iter().filter(|(name, _)| after.is_none_or(|after| name.as_str() > after));
        let entries: Vec<Entry> = rest().take(limit as usize).map(|(name, file)| entry(name, file)).collect();
        let next = entries.last().filter(|_| rest().count() > entries.len()).map(|last| last.name.clone());
        Ok(Listing { entries, next })
    })
}

fn entry(name: &str, file: &Kept) -> Entry {
    let Kept { bytes, modified_ms, changed_ms } = file;
    Entry { name: name.to_owned(), bytes: bytes.len() as u64, modified_ms: *modified_ms, changed_ms: *changed_ms }
}

/// Opens a file.
pub fn open(folder: &str, name: &str, offset: u64) -> Result<Input, Refusal> {
    with(|script| {
        let file = folder_of(&mut script.folders, folder)?.get(name).ok_or(Refusal::Absent)?;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(file.bytes.len());
        Ok(Input(RefCell::new(file.bytes[offset..].to_vec())))
    })
}

/// Begins a file.
pub fn create(folder: &str, name: &str) -> Result<Output, Refusal> {
    with(|script| folder_of(&mut script.folders, folder).map(drop))?;
    Ok(Output { folder: folder.to_owned(), name: name.to_owned(), bytes: RefCell::default() })
}

/// Moves a file.
pub fn move_(folder: &str, name: &str, to_folder: &str, to_name: &str) -> Result<(), Refusal> {
    with(|script| {
        if folder_of(&mut script.folders, to_folder)?.contains_key(to_name) {
            return Err(Refusal::Exists);
        }
        let now = script.now_ms;
        let file = folder_of(&mut script.folders, folder)?.remove(name).ok_or(Refusal::Absent)?;
        let file = Kept { changed_ms: now, ..file };
        folder_of(&mut script.folders, to_folder)?.insert(to_name.to_owned(), file);
        Ok(())
    })
}

fn folder_of<'a>(folders: &'a mut Folders, name: &str) -> Result<&'a mut BTreeMap<String, Kept>, Refusal> {
    folders.get_mut(name).ok_or_else(|| Refusal::Denied(format!("no folder `{name}` is granted")))
}
