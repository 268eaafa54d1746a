//! When a transfer runs by itself: cron or an interval, in a zone, within bounds. Pure; nobody here knows what time it is.
//!
//! A cron expression speaks of civil time, and civil time has gaps and overlaps. *Every-N* expressions (second, minute or
//! hour contains `*` or `/`) fire at every real instant that fits. *Fixed* ones fire once for each civil time: in a gap at
//! the first instant after it, in an overlap on the first of the two.

mod catch_up;
mod civil;
mod cron;
mod error;
mod every;
mod field;
mod hours;
mod zone;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::time::Timestamp;

pub use catch_up::{Due, PassedOver, PassedReason, Standing};
pub use cron::Cron;
pub use error::ScheduleError;
pub use every::Every;
pub use hours::Hours;
pub use zone::Zone;

/// How a schedule is written down; [`Schedule::parse`] makes one of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// Five POSIX fields, or six with seconds before them. Either this or `every`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// An interval such as `15m` or `1h30m`, in real time, counted from `not_before` or else from 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<String>,
    /// The IANA zone in which `cron` and `hours` are read; UTC if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// No occurrence lies before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// No occurrence lies after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
    /// Civil times of day in which occurrences may lie: `08:00-18:00`, `22:00-06:00`. None allows all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<String>,
    /// Civil dates on which no occurrence lies: `2026-12-24`, or `2026-12-24..2026-12-26` with both ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blackout: Vec<String>,
    /// Occurrences are started up to so much later, each transfer by its own constant share.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub jitter_ms: u32,
    /// When the run before still goes on.
    #[serde(default)]
    pub overlap: Overlap,
    /// When occurrences were missed.
    #[serde(default)]
    pub catch_up: CatchUp,
}

/// What happens to an occurrence while the run before still goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// It makes no run.
    #[default]
    Skip,
    /// It waits; of several only the last one does.
    BufferOne,
    /// The run before is ended at its next batch, and then this one begins.
    CancelOther,
}

/// What happens to occurrences that nobody was there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatchUp {
    /// How many are made up for.
    #[serde(default)]
    pub mode: CatchUpMode,
    /// How old they may be.
    #[serde(default = "one_day")]
    pub window_ms: u64,
}

/// How many missed occurrences are made up for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatchUpMode {
    /// The latest, for all of them.
    #[default]
    LatestOne,
    /// Every one, one after the other.
    All,
    /// None.
    None,
}

impl Default for CatchUp {
    fn default() -> Self {
        Self { mode: CatchUpMode::default(), window_ms: one_day() }
    }
}

/// A schedule that was read and is known to fire at least once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wording", into = "Wording")]
pub struct Schedule {
    wording: Wording,
    rhythm: Rhythm,
    zone: Zone,
    hours: Hours,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Rhythm {
    Cron(Cron),
    Every(Every),
}

impl Schedule {
    /// Reads a schedule. An error says what is wrong, where, and what to write instead.
    pub fn parse(wording: Wording) -> Result<Self, ScheduleError> {
        let rhythm = match (&wording.cron, &wording.every) {
            (Some(cron), None) => Rhythm::Cron(Cron::parse(cron)?),
            (None, Some(every)) => Rhythm::Every(Every::parse(every)?),
            _ => return Err(ScheduleError::Rhythm),
        };
        if wording.not_before.zip(wording.not_after).is_some_and(|(first, last)| last < first) {
            return Err(ScheduleError::Bounds);
        }
        let zone = wording.zone.as_deref().map_or(Ok(Zone::utc()), Zone::parse)?;
        let hours = Hours::parse(&wording.hours)?.but_not_on(&wording.blackout)?;
        let schedule = Self { wording, rhythm, zone, hours };
        match schedule.next_after(schedule.wording.not_before.unwrap_or(RECENT).plus_millis(-1)) {
            Some(_) => Ok(schedule),
            None => Err(ScheduleError::Never),
        }
    }

    /// A cron expression in a zone, everything else as usual.
    pub fn cron(cron: &str, zone: &str) -> Result<Self, ScheduleError> {
        Self::parse(Wording { cron: Some(cron.to_owned()), zone: Some(zone.to_owned()), ..Wording::default() })
    }

    /// As it was written.
    pub fn wording(&self) -> &Wording {
        &self.wording
    }

    /// The zone in which it is read.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The first occurrence after another, or after the instant at which the schedule was made. Never asked with the
    /// present instant in its place: what was missed would be lost.
    pub fn next_after(&self, last: Timestamp) -> Option<Timestamp> {
        let first = self.wording.not_before.map_or(last, |first| last.max(first.plus_millis(-1)));
        let mut after = first;
        for _ in 0..TRIES_MAX {
            let next = self.beat_after(after).filter(|next| self.wording.not_after.is_none_or(|end| *next <= end))?;
            match self.hours.opening(next, &self.zone) {
                None => return Some(next),
                Some(opening) => after = opening.plus_millis(-1),
            }
        }
        None
    }

    /// All occurrences after an instant, in order.
    pub fn occurrences(&self, last: Timestamp) -> impl Iterator<Item = Timestamp> {
        std::iter::successors(self.next_after(last), |last| self.next_after(*last))
    }

    /// Whether a run may go on at this instant, as far as the allowed hours say.
    pub fn allows(&self, at: Timestamp) -> bool {
        self.hours.opening(at, &self.zone).is_none()
    }

    /// When the allowed hours begin next, for an instant outside of them.
    pub fn allows_from(&self, at: Timestamp) -> Option<Timestamp> {
        self.hours.opening(at, &self.zone)
    }

    /// When the allowed hours end next, for an instant inside of them.
    pub fn allows_until(&self, at: Timestamp) -> Option<Timestamp> {
        self.hours.closing(at, &self.zone)
    }

    /// By how much the occurrences of this id are started late: a hash of the id, so that it is always the same.
    pub fn jitter_ms(&self, id: &str) -> i64 {
        let hash: [u8; 32] = Sha256::digest(id.as_bytes()).into();
        let share = hash.iter().take(8).fold(0_u64, |share, byte| share << 8 | u64::from(*byte));
        i64::try_from(share % (u64::from(self.wording.jitter_ms) + 1)).unwrap_or(0)
    }

    fn beat_after(&self, last: Timestamp) -> Option<Timestamp> {
        match &self.rhythm {
            Rhythm::Cron(cron) => cron.next_after(last, &self.zone),
            Rhythm::Every(every) => every.next_after(last, self.wording.not_before),
        }
    }
}

impl TryFrom<Wording> for Schedule {
    type Error = ScheduleError;

    fn try_from(wording: Wording) -> Result<Self, ScheduleError> {
        Self::parse(wording)
    }
}

impl From<Schedule> for Wording {
    fn from(schedule: Schedule) -> Self {
        schedule.wording
    }
}

/// Openings that are looked at before a schedule counts as one that never fires: 27 years of days.
const TRIES_MAX: usize = 10_000;

/// 2025-01-01T00:00:00Z: a schedule without a beginning is tried from here.
const RECENT: Timestamp = Timestamp::from_millis(1_735_689_600_000);

const fn one_day() -> u64 {
    24 * 60 * 60 * 1_000
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
