//! Whether a backup is there, and young enough.

use weighbridge_model::time::Timestamp;

use super::Finding;
use crate::backup::{Backup, BackupSettings, newest_backup};
use crate::engine::Host;

const ABOUT: &str = "backup";
/// One that is due is not there in the same moment.
const GRACE_MS: i64 = 60 * 60 * 1_000;
/// Where nobody wrote a schedule, one is old after this.
const OLD_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
const TAKE: &str = "take one with: weighbridge backup take; the host's log says why it took none";

pub(super) fn check(host: &Host) -> Finding {
    let conduct = host.conduct();
    let Some(settings) = &conduct.backups else {
        let sentence = "none are taken: a lost disk takes everything with it, and only a copy of your own leads back from an upgrade";
        let next = "write `[backup]` with a folder on another disk in the configuration";
        return Finding::warning("doctor.backup_nowhere", ABOUT, sentence).next(next);
    };
    let newest = host.known_id().ok().flatten().map(|own| newest_backup(&settings.folder, own)).transpose();
    match newest {
        Ok(newest) => age(settings, newest.flatten().as_ref(), host.now()),
        Err(error) => {
            let next = "make the folder one that this host may read and write";
            Finding::failed("doctor.backup_unreadable", ABOUT, error.to_string()).next(next)
        }
    }
}

fn age(settings: &BackupSettings, newest: Option<&Backup>, now: Timestamp) -> Finding {
    let Some(newest) = newest else {
        let sentence = format!("there is none of this host in {}", settings.folder.display());
        return Finding::warning("doctor.backup_none", ABOUT, sentence).next(TAKE);
    };
    let taken_at = newest.manifest.taken_at;
    let due = settings.schedule.as_ref().and_then(|schedule| schedule.next_after(taken_at));
    let late = due.map_or(taken_at.plus_millis(OLD_MS), |due| due.plus_millis(GRACE_MS));
    let sentence = format!("the newest shows {}", newest.manifest.taken);
    if now >= late {
        Finding::failed("doctor.backup_old", ABOUT, sentence).next(TAKE)
    } else {
        Finding::ok("doctor.backup", ABOUT, sentence)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use weighbridge_model::id::HostId;
    use weighbridge_model::schedule::Schedule;

    use super::*;
    use crate::backup::Manifest;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn code(cron: Option<&str>, taken: Option<&str>, now: &str) -> &'static str {
        let schedule = cron.map(|cron| Schedule::cron(cron, "UTC").unwrap());
        let settings = BackupSettings { folder: PathBuf::from("backups"), schedule, keep: 7 };
        let taken = taken.map(|taken| Backup { path: PathBuf::from("one"), manifest: manifest(at(taken)) });
        age(&settings, taken.as_ref(), at(now)).code
    }

    fn manifest(taken_at: Timestamp) -> Manifest {
        Manifest {
            layout: 1,
            format: 1,
            version: "0.1.0".into(),
            host: HostId::from_bytes([1; 16]),
            taken_at,
            taken: taken_at.to_string(),
            rows: 0,
            files: Default::default(),
        }
    }

    #[test]
    fn a_backup_is_old_an_hour_after_the_next_one_was_due() {
        let nightly = |now| code(Some("30 2 * * *"), Some("2026-11-20T02:30:09Z"), now);
        assert_eq!(nightly("2026-11-21T03:29:59Z"), "doctor.backup");
        assert_eq!(nightly("2026-11-21T03:30:00Z"), "doctor.backup_old");
    }

    #[test]
    fn a_backup_without_a_schedule_is_old_after_a_week_and_none_is_said() {
        let by_hand = |now| code(None, Some("2026-11-01T00:00:00Z"), now);
        assert_eq!(by_hand("2026-11-07T23:59:59Z"), "doctor.backup");
        assert_eq!(by_hand("2026-11-08T00:00:00Z"), "doctor.backup_old");
        assert_eq!(code(None, None, "2026-11-08T00:00:00Z"), "doctor.backup_none");
    }
}
