//! The embedded default: one file, no set-up, and blobs in a folder beside it.

use std::fs;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use redb::{
    Builder, ConcurrencyMode, Database, DatabaseError, Durability, ReadOnlyDatabase, ReadOnlyTable,
    ReadableDatabase as _, StorageBackend, TableDefinition, TableError,
};
use weighbridge_model::id::BlobId;

use super::blobs::{BlobFolder, sync_folder};
use super::bulk::{self, BlobsKept};
use super::counts::{self, Shift};
use super::{Changes, Counts, Engine, EngineError, Rows, Snapshot};
use crate::error::OpenError;

/// All typed tables stand in one: their numbers begin the keys.
pub(super) const ROWS: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("rows");

/// How a file is opened.
#[derive(Clone, Copy, Debug)]
pub struct FileSettings {
    /// Bytes of pages kept in memory.
    pub cache_bytes: usize,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self { cache_bytes: 48 << 20 }
    }
}

enum Handle {
    Writer(Database),
    Reader(ReadOnlyDatabase),
    Closed,
}

/// One file and its blobs.
pub struct FileEngine {
    handle: RwLock<Handle>,
    blobs: BlobFolder,
    applying: Mutex<()>,
}

/// A file that is being made.
pub(crate) trait Fill {
    /// Puts a row under its key, or takes it away; whether there was one.
    fn set(&mut self, key: &[u8], row: Option<&[u8]>) -> Result<bool, EngineError>;
}

struct Filling<'a> {
    rows: redb::Table<'a, &'static [u8], &'static [u8]>,
    shift: Shift,
}

impl Fill for Filling<'_> {
    fn set(&mut self, key: &[u8], row: Option<&[u8]>) -> Result<bool, EngineError> {
        let was_there = match row {
            Some(row) => self.rows.insert(key, row).map_err(engine)?.is_some(),
            None => self.rows.remove(key).map_err(engine)?.is_some(),
        };
        self.shift.note(key, was_there, row.is_some());
        Ok(was_there)
    }
}

pub(super) fn engine(error: impl std::fmt::Display) -> EngineError {
    EngineError(error.to_string())
}

/// `store.redb` has its blobs in `store.blobs`.
fn blob_folder(path: &Path) -> PathBuf {
    path.with_extension("blobs")
}

fn builder(settings: FileSettings) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(settings.cache_bytes).set_concurrency_mode(ConcurrencyMode::SingleWriter);
    builder
}

