//! How an engine is opened.

use std::path::PathBuf;
use std::sync::Arc;

use weighbridge_model::package::Caps;
use weighbridge_sandbox::{Compile, Expressions};
use weighbridge_vault::{KeyRing, MasterSource};

use crate::clock::{Clock, SystemClock};
use crate::conduct::Conduct;
use crate::connector::Connector;
use crate::error::EngineError;
use crate::folder::Folder;
use crate::support::RecentLog;

/// How an engine is opened.
#[derive(Clone)]
pub struct Options {
    /// The data folder.
    pub folder: Folder,
    /// Where the master key comes from that opens the key ring.
    pub master: MasterSource,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Connectors of the embedding program's own.
    pub connectors: Vec<Arc<dyn Connector>>,
    /// The most guests that live at once.
    pub guests_max: u32,
    /// Where packages are compiled.
    pub compile: Compile,
    /// Where the jq expressions of mappings are run.
    pub expressions: Expressions,
    /// What a connector gets at most, and may ask for at its first install without waiting to be approved.
    pub caps: Caps,
    /// Whether a store of an older format is brought to this one without a backup before, where backups are taken.
    pub upgrade_without_backup: bool,
    /// What may change while it is open.
    pub conduct: Conduct,
    /// The last lines of the log of the program around it, for a support bundle.
    pub recent_log: RecentLog,
}

/// A quarter of a year: long enough to notice and to correct what was rejected.
pub const REJECTED_DAYS: u32 = 90;

/// A week: long enough for somebody to see that something waits, and to let it move.
pub const INBOX_DAYS: u32 = 7;

impl Options {
    /// The defaults over a data folder.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        let folder = Folder::at(folder);
        let master = MasterSource::File(folder.master_key());
        Self {
            folder,
            master,
            clock: Arc::new(SystemClock),
            connectors: Vec::new(),
            guests_max: 256,
            compile: Compile::default(),
            expressions: Expressions::default(),
            caps: Caps::default(),
            upgrade_without_backup: false,
            conduct: Conduct::default(),
            recent_log: RecentLog::default(),
        }
    }
}

impl Options {
    pub(crate) fn ring(&self) -> Result<KeyRing, EngineError> {
        Ok(KeyRing::open(&self.folder.keys(), self.master.clone())?)
    }

    /// The ring that opens the store of the folder, where there is one.
    pub(crate) fn ring_of_store(&self) -> Result<KeyRing, EngineError> {
        let path = self.folder.store();
        if path.exists() { self.ring() } else { Err(weighbridge_store::OpenError::Absent { path }.into()) }
    }
}
