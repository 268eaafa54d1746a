//! One change of an account: what it read, what it writes, and what the audit log says of it, in one transaction.
//!
//! Sealing needs randomness and names need keys, so a change is worked out before its transaction; the transaction looks
//! whether what it was worked out from is still so, and else it is worked out again.

use std::sync::Arc;

use serde::Serialize;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::{Table, Tx, TxError, WriteError};

use super::view::etag;
use crate::audit::AuditLine;
use crate::engine::{Engine, Host};
use crate::error::EngineError;

/// How often a change is worked out anew because something else was quicker.
const TRIES: usize = 5;

type Expect = Box<dyn Fn(&Tx<'_>) -> Result<bool, TxError> + Send + Sync>;
type Put = Box<dyn Fn(&mut Tx<'_>) -> Result<(), TxError> + Send + Sync>;

/// A change that is being worked out.
pub(crate) struct Edit<'a> {
    pub(crate) engine: &'a Engine,
    expects: Vec<Expect>,
    puts: Vec<Put>,
    lines: Vec<AuditLine>,
}

impl<'a> Edit<'a> {
    pub(crate) fn host(&self) -> &'a Host {
        &self.engine.host
    }

    /// A row, which must be the same when the change is written.
    pub(crate) fn read<T>(&mut self, scope: T::Scope, key: T::Key) -> Result<Option<T::Row>, Problem>
    where
        T: Table + 'static,
        T::Scope: Send + Sync + 'static,
        T::Key: Send + Sync + 'static,
        T::Row: PartialEq + Clone + Send + Sync + 'static,
    {
        let found = self.host().store.read(|tx| tx.get::<T>(&scope, &key)).map_err(EngineError::from)?;
        let seen = found.clone();
        self.expects.push(Box::new(move |tx| Ok(tx.get::<T>(&scope, &key)? == seen)));
        Ok(found)
    }

    /// Something else that must be so when the change is written.
    pub(crate) fn expect(&mut self, is_so: impl Fn(&Tx<'_>) -> Result<bool, TxError> + Send + Sync + 'static) {
        self.expects.push(Box::new(is_so));
    }

    /// The same, where there must be one.
    pub(crate) fn need<T>(&mut self, scope: T::Scope, key: T::Key) -> Result<T::Row, Problem>
    where
        T: Table + 'static,
        T::Scope: Send + Sync + 'static,
        T::Key: Send + Sync + 'static,
        T::Row: PartialEq + Clone + Send + Sync + 'static,
    {
        self.read::<T>(scope, key)?.ok_or_else(|| ProblemCode::NotThere.into())
    }

    pub(crate) fn put<T>(&mut self, scope: T::Scope, key: T::Key, row: T::Row)
    where
        T: Table + 'static,
        T::Scope: Send + Sync + 'static,
        T::Key: Send + Sync + 'static,
        T::Row: Send + Sync + 'static,
    {
        self.act(move |tx| tx.put::<T>(&scope, &key, &row));
    }

    pub(crate) fn remove<T>(&mut self, scope: T::Scope, key: T::Key)
    where
        T: Table + 'static,
        T::Scope: Send + Sync + 'static,
        T::Key: Send + Sync + 'static,
    {
        self.act(move |tx| tx.remove::<T>(&scope, &key));
    }

    /// Something else to do in the transaction.
    pub(crate) fn act(&mut self, act: impl Fn(&mut Tx<'_>) -> Result<(), TxError> + Send + Sync + 'static) {
        self.puts.push(Box::new(act));
    }

    pub(crate) fn audit(&mut self, line: AuditLine) {
        self.lines.push(line);
    }

    async fn commit(self) -> Result<bool, Problem> {
        let (host, expects, puts, lines) = (self.host(), self.expects, self.puts, self.lines);
        if puts.is_empty() && lines.is_empty() {
            return Ok(true);
        }
        let written = host.store.write(move |tx| {
            for expect in &expects {
                if !expect(tx)? {
                    return Ok(false);
                }
            }
            puts.iter().try_for_each(|put| put(tx))?;
            lines.iter().try_for_each(|line| line.write(tx))?;
            Ok(true)
        });
        Ok(written.await.map_err(unwritten)?.into_inner())
    }
}

/// A store that stopped is for the host to end for; whoever asked may ask again.
fn unwritten(error: WriteError) -> Problem {
    EngineError::from(error).into()
}

impl Engine {
    /// Works a change out and writes it. It is worked out again where something it read was changed meanwhile.
    pub(crate) async fn edit<T>(&self, work: impl Fn(&mut Edit<'_>) -> Result<T, Problem>) -> Result<T, Problem> {
        for _ in 0..TRIES {
            let mut edit = Edit { engine: self, expects: Vec::new(), puts: Vec::new(), lines: Vec::new() };
            let done = work(&mut edit)?;
            if edit.commit().await? {
                return Ok(done);
            }
        }
        Err(ProblemCode::Stale.into())
    }

    /// The same for a change that gives new owners their data keys, which are durable before the change is.
    pub(crate) async fn edit_with_keys<T>(
        &self,
        work: impl Fn(&mut Edit<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let _one_at_a_time = self.host.applying.lock().await;
        self.host.ring.drop_drafts();
        let host = Arc::clone(&self.host);
        let done = self
            .edit(|edit| {
                let done = work(edit)?;
                host.ring.keep_drafts().map_err(EngineError::from)?;
                Ok(done)
            })
            .await;
        self.host.ring.drop_drafts();
        done
    }
}

impl Engine {
    /// Makes keys durable for owners that are to be. Whoever is not made after all leaves a key that seals nothing.
    pub(crate) async fn keep_keys(&self, draft: impl FnOnce() -> Result<(), EngineError>) -> Result<(), EngineError> {
        let _one_at_a_time = self.host.applying.lock().await;
        self.host.ring.drop_drafts();
        let kept = draft().and_then(|()| Ok(self.host.ring.keep_drafts()?));
        self.host.ring.drop_drafts();
        kept
    }
}

/// Refuses a change of something that is no longer what its author saw.
pub(crate) fn if_match(seen: Option<&str>, row: &impl Serialize) -> Result<(), Problem> {
    let seen = seen.map(|seen| seen.trim_start_matches("W/").trim_matches('"'));
    if seen.is_none_or(|seen| seen == "*" || seen == etag(row)) { Ok(()) } else { Err(ProblemCode::Stale.into()) }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::NotFound(_) => ProblemCode::NotThere.into(),
            EngineError::Running => ProblemCode::RunBusy.into(),
            EngineError::Instant(_) => Self::invalid("at", error.to_string()),
            EngineError::NoOAuth | EngineError::NoOAuthClient | EngineError::OAuthClientElsewhere => {
                Self::invalid("connection", error.to_string())
            }
            EngineError::Write(WriteError::Stopped) => {
                Self { cause: Some(error.to_string()), ..ProblemCode::Unavailable.into() }
            }
            EngineError::Write(WriteError::Unknown(_)) => {
                Self { cause: Some(error.to_string()), ..ProblemCode::CommitUnknown.into() }
            }
            error => Self::fault(error),
        }
    }
}