/// Makes an empty file under another name, and gives it its own when it is whole: one that the power left half made would
/// not open again.
fn make(path: &Path, settings: FileSettings) -> Result<(), OpenError> {
    let fresh = path.with_extension("new");
    if fresh.exists() {
        fs::remove_file(&fresh).map_err(engine)?;
    }
    let database = builder(settings).create(&fresh).map_err(|error| open_error(path, error))?;
    database.close().map_err(|error| open_error(path, error))?;
    // A link does not take the place of a file that another process made meanwhile, as a new name would.
    match fs::hard_link(&fresh, path) {
        Ok(()) => fs::remove_file(&fresh).map_err(engine)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::remove_file(&fresh).map_err(engine)?,
        Err(_no_links_here) => fs::rename(&fresh, path).map_err(engine)?,
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    sync_folder(folder.unwrap_or(Path::new("."))).map_err(engine)?;
    Ok(())
}

impl FileEngine {
    /// Opens the file for writing, and makes it where it is not there.
    pub fn open(path: &Path, settings: FileSettings) -> Result<Self, OpenError> {
        if !path.exists() {
            make(path, settings)?;
        }
        let database = builder(settings).open(path).map_err(|error| open_error(path, error))?;
        Self::writer(database, blob_folder(path))
    }

    /// Makes a file of the rows that are put into it, in turns until one says that there are no more. What a transaction has to
    /// remember grows with it, so each turn has one of its own; the last one makes them all durable.
    pub(crate) fn fill<E: From<EngineError>>(
        path: &Path,
        mut turn: impl FnMut(&mut dyn Fill) -> Result<bool, E>,
    ) -> Result<(), E> {
        // Nobody else opens it yet.
        let mut alone = builder(FileSettings::default());
        let database = alone.set_concurrency_mode(ConcurrencyMode::ExclusiveWriter).create(path).map_err(engine)?;
        loop {
            let mut transaction = database.begin_write().map_err(engine)?;
            let (more, shift) = {
                let rows = transaction.open_table(ROWS).map_err(engine)?;
                let mut filling = Filling { rows, shift: Shift::default() };
                (turn(&mut filling)?, filling.shift)
            };
            shift.write(&transaction)?;
            if more {
                transaction.set_durability(Durability::None).map_err(engine)?;
            } else {
                transaction.set_quick_repair(true);
            }
            transaction.commit().map_err(engine)?;
            if !more {
                return Ok(database.close().map_err(engine)?);
            }
        }
    }

    /// The blobs that belong to a file.
    pub(crate) fn blobs_beside(path: &Path) -> Result<BlobFolder, EngineError> {
        BlobFolder::open(blob_folder(path)).map_err(engine)
    }

    /// Opens over a backend of the caller's, for tests that decide what a disk does.
    pub fn with_backend(
        backend: impl StorageBackend,
        blobs: PathBuf,
        settings: FileSettings,
    ) -> Result<Self, OpenError> {
        let mut builder = Builder::new();
        builder.set_cache_size(settings.cache_bytes);
        Self::writer(builder.create_with_backend(backend).map_err(|error| open_error(&blobs, error))?, blobs)
    }

    /// Opens the file for reading, beside a process that writes. A file that a crash left unclean is first opened once as a
    /// writer would, which repairs it.
    pub fn open_reading(path: &Path, settings: FileSettings) -> Result<Self, OpenError> {
        if !path.exists() {
            return Err(OpenError::Absent { path: path.to_owned() });
        }
        let database = match builder(settings).open_read_only(path) {
            Err(DatabaseError::RepairAborted) => {
                let repaired = builder(settings).open(path).map_err(|error| open_error(path, error))?;
                repaired.close().map_err(|error| open_error(path, error))?;
                builder(settings).open_read_only(path)
            }
            opened => opened,
        };
        let database = database.map_err(|error| open_error(path, error))?;
        Self::new(Handle::Reader(database), blob_folder(path))
    }

    fn writer(database: Database, blobs: PathBuf) -> Result<Self, OpenError> {
        let this = Self::new(Handle::Writer(database), blobs)?;
        this.apply(Changes::new())?;
        if let Handle::Writer(database) = &*this.handle() {
            counts::mend(database)?;
        }
        Ok(this)
    }

    fn new(handle: Handle, blobs: PathBuf) -> Result<Self, OpenError> {
        let blobs = BlobFolder::open(blobs).map_err(engine)?;
        Ok(Self { handle: RwLock::new(handle), blobs, applying: Mutex::new(()) })
    }

    fn handle(&self) -> RwLockReadGuard<'_, Handle> {
        self.handle.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_error(path: &Path, error: DatabaseError) -> OpenError {
    match error {
        DatabaseError::DatabaseAlreadyOpen => OpenError::InUse { path: path.to_owned() },
        other => engine(other).into(),
    }
}

impl FileEngine {
    /// The rows of one view; an absent table has none.
    fn rows(&self) -> Result<Option<Table>, EngineError> {
        let transaction = match &*self.handle() {
            Handle::Writer(database) => database.begin_read(),
            Handle::Reader(database) => database.begin_read(),
            Handle::Closed => return Err(engine("it is closed")),
        };
        match transaction.map_err(engine)?.open_table(ROWS) {
            Ok(rows) => Ok(Some(rows)),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(engine(error)),
        }
    }
}

impl Engine for FileEngine {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        Ok(Box::new(FileSnapshot(self.rows()?)))
    }

    /// Two syncs (two-phase, so that recovery never rests on checksums alone) and a saved allocator state, so that opening
    /// after a crash is quick.
    fn apply(&self, changes: Changes) -> Result<(), EngineError> {
        let _one_at_a_time = self.applying.lock().unwrap_or_else(PoisonError::into_inner);
        let handle = self.handle();
        let Handle::Writer(database) = &*handle else { return Err(engine("it is open for reading only")) };
        let mut transaction = database.begin_write().map_err(engine)?;
        transaction.set_durability(Durability::Immediate).map_err(engine)?;
        transaction.set_quick_repair(true);
        let mut shift = Shift::default();
        {
            let mut rows = transaction.open_table(ROWS).map_err(engine)?;
            for (key, row) in &changes {
                let before = match row {
                    Some(row) => rows.insert(key.as_slice(), row.as_slice()).map_err(engine)?,
                    None => rows.remove(key.as_slice()).map_err(engine)?,
                };
                shift.note(key, before.is_some(), row.is_some());
            }
        }
        shift.write(&transaction)?;
        transaction.commit().map_err(engine)
    }

    fn counts(&self) -> Result<Counts, EngineError> {
        let transaction = match &*self.handle() {
            Handle::Writer(database) => database.begin_read(),
            Handle::Reader(database) => database.begin_read(),
            Handle::Closed => return Err(engine("it is closed")),
        };
        counts::read(&transaction.map_err(engine)?)
    }

    fn put_blob(&self, id: BlobId, bytes: &[u8]) -> Result<(), EngineError> {
        self.blobs.put(id, bytes).map_err(engine)
    }

    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, EngineError> {
        self.blobs.get(id).map_err(engine)
    }

    fn drop_blob(&self, id: BlobId) -> Result<(), EngineError> {
        self.blobs.drop(id).map_err(engine)
    }

    fn blobs(&self) -> Result<Vec<BlobId>, EngineError> {
        self.blobs.all().map_err(engine)
    }

    fn live_bytes(&self) -> Result<Option<u64>, EngineError> {
        self.rows()?.map_or(Ok(0), |rows| bulk::live_bytes(&rows)).map(Some)
    }

    fn blobs_kept(&self) -> Result<Option<BlobsKept>, EngineError> {
        bulk::blobs_in(self.blobs.path_of_all()).map(Some).map_err(engine)
    }

    fn close(&self) -> Result<(), EngineError> {
        let handle =
            std::mem::replace(&mut *self.handle.write().unwrap_or_else(PoisonError::into_inner), Handle::Closed);
        match handle {
            Handle::Writer(database) => database.close().map_err(engine),
            Handle::Reader(database) => database.close().map_err(engine),
            Handle::Closed => Ok(()),
        }
    }
}

type Table = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// An absent table has no rows.
struct FileSnapshot(Option<Table>);

impl Snapshot for FileSnapshot {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        let Some(rows) = &self.0 else { return Ok(None) };
        Ok(redb::ReadableTable::get(rows, key).map_err(engine)?.map(|row| row.value().to_vec()))
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Rows, EngineError> {
        let Some(rows) = &self.0 else { return Ok(Rows::new()) };
        let start = after.filter(|after| *after >= prefix).map_or(Bound::Included(prefix), Bound::Excluded);
        let range = redb::ReadableTable::range::<&[u8]>(rows, (start, Bound::Unbounded)).map_err(engine)?;
        let mut found = Rows::new();
        for row in range {
            let (key, value) = row.map_err(engine)?;
            if found.len() == limit || !key.value().starts_with(prefix) {
                break;
            }
            found.push((key.value().to_vec(), value.value().to_vec()));
        }
        Ok(found)
    }
}
