//! Take backups when they are due, and keep so many of them.

use std::sync::PoisonError;
use std::time::Duration;

use weighbridge_model::access::ActorRef;
use weighbridge_model::id::HostId;
use weighbridge_model::time::Timestamp;

use super::kept::rotate;
use super::{BackupError, BackupSettings, blocking, newest_backup};
use crate::engine::{Engine, Host};

/// So often it is looked whether one is due: the clock may be set, and the machine may have slept.
const LOOK: Duration = Duration::from_secs(30);
/// One that failed is tried again after this.
const AGAIN: Duration = Duration::from_secs(15 * 60);

/// How a host's backups stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackupsNow {
    /// The instant that the newest one of this host shows, where there is one.
    pub newest: Option<Timestamp>,
    /// Since when another one has been due; nothing where none is.
    pub due_since: Option<Timestamp>,
}

impl BackupsNow {
    fn of(settings: &BackupSettings, newest: Option<Timestamp>, opened_at: Timestamp, now: Timestamp) -> Self {
        let due = settings.schedule.as_ref().and_then(|schedule| match newest {
            Some(newest) => schedule.next_after(newest),
            None => Some(opened_at),
        });
        Self { newest, due_since: due.filter(|due| *due <= now) }
    }
}

impl Engine {
    /// Takes backups by the schedule until the engine drains. A time that came while no host ran is made up for once.
    pub(crate) async fn keep_backups(self) {
        let mut changes = self.host.in_force.changes();
        while !self.is_draining() {
            let looked = match self.host.conduct().backups.as_ref() {
                Some(settings) => self.back_up_when_due(settings).await,
                None => {
                    self.host.note_backups(None);
                    Ok(())
                }
            };
            let wait = match looked {
                Ok(()) => LOOK,
                Err(BackupError::Stopped) => return,
                Err(error) => {
                    let minutes = AGAIN.as_secs() / 60;
                    tracing::error!(%error, "a backup could not be taken; it is tried again in {minutes} minutes");
                    AGAIN
                }
            };
            // Another schedule or folder is looked at once.
            tokio::select! { () = self.host.sleep(wait) => {}, _ = changes.changed() => {} }
        }
    }

    async fn back_up_when_due(&self, settings: &BackupSettings) -> Result<(), BackupError> {
        let (host, folder) = (self.host_id().await?, settings.folder.clone());
        let newest = blocking(move || newest_backup(&folder, host)).await?;
        let stand = |newest| BackupsNow::of(settings, newest, self.host.opened_at, self.host.now());
        let found = stand(newest.map(|backup| backup.manifest.taken_at));
        self.host.note_backups(Some(found));
        if found.due_since.is_none() {
            return Ok(());
        }
        let taken = self.take_backup(ActorRef::HOST, &settings.folder).await?;
        self.host.note_backups(Some(stand(Some(taken.manifest.taken_at))));
        let (rows, bytes) = (taken.manifest.rows, taken.manifest.bytes());
        tracing::info!(backup = %taken.path.display(), rows, bytes, "a backup was taken");
        self.rotate_backups(settings, host).await
    }

    /// Removes the oldest backups of this host where there are more than are kept.
    async fn rotate_backups(&self, settings: &BackupSettings, host: HostId) -> Result<(), BackupError> {
        let (folder, keep) = (settings.folder.clone(), settings.keep);
        let removed = blocking(move || rotate(&folder, host, keep)).await?;
        if removed > 0 {
            tracing::info!(removed, "old backups were removed");
        }
        Ok(())
    }
}

impl Host {
    fn note_backups(&self, now: Option<BackupsNow>) {
        *self.backups_now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// How backups stand, as of the last look; nothing where none are taken.
    pub(crate) fn backups_now(&self) -> Option<BackupsNow> {
        *self.backups_now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use weighbridge_model::schedule::Schedule;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn due_since(cron: Option<&str>, newest: Option<&str>, now: &str) -> Option<Timestamp> {
        let schedule = cron.map(|cron| Schedule::cron(cron, "UTC").unwrap());
        let settings = BackupSettings { folder: "backups".into(), schedule, keep: 7 };
        BackupsNow::of(&settings, newest.map(at), at("2026-11-21T12:00:00Z"), at(now)).due_since
    }

    #[test]
    fn is_due_once_after_each_time_of_the_schedule_also_one_that_was_slept_through() {
        let nightly = |now| due_since(Some("30 2 * * *"), Some("2026-11-20T02:30:04Z"), now);
        assert_eq!(nightly("2026-11-21T02:29:59Z"), None);
        assert_eq!(nightly("2026-11-21T02:30:00Z"), Some(at("2026-11-21T02:30:00Z")));
        assert_eq!(nightly("2026-11-29T12:00:00Z"), Some(at("2026-11-21T02:30:00Z")));
    }

    #[test]
    fn is_due_at_once_where_there_is_none_and_never_without_a_schedule() {
        let now = "2026-11-21T12:00:00Z";
        assert_eq!(due_since(Some("30 2 * * *"), None, now), Some(at(now)));
        assert_eq!(due_since(None, None, now), None);
        assert_eq!(due_since(None, Some("2020-01-01T00:00:00Z"), now), None);
    }
}
