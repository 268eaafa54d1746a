//! Backups as an operator sees them: which there are, and another one now. Restoring is done where no host runs.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::HostId;
use weighbridge_model::problem::{Problem, ProblemCode};

use crate::account::{At, Page};
use crate::backup::{Backup, BackupError, BackupSettings, backups_in};
use crate::engine::Engine;

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BackupRow {
    /// Its folder, in the folder of backups.
    pub name: String,
    /// When it was begun; it shows one instant, this one or one until it was made.
    pub taken_at: At,
    /// How many rows.
    pub rows: u64,
    /// The bytes of its files.
    pub bytes: u64,
    /// The version that took it.
    pub version: String,
    /// Whether this host took it, and not one that it was restored from, or another one.
    pub own: bool,
    /// The host that took it.
    pub host: HostId,
}

impl From<BackupError> for Problem {
    /// A person reads what went wrong; a fault of the host's own stays one.
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Engine(error) => error.into(),
            error => Self::from(ProblemCode::BackupFailed).at("", error.to_string()),
        }
    }
}

impl Engine {
    /// The backups that are there, the newest first.
    pub async fn backups(&self, _may: &Permission<kinds::HostRead>) -> Result<Page<BackupRow>, Problem> {
        let settings = self.backup_settings()?;
        let (own, folder) = (self.host.known_id()?, settings.folder);
        let found = crate::backup::blocking(move || backups_in(&folder)).await?;
        Ok(Page { items: found.iter().map(|backup| row(backup, own)).collect(), next: None })
    }

    /// Takes a backup now.
    pub async fn back_up(&self, may: &Permission<kinds::HostChange>) -> Result<BackupRow, Problem> {
        let folder = self.backup_settings()?.folder;
        let taken = self.take_backup(may.by(), &folder).await?;
        Ok(row(&taken, Some(taken.manifest.host)))
    }

    fn backup_settings(&self) -> Result<BackupSettings, Problem> {
        self.host.conduct().backups.clone().ok_or_else(|| ProblemCode::BackupNowhere.into())
    }
}

fn row(Backup { path, manifest }: &Backup, own: Option<HostId>) -> BackupRow {
    BackupRow {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        taken_at: At(manifest.taken_at),
        rows: manifest.rows,
        bytes: manifest.bytes(),
        version: manifest.version.clone(),
        own: own == Some(manifest.host),
        host: manifest.host,
    }
}
