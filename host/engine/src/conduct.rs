//! How an engine conducts itself: all that may change while it is open, exchanged whole.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;
use weighbridge_egress::Trusted;

use crate::backup::BackupSettings;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::mail::Mail;
use crate::options::{INBOX_DAYS, REJECTED_DAYS};
use crate::outward::Outward;
use crate::places::RunLimits;
use crate::retention::Retention;
use crate::space::SPACE_MIN;
use crate::support::ShownSetting;
use crate::traces::TracesAddress;

/// How an engine conducts itself. Whoever does something takes it once, so that nothing is done by two halves.
#[derive(Clone)]
pub struct Conduct {
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
    /// Where spans are sent; nowhere where it is left out.
    pub traces: Option<TracesAddress>,
    /// The file of the certificate chain that a server over this engine shows: the doctor looks how long it is good.
    pub shown_certificate: Option<PathBuf>,
    /// The settings of the program around the engine, for a support bundle; no secret is among them.
    pub settings: Vec<ShownSetting>,
}

impl Default for Conduct {
    fn default() -> Self {
        Self {
            outward: Outward::default(),
            mail: None,
            rejected_days: REJECTED_DAYS,
            retention: Retention::default(),
            inbox_days: INBOX_DAYS,
            run_limits: RunLimits::default(),
            space_min: SPACE_MIN,
            backups: None,
            traces: None,
            shown_certificate: None,
            settings: Vec::new(),
        }
    }
}

/// What holds at the moment. A clone is the same.
#[derive(Clone)]
pub(crate) struct InForce(Arc<watch::Sender<Held>>);

/// A conduct whose authorities were read, so that it can be held to.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) conduct: Arc<Conduct>,
    pub(crate) trusted: Trusted,
}

impl Held {
    pub(crate) fn new(conduct: Conduct) -> Result<Self, EngineError> {
        let trusted = conduct.outward.trusted()?;
        Ok(Self { conduct: Arc::new(conduct), trusted })
    }
}

impl InForce {
    pub(crate) fn new(held: Held) -> Self {
        Self(Arc::new(watch::Sender::new(held)))
    }

    /// What holds at this moment.
    pub(crate) fn now(&self) -> Held {
        self.0.borrow().clone()
    }

    /// Changes whenever something else holds.
    pub(crate) fn changes(&self) -> watch::Receiver<Held> {
        self.0.subscribe()
    }
}

impl Host {
    /// How it conducts itself at this moment.
    pub(crate) fn conduct(&self) -> Arc<Conduct> {
        self.in_force.now().conduct
    }
}

impl Engine {
    /// Holds to another conduct from now on. What goes on is not disturbed: requests end as they began, and runs keep the
    /// places that they have. Where it cannot be held to, the one before holds on.
    pub fn conduct_by(&self, conduct: Conduct) -> Result<(), EngineError> {
        self.hold_to(Held::new(conduct)?);
        Ok(())
    }

    pub(crate) fn hold_to(&self, held: Held) {
        let before = self.host.in_force.0.send_replace(held);
        let conduct = self.host.conduct();
        if before.conduct.outward != conduct.outward {
            self.host.clients.leave_as_configured(&self.host.ring);
        }
        self.host.places.limit(conduct.run_limits);
        self.host.last_look.forget();
        self.host.due.notify_one();
    }
}
