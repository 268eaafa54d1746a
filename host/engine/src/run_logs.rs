//! What connectors say in runs: in memory while an attempt goes on, sealed in the store once it ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use weighbridge_model::id::RunId;
use weighbridge_model::run::{ATTEMPTS_KEPT_MAX, Run};
use weighbridge_model::run_log::{LogLevel, LogLine, RunLog};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::RunLogs;

use crate::engine::Host;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// The log of an attempt that goes on. Whoever writes in it holds it; it is gone with the last of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenLog(Arc<Mutex<RunLog>>);

impl OpenLog {
    pub(crate) fn keep(&self, at: Timestamp, level: LogLevel, connector: &str, text: &str) {
        let line = LogLine { at, level, connector: connector.to_owned(), text: text.to_owned() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keep(line);
    }

    fn now(&self) -> RunLog {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The whole of it, for the row of the attempt; none where nothing was said.
    pub(crate) fn seal(
        &self,
        host: &Host,
        scope: CustomerScope,
        run: RunId,
        attempt: u64,
    ) -> Result<Option<Sealed>, EngineError> {
        let log = self.now();
        if log.is_empty() {
            return Ok(None);
        }
        let texts = Texts::new(&host.ring, customer_owner(scope), run.as_bytes());
        Ok(Some(texts.seal(&field(attempt), serde_json::to_vec(&log).unwrap_or_default())?))
    }
}

/// The logs that are open, by their runs.
#[derive(Debug, Default)]
pub(crate) struct OpenLogs(Mutex<HashMap<RunId, Weak<Mutex<RunLog>>>>);

impl OpenLogs {
    /// The one of a run, new where none is open.
    pub(crate) fn of(&self, run: RunId) -> OpenLog {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(log) = open.get(&run).and_then(Weak::upgrade) {
            return OpenLog(log);
        }
        open.retain(|_, log| log.strong_count() > 0);
        let log = OpenLog::default();
        open.insert(run, Arc::downgrade(&log.0));
        log
    }

    fn now(&self, run: RunId) -> Option<RunLog> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(&run).and_then(Weak::upgrade).map(|log| OpenLog(log).now())
    }
}

impl Host {
    /// What was said in a run, attempt by attempt, the oldest first.
    pub(crate) fn said_in(&self, scope: CustomerScope, run: &Run) -> Result<Vec<(u64, RunLog)>, EngineError> {
        let open = self.open_logs.now(run.id).filter(|_| run.ended_at.is_none());
        let texts = Texts::new(&self.ring, customer_owner(scope), run.id.as_bytes());
        let rows = self.store.read(|tx| tx.scan::<RunLogs>(&scope, Some(&(run.id, 0)), ATTEMPTS_KEPT_MAX))?;
        let mut said = Vec::new();
        for ((_, attempt), row) in rows.into_iter().take_while(|((of, _), _)| *of == run.id) {
            let json = texts.open(&field(attempt), &row.lines)?;
            said.push((row.number, serde_json::from_slice(&json).unwrap_or_default()));
        }
        let is_kept = said.last().is_some_and(|(number, _)| *number == run.attempts);
        said.extend(open.filter(|_| !is_kept).map(|log| (run.attempts, log)));
        Ok(said)
    }
}

fn field(attempt: u64) -> String {
    format!("log {attempt}")
}
