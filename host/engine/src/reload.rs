//! The settings of the program around an engine, read again while it serves: all of them hold, or nothing is changed.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::problem::{Problem, ProblemCode};

use crate::account::At;
use crate::conduct::{Conduct, Held};
use crate::engine::Engine;
use crate::error::EngineError;

/// Whoever can read the settings of the program around an engine again.
pub trait SettingsSource: Send + Sync {
    /// Reads and checks all of them; nothing is changed yet.
    fn read_again(&self) -> Result<Reread, SettingsUnusable>;
}

/// Settings that were read again and may hold.
pub struct Reread {
    /// How the engine is to conduct itself by them.
    pub conduct: Conduct,
    /// The settings that are taken over, by their names.
    pub changed: Vec<String>,
    /// Those that hold from the next start only.
    pub waiting: Vec<String>,
    /// Takes over what is the program's own; it cannot fail any more.
    pub take: Box<dyn FnOnce() + Send>,
}

/// Something in the settings is not right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct SettingsUnusable(pub Vec<String>);

/// What came of reading the settings again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reloaded {
    /// When they were read.
    pub at: At,
    /// The settings that hold otherwise since then.
    pub changed: Vec<String>,
    /// The settings that are written otherwise than they hold, and wait for the next start.
    pub waiting: Vec<String>,
}

/// How far settings are read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SetReload {
    /// Only say what would change and what would wait.
    pub dry_run: bool,
}

/// Who reads settings again, and what came of it last.
#[derive(Default)]
pub(crate) struct Reloads {
    source: OnceLock<Weak<dyn SettingsSource>>,
    last: Mutex<Option<Reloaded>>,
    /// Held while they are read: two at once would take each other's back.
    reading: tokio::sync::Mutex<()>,
}

impl Reloads {
    /// What came of it last, where they were read again.
    pub(crate) fn last(&self) -> Option<Reloaded> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn source(&self) -> Option<Arc<dyn SettingsSource>> {
        self.source.get().and_then(Weak::upgrade)
    }
}

impl Engine {
    /// Says who reads the settings again, for as long as that is there. The first word stands.
    pub fn settings_come_from(&self, source: &Arc<dyn SettingsSource>) {
        let _ = self.host.reloads.source.set(Arc::downgrade(source));
    }

    /// Reads the settings again for an operator, and holds to them unless that is only tried.
    pub async fn reload_host(&self, may: &Permission<kinds::HostChange>, set: SetReload) -> Result<Reloaded, Problem> {
        if set.dry_run {
            let (reread, _) = self.reread().await?;
            return Ok(Reloaded { at: At(self.host.now()), changed: reread.changed, waiting: reread.waiting });
        }
        self.reload(may.by()).await
    }

    /// Reads the settings again, and holds to them from then on; what goes on is not disturbed. Where anything is wrong with
    /// them, nothing is changed.
    pub async fn reload(&self, by: ActorRef) -> Result<Reloaded, Problem> {
        let reloaded = self.reload_settings(by).await;
        match &reloaded {
            Ok(Reloaded { changed, waiting, .. }) => {
                tracing::info!(
                    ?changed,
                    ?waiting,
                    "the configuration was read again; `waiting` holds from the next start"
                );
            }
            Err(error) => tracing::warn!(%error, "the configuration of before holds on"),
        }
        reloaded
    }

    async fn reload_settings(&self, by: ActorRef) -> Result<Reloaded, Problem> {
        let _one_at_a_time = self.host.reloads.reading.lock().await;
        let (Reread { changed, waiting, take, .. }, held) = self.reread().await?;
        let reloaded = Reloaded { at: At(self.host.now()), changed, waiting };
        // First, so that nothing holds of which nobody knows who did it.
        self.note_reload(by, &reloaded).await?;
        self.hold_to(held);
        take();
        *self.host.reloads.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(reloaded.clone());
        Ok(reloaded)
    }

    /// Reads them, and looks whether they can be held to.
    async fn reread(&self) -> Result<(Reread, Held), Problem> {
        let source = self.host.reloads.source().ok_or(ProblemCode::ReloadNobody)?;
        // Files are read.
        let read = tokio::task::spawn_blocking(move || source.read_again()).await.map_err(Problem::fault)?;
        let read = read.map_err(|SettingsUnusable(faults)| refused(&faults))?;
        let held = Held::new(read.conduct.clone()).map_err(|error: EngineError| refused(&[error.to_string()]))?;
        Ok((read, held))
    }

    async fn note_reload(&self, by: ActorRef, Reloaded { changed, waiting, .. }: &Reloaded) -> Result<(), Problem> {
        let listed = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let text = format!("changed: {}; waiting for the next start: {}", listed(changed), listed(waiting));
        self.edit(|edit| {
            edit.audit(self.audit_on_host(by, "host.reloaded", text.as_str().into())?);
            Ok(())
        })
        .await
    }
}

fn refused(faults: &[String]) -> Problem {
    faults.iter().fold(ProblemCode::ReloadRefused.into(), |problem: Problem, fault| problem.at("", fault))
}
