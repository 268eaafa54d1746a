//! Files in folders that the operator granted.

use wasmtime::component::Resource;

use crate::answers::{FileEntry, FileRefusal, Listing, NamedFile};
use crate::bindings::weighbridge::connector::files;
use crate::state::{Spent, State};

/// The most that one call gives.
const READ_BYTES_MAX: u32 = 1024 * 1024;
/// The most that one call takes.
const WRITE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A file that is read, by the number that the host knows it by.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Input(u32);

/// A file that is written; none once it was committed or refused.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Output(Option<u32>);

const OVER: &str = "the file was committed or refused before; create another one";

impl files::Host for State {
    async fn list(
        &mut self,
        folder: String,
        after: Option<String>,
        limit: u32,
    ) -> wasmtime::Result<Result<files::Listing, files::Refusal>> {
        if let Err(refusal) = self.spend_request::<files::Refusal>() {
            return Ok(Err(refusal));
        }
        let listed = self.answers.list_files(folder, after, limit).await;
        Ok(listed.map(files::Listing::from).map_err(files::Refusal::from))
    }

    async fn open(
        &mut self,
        folder: String,
        name: String,
        offset: u64,
    ) -> wasmtime::Result<Result<Resource<Input>, files::Refusal>> {
        if let Err(refusal) = self.spend_request::<files::Refusal>() {
            return Ok(Err(refusal));
        }
        match self.answers.open_file(NamedFile { folder, name }, offset).await {
            Ok(file) => Ok(Ok(self.table.push(Input(file))?)),
            Err(refusal) => Ok(Err(refusal.into())),
        }
    }

    async fn create(
        &mut self,
        folder: String,
        name: String,
    ) -> wasmtime::Result<Result<Resource<Output>, files::Refusal>> {
        if let Err(refusal) = self.spend_request::<files::Refusal>() {
            return Ok(Err(refusal));
        }
        match self.answers.create_file(NamedFile { folder, name }).await {
            Ok(file) => Ok(Ok(self.table.push(Output(Some(file)))?)),
            Err(refusal) => Ok(Err(refusal.into())),
        }
    }

    async fn move_(
        &mut self,
        folder: String,
        name: String,
        to_folder: String,
        to_name: String,
    ) -> wasmtime::Result<Result<(), files::Refusal>> {
        if let Err(refusal) = self.spend_request::<files::Refusal>() {
            return Ok(Err(refusal));
        }
        let to = NamedFile { folder: to_folder, name: to_name };
        let moved = self.answers.move_file(NamedFile { folder, name }, to).await;
        Ok(moved.map_err(files::Refusal::from))
    }
}

impl files::HostInput for State {
    async fn read(&mut self, input: Resource<Input>, max: u32) -> wasmtime::Result<Result<Vec<u8>, files::Refusal>> {
        let file = self.table.get(&input)?.0;
        let read = self.answers.read_file(file, max.min(READ_BYTES_MAX)).await;
        Ok(read.map_err(files::Refusal::from))
    }

    async fn drop(&mut self, input: Resource<Input>) -> wasmtime::Result<()> {
        let Input(file) = self.table.delete(input)?;
        self.answers.close_file(file);
        Ok(())
    }
}

impl files::HostOutput for State {
    async fn write(
        &mut self,
        output: Resource<Output>,
        bytes: Vec<u8>,
    ) -> wasmtime::Result<Result<(), files::Refusal>> {
        if bytes.len() > WRITE_BYTES_MAX {
            return Ok(Err(files::Refusal::TooLarge(format!("at most {WRITE_BYTES_MAX} bytes are written at once"))));
        }
        let Some(file) = self.table.get(&output)?.0 else { return Ok(Err(files::Refusal::Denied(OVER.into()))) };
        let written = self.answers.write_file(file, bytes).await;
        if written.is_err() {
            self.table.get_mut(&output)?.0 = None;
            self.answers.close_file(file);
        }
        Ok(written.map_err(files::Refusal::from))
    }

    async fn commit(&mut self, output: Resource<Output>) -> wasmtime::Result<Result<(), files::Refusal>> {
        if let Err(refusal) = self.spend_request::<files::Refusal>() {
            return Ok(Err(refusal));
        }
        let Some(file) = self.table.get_mut(&output)?.0.take() else {
            return Ok(Err(files::Refusal::Denied(OVER.into())));
        };
        Ok(self.answers.commit_file(file).await.map_err(files::Refusal::from))
    }

    async fn drop(&mut self, output: Resource<Output>) -> wasmtime::Result<()> {
        if let Output(Some(file)) = self.table.delete(output)? {
            self.answers.close_file(file);
        }
        Ok(())
    }
}

impl From<Spent> for files::Refusal {
    fn from(spent: Spent) -> Self {
        match spent {
            Spent::Budget => Self::Budget,
            Spent::Closed => Self::Denied("a webhook is received without files".into()),
        }
    }
}

impl From<Listing> for files::Listing {
    fn from(listing: Listing) -> Self {
        Self { entries: listing.files.into_iter().map(files::Entry::from).collect(), next: listing.next }
    }
}

impl From<FileEntry> for files::Entry {
    fn from(entry: FileEntry) -> Self {
        let FileEntry { name, bytes, modified_ms, changed_ms } = entry;
        Self { name, bytes, modified_ms, changed_ms }
    }
}

impl From<FileRefusal> for files::Refusal {
    fn from(refusal: FileRefusal) -> Self {
        match refusal {
            FileRefusal::Denied(why) => Self::Denied(why),
            FileRefusal::Absent => Self::Absent,
            FileRefusal::Exists => Self::Exists,
            FileRefusal::InUse => Self::InUse,
            FileRefusal::Unavailable(why) => Self::Unavailable(why),
            FileRefusal::TooLarge(why) => Self::TooLarge(why),
            FileRefusal::Cancelled => Self::Cancelled,
        }
    }
}
