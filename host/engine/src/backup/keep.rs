//! Take backups when they are due, and keep so many of them.

use std::time::Duration;

use weighbridge_model::access::ActorRef;
use weighbridge_model::id::HostId;
use weighbridge_model::schedule::Schedule;
use weighbridge_model::time::Timestamp;

use super::kept::rotate;
use super::{BackupError, BackupSettings, blocking, newest_backup};
use crate::engine::Engine;

/// So often it is looked whether one is due: the clock may be set, and the machine may have slept.
const LOOK: Duration = Duration::from_secs(30);
/// One that failed is tried again after this.
const AGAIN: Duration = Duration::from_secs(15 * 60);

/// Whether a backup is due: a time of the schedule came after the newest one was taken, or there is none yet.
pub(crate) fn is_due(schedule: &Schedule, newest: Option<Timestamp>, now: Timestamp) -> bool {
    newest.is_none_or(|newest| schedule.next_after(newest).is_some_and(|next| next <= now))
}

impl Engine {
    /// Takes backups by the schedule until the engine drains. A time that came while no host ran is made up for once.
    pub(crate) async fn keep_backups(self) {
        let Some(settings) = self.host.backups.clone() else { return };
        let Some(schedule) = settings.schedule.clone() else { return };
        while !self.is_draining() {
            let wait = match self.back_up_when_due(&settings, &schedule).await {
                Ok(()) => LOOK,
                Err(BackupError::Stopped) => return,
                Err(error) => {
                    tracing::error!(%error, "a backup could not be taken; it is tried again in {} minutes", AGAIN.as_secs() / 60);
                    AGAIN
                }
            };
            self.host.sleep(wait).await;
        }
    }

    async fn back_up_when_due(&self, settings: &BackupSettings, schedule: &Schedule) -> Result<(), BackupError> {
        let (host, folder) = (self.host_id().await?, settings.folder.clone());
        let newest = blocking(move || newest_backup(&folder, host)).await?;
        if !is_due(schedule, newest.map(|backup| backup.manifest.taken_at), self.host.now()) {
            return Ok(());
        }
        let taken = self.take_backup(ActorRef::HOST, &settings.folder).await?;
        tracing::info!(backup = %taken.path.display(), rows = taken.manifest.rows, bytes = taken.manifest.bytes(), "a backup was taken");
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn is_due_once_after_each_time_of_the_schedule_also_one_that_was_slept_through() {
        let nightly = Schedule::cron("30 2 * * *", "UTC").unwrap();
        let newest = Some(at("2026-11-20T02:30:04Z"));
        assert!(!is_due(&nightly, newest, at("2026-11-21T02:29:59Z")));
        assert!(is_due(&nightly, newest, at("2026-11-21T02:30:00Z")));
        assert!(is_due(&nightly, newest, at("2026-11-29T12:00:00Z")));
    }

    #[test]
    fn is_due_at_once_where_there_is_none() {
        let nightly = Schedule::cron("30 2 * * *", "UTC").unwrap();
        assert!(is_due(&nightly, None, at("2026-11-21T12:00:00Z")));
    }
}
