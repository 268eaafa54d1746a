//! Give a third party a page of records.

use std::time::Duration;

use weighbridge_model::id::{EndpointId, RunId, TransferId};
use weighbridge_model::meter::key;
use weighbridge_model::service::{Pull, PullPlace};
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::BatchLimit;
use weighbridge_sandbox::Stop;
use weighbridge_store::tables::PullPages;
use weighbridge_store::verbs::{PullAsk, PullFrom, gather_pull};

use super::admit::Asks;
use super::authenticate::Caller;
use super::cursor::Cursors;
use super::error::PullError;
use super::page::PulledPage;
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::pipeline::{self, Pulled, Trouble};

/// The most records of a page.
const LIMIT_MAX: u64 = 10_000;
/// How long a request waits for another one of the same reading.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a third party asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullRequest {
    /// The endpoint's name.
    pub endpoint: String,
    /// The cursor of the last page; none begins a new reading, which is billed, and ends the one before.
    pub cursor: Option<String>,
    /// The most records of the page, unless it is kept already.
    pub limit: Option<u64>,
    /// A date or an instant: a new reading then has only what changed since.
    pub since: Option<String>,
}

impl Engine {
    /// Answers with a page that is billed and kept. Whoever asks with the same cursor again gets the same page, and pays once.
    /// Two requests for one reading go one after the other; the second one waits, at most half a minute. A page that is being
    /// read is read to its end also where nobody waits for it any more.
    pub async fn pull(&self, caller: &Caller, request: &PullRequest) -> Result<PulledPage, PullError> {
        if self.is_draining() {
            return Err(PullError::Stopping);
        }
        let endpoint = self.endpoint_named(caller, &request.endpoint)?;
        let (_, endpoint) = self.admit(caller, Asks::Records(endpoint)).await?;
        let cursors = Cursors::of(&self.host.ring, caller, endpoint)?;
        let ask = self.ask(caller, (endpoint, &cursors), request)?;
        let pulled = match pipeline::found(&self.host, caller.scope(), ask).await? {
            Some(found) => found,
            None => self.read_page(caller, ask).await?,
        };
        match pulled {
            Pulled::Page(answer) => Ok(PulledPage::of(*answer, &cursors)),
            Pulled::Expired => Err(PullError::CursorExpired),
            Pulled::Refused(refusal) => {
                let pull = key::pull(ask.service, ask.endpoint);
                Err(self.refuse(caller, pull, refusal).await)
            }
            Pulled::Failed(trouble) => Err(failed(trouble)),
        }
    }

    /// In a task of its own, which nobody who goes away takes down.
    async fn read_page(&self, caller: &Caller, ask: PullAsk) -> Result<Pulled, PullError> {
        let (engine, own) = (self.clone(), caller.clone());
        let reading = tokio::spawn(async move { engine.page(&own, ask).await });
        reading.await.map_err(|error| EngineError::Interrupted(error.to_string()))?
    }

    /// From what is asked for to what it means.
    fn ask(
        &self,
        caller: &Caller,
        (endpoint, cursors): (EndpointId, &Cursors),
        request: &PullRequest,
    ) -> Result<PullAsk, PullError> {
        let from = match (&request.cursor, &request.since) {
            (Some(_), Some(_)) => return Err(PullError::SinceWithCursor),
            (Some(cursor), None) => PullFrom::Cursor(cursors.read(cursor).ok_or(PullError::CursorUnknown)?),
            (None, since) => {
                let since = since.as_deref().map(|text| self.since(caller, endpoint, text));
                PullFrom::Start(since.transpose()?)
            }
        };
        let run = RunId::new(self.host.now(), chance::bytes()?);
        Ok(PullAsk { service: caller.service(), endpoint, from, limit: limit(request.limit)?, run })
    }

    /// A date stands for its midnight in the tenant's zone.
    fn since(&self, caller: &Caller, endpoint: EndpointId, text: &str) -> Result<Timestamp, PullError> {
        let (scope, now) = (caller.scope(), self.host.now());
        let pull = Pull::new(caller.service(), endpoint);
        let route = self.host.store.read(|tx| gather_pull(tx, scope, pull, now))?;
        route.tenant.zone.instant(text).ok_or(PullError::SinceMalformed)
    }

    /// Finds or reads the page, alone at this reading.
    async fn page(&self, caller: &Caller, ask: PullAsk) -> Result<Pulled, PullError> {
        let pull = key::pull(ask.service, ask.endpoint);
        let _claim = self.host.claim_within(pull, PATIENCE).await.ok_or(PullError::Busy)?;
        self.let_go(caller.scope(), pull).await?;
        let pulled = pipeline::pull(&self.host, caller.scope(), ask).await?;
        if let Pulled::Page(answer) = &pulled
            && answer.fresh
        {
            self.drop_oldest(caller, pull, answer.place).await;
        }
        Ok(pulled)
    }

    /// Drops the lines of the page that is no longer the previous one; a sweep drops its row.
    async fn drop_oldest(&self, caller: &Caller, pull: TransferId, place: PullPlace) {
        let Some(sequence) = place.sequence.checked_sub(PullPlace::KEPT) else { return };
        let key = (pull, PullPlace { sequence, ..place });
        let page = self.host.store.read(|tx| tx.get::<PullPages>(&caller.scope(), &key));
        if let Ok(Some(page)) = page
            && let Err(error) = self.host.store.drop_blob(page.blob).await
        {
            tracing::warn!(%error, "an old page's blob stays behind until the next sweep");
        }
    }
}

fn limit(asked: Option<u64>) -> Result<BatchLimit, PullError> {
    let limit = BatchLimit::default();
    let records = asked.unwrap_or(limit.records);
    if records == 0 || records > LIMIT_MAX {
        return Err(PullError::LimitOutOfRange { max: LIMIT_MAX });
    }
    Ok(BatchLimit { records, ..limit })
}

fn failed(trouble: Trouble) -> PullError {
    let Trouble { class, code, retry_after, .. } = trouble;
    match code.as_str() {
        code if code == Stop::CheckpointMissing.code() => PullError::LimitTooSmall,
        pipeline::SINCE_UNUSABLE => PullError::SinceUnusable,
        _ => PullError::Failed { class, code, retry_after },
    }
}
