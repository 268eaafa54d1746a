//! `[backup]`: where backups go, when one is taken, and how many are kept.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge::backup::BackupSettings;
use weighbridge::model::schedule::Schedule;

use super::{Config, ConfigError};

/// A week of nights.
const KEEP: usize = 7;

/// Where backups go.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupConfig {
    /// The folder that each of them has a folder of its own in; best on another disk than the data folder.
    #[schemars(example = "/var/backups/weighbridge", extend("x-reload" = true))]
    folder: PathBuf,
    /// When one is taken, as a cron expression; only when somebody asks for one where it is left out.
    #[schemars(example = "30 2 * * *", extend("x-reload" = true))]
    at: Option<String>,
    /// The time zone of `at`.
    #[serde(default = "utc")]
    #[schemars(example = "Europe/Warsaw", extend("x-reload" = true))]
    zone: String,
    /// So many backups of this host are kept; whenever `at` took one, older ones are removed.
    #[serde(default = "keep")]
    #[schemars(extend("x-reload" = true))]
    keep: usize,
}

fn utc() -> String {
    "UTC".into()
}

const fn keep() -> usize {
    KEEP
}

impl Config {
    /// Where backups go, where they do.
    pub(crate) fn backups(&self) -> Result<Option<BackupSettings>, ConfigError> {
        let Some(backup) = &self.backup else { return Ok(None) };
        if backup.keep == 0 {
            let what = "`backup.keep` is 0, so none would be there when it is needed; write at least 1";
            return Err(self.malformed(what.into()));
        }
        let schedule = backup.at.as_deref().map(|at| Schedule::cron(at, &backup.zone)).transpose();
        let schedule = schedule.map_err(|error| self.malformed(format!("backup.at: {error}")))?;
        Ok(Some(BackupSettings { folder: self.beside(&backup.folder), schedule, keep: backup.keep }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backups(lines: &str) -> Result<Option<BackupSettings>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weighbridge.toml");
        std::fs::write(&path, lines).unwrap();
        let config = Config::read(Some(&path)).map_err(|error| error.to_string())?;
        config.backups().map_err(|error| error.to_string())
    }

    #[test]
    fn backups_go_nowhere_unless_somebody_says_where() {
        assert!(backups("").unwrap().is_none());
        let settings = backups("[backup]\nfolder = \"/backups\"").unwrap().unwrap();
        assert!(settings.schedule.is_none() && settings.keep == KEEP && *settings.folder == *"/backups");
        assert!(backups("[backup]\nfolder = \"near\"\nat = \"30 2 * * *\"").unwrap().unwrap().schedule.is_some());
    }

    #[test]
    fn a_schedule_that_never_is_and_none_kept_are_said() {
        for (line, wanted) in [
            ("at = \"30 2 * *\"", "backup.at"),
            ("at = \"30 2 * * *\"\nzone = \"Europe/Radom\"", "Europe/Radom"),
            ("keep = 0", "at least 1"),
        ] {
            let refused = backups(&format!("[backup]\nfolder = \"b\"\n{line}")).unwrap_err();
            assert!(refused.starts_with("config.malformed: ") && refused.contains(wanted), "{refused}");
        }
    }
}
