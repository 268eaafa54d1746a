//! Folders of this host that a guest reads and writes.
//!
//! A guest says a folder's name and a file's name, and no path. Each folder is opened once, where the operator's grant says that it
//! is; whatever is asked after that begins at this handle and can neither leave it nor follow a link.

mod directory;
mod input;
mod listing;
mod output;
mod refusal;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use weighbridge_model::folder::{FolderAccess, FolderGrant, is_file_name};

pub use listing::{FileEntry, Listing};
pub use refusal::FolderRefusal;

use directory::Directory;
use input::Input;
use output::Output;

/// Files that one guest may have open at once.
const OPEN_MAX: usize = 16;

/// The folders that one guest is granted, and what it has open in them.
#[derive(Debug, Default)]
pub struct Folders {
    granted: BTreeMap<String, FolderGrant>,
    own: Option<PathBuf>,
    opened: BTreeMap<String, Arc<Directory>>,
    inputs: HashMap<u32, Input>,
    outputs: HashMap<u32, Output>,
    next: u32,
}

impl Folders {
    /// What is granted; nothing at or above `own`, where the host itself keeps its data, is ever opened.
    pub fn new(grants: impl IntoIterator<Item = FolderGrant>, own: Option<PathBuf>) -> Self {
        let granted = grants.into_iter().map(|grant| (grant.name.clone(), grant)).collect();
        Self { granted, own, ..Self::default() }
    }

    /// The files of a folder whose names stand after `after`, in the order of their names, at most so many.
    pub async fn list(&mut self, folder: &str, after: Option<String>, limit: u32) -> Result<Listing, FolderRefusal> {
        let folder = self.folder(folder, FolderAccess::Read).await?;
        blocking(move || listing::list(&folder, after.as_deref(), limit)).await
    }

    /// Opens a file for reading from a place on.
    pub async fn open(&mut self, folder: &str, name: String, offset: u64) -> Result<u32, FolderRefusal> {
        let folder = self.folder(folder, FolderAccess::Read).await?;
        check(&name)?;
        self.check_room()?;
        let input = blocking(move || Input::open(&folder, &name, offset)).await?;
        let handle = self.handle();
        self.inputs.insert(handle, input);
        Ok(handle)
    }

    /// The next bytes of a file, at most so many; empty at its end, and of one that is not open.
    pub async fn read(&mut self, handle: u32, max: u32) -> Result<Vec<u8>, FolderRefusal> {
        let Some(input) = self.inputs.remove(&handle) else { return Ok(Vec::new()) };
        let (input, bytes) = blocking(move || Ok(input.read(max as usize))).await?;
        self.inputs.insert(handle, input);
        bytes
    }

    /// Begins a file, which has its name only once it is committed.
    pub async fn create(&mut self, folder: &str, name: String) -> Result<u32, FolderRefusal> {
        let folder = self.folder(folder, FolderAccess::Write).await?;
        check(&name)?;
        self.check_room()?;
        let output = blocking(move || Output::create(folder, name)).await?;
        let handle = self.handle();
        self.outputs.insert(handle, output);
        Ok(handle)
    }

    /// Adds bytes to a file that was begun.
    pub async fn write(&mut self, handle: u32, bytes: Vec<u8>) -> Result<(), FolderRefusal> {
        let output = self.outputs.remove(&handle).ok_or(FolderRefusal::NotOpen)?;
        let output = blocking(move || output.write(&bytes)).await?;
        self.outputs.insert(handle, output);
        Ok(())
    }

    /// Gives a file its name, in the place of one that had it, once all its bytes are on the disk.
    pub async fn commit(&mut self, handle: u32) -> Result<(), FolderRefusal> {
        let output = self.outputs.remove(&handle).ok_or(FolderRefusal::NotOpen)?;
        blocking(move || output.commit()).await
    }

    /// Moves a file to a name that no file has; out of one folder and into another, both of which are written.
    pub async fn rename(&mut self, from: (&str, String), to: (&str, String)) -> Result<(), FolderRefusal> {
        let source = self.folder(from.0, FolderAccess::Write).await?;
        let target = self.folder(to.0, FolderAccess::Write).await?;
        check(&from.1)?;
        check(&to.1)?;
        blocking(move || output::rename((&source, &from.1), (target, to.1))).await
    }

    /// Nobody will use this file again. One that was begun and not committed is gone.
    pub fn close(&mut self, handle: u32) {
        self.inputs.remove(&handle);
        self.outputs.remove(&handle);
    }

    async fn folder(&mut self, name: &str, access: FolderAccess) -> Result<Arc<Directory>, FolderRefusal> {
        let grant = self.granted.get(name).ok_or_else(|| FolderRefusal::NotGranted(name.to_owned()))?;
        if grant.access < access {
            return Err(FolderRefusal::ReadOnly(name.to_owned()));
        }
        if let Some(opened) = self.opened.get(name) {
            return Ok(Arc::clone(opened));
        }
        let (grant, own) = (grant.clone(), self.own.clone());
        let opened = Arc::new(blocking(move || Directory::open(&grant, own.as_deref())).await?);
        self.opened.insert(name.to_owned(), Arc::clone(&opened));
        Ok(opened)
    }

    fn check_room(&self) -> Result<(), FolderRefusal> {
        let is_full = self.inputs.len() + self.outputs.len() >= OPEN_MAX;
        if is_full { Err(FolderRefusal::TooManyOpen(OPEN_MAX)) } else { Ok(()) }
    }

    fn handle(&mut self) -> u32 {
        self.next = self.next.wrapping_add(1);
        self.next
    }
}

fn check(name: &str) -> Result<(), FolderRefusal> {
    if is_file_name(name) { Ok(()) } else { Err(FolderRefusal::FileName) }
}

/// A disk may be slow, or far away; nobody else waits for it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FolderRefusal> + Send + 'static,
) -> Result<T, FolderRefusal> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(FolderRefusal::Failed(error.to_string())))
}
