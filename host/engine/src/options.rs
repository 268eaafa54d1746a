//! How an engine is opened.

use std::path::PathBuf;
use std::sync::Arc;

use weighbridge_model::package::Caps;
use weighbridge_sandbox::{Compile, Expressions};
use weighbridge_vault::{KeyRing, MasterSource};

use crate::backup::BackupSettings;
use crate::clock::{Clock, SystemClock};
use crate::connector::Connector;
use crate::error::EngineError;
use crate::folder::Folder;
use crate::mail::Mail;
use crate::outward::Outward;
use crate::places::RunLimits;
use crate::retention::Retention;
use crate::space::SPACE_MIN;
use crate::support::{RecentLog, ShownSetting};

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
    /// How requests leave.
    pub outward: Outward,
    /// How mail is sent, where it is.
    pub mail: Option<Mail>,
    /// For so many days rejected records are kept.
    pub rejected_days: u32,
    /// For how long other history is kept.
    pub retention: Retention,
    /// For so many days deliveries of webhooks wait that may not move yet.
    pub inbox_days: u32,
    /// How many transfers run at once.
    pub run_limits: RunLimits,
    /// With fewer bytes left on the disk nothing begins.
    pub space_min: u64,
    /// Where backups go, and when; nowhere where it is left out.
    pub backups: Option<BackupSettings>,
    /// The file of the certificate chain that a server over this engine shows: the doctor looks how long it is good.
    pub shown_certificate: Option<PathBuf>,
    /// The settings of the program around the engine, for a support bundle; no secret is among them.
    pub settings: Vec<ShownSetting>,
    /// The last lines of its log, for the same.
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
            outward: Outward::default(),
            mail: None,
            rejected_days: REJECTED_DAYS,
            retention: Retention::default(),
            inbox_days: INBOX_DAYS,
            run_limits: RunLimits::default(),
            space_min: SPACE_MIN,
            backups: None,
            shown_certificate: None,
            settings: Vec::new(),
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
