//! Move what waits: for each transfer that reads the stream, by a walk of its own, whenever the gate says yes.

use std::collections::{BTreeMap, BTreeSet};

use weighbridge_model::access::ActorRef;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::errand::{Errand, ErrandKind};
use weighbridge_model::gate::{Refusal, admit, decide};
use weighbridge_model::hook::{InboxPlace, Waiting};
use weighbridge_model::id::{ConnectionId, DenialId, EndpointId, TransferId};
use weighbridge_model::meter::key;
use weighbridge_model::name::StreamName;
use weighbridge_model::run::{Cause, RunState};
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{Progress, WriteMode};
use weighbridge_store::tables::{Endpoints, Errands, Inbox, OpenHooks, Progresses, Transfers};
use weighbridge_store::{CustomerScope, HostScope, verbs};

use super::inbox::next_waiting;
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// The most rows of one kind that a customer has.
const ROWS_MAX: usize = 100_000;
/// So many deliveries are let go of in one transaction.
const PASSED_MAX: usize = 100;
/// The first wait after a run that failed; it doubles with each further one.
const PATIENCE_MS: i64 = 60_000;
/// It doubles so often at most, to about an hour.
const DOUBLINGS_MAX: u32 = 6;

/// A transfer that moves what a hook brings for a stream.
#[derive(Clone, Debug)]
pub(super) struct Taker {
    pub(super) transfer: TransferId,
    /// The errand in whose place its walk over the inbox stands.
    pub(super) errand: TransferId,
    pub(super) stream: StreamName,
}

impl Engine {
    /// Looks after all hooks, one after the other: makes those that are missing, has connectors told, moves what may move, and
    /// gives up what waited too long.
    pub async fn keep_hooks(&self) -> Result<(), EngineError> {
        self.make_hooks().await?;
        self.note_unverified().await?;
        for (scope, connection) in self.open_hooks()? {
            self.keep_open_hook(scope, connection).await?;
        }
        Ok(())
    }

    /// The same for a host that serves: nobody's slow platform keeps another's deliveries waiting.
    pub(crate) async fn look_after_hooks(&self) -> Result<(), EngineError> {
        self.note_unverified().await?;
        for (scope, connection) in self.open_hooks()? {
            let engine = self.clone();
            tokio::spawn(async move {
                if let Err(error) = engine.keep_open_hook(scope, connection).await {
                    tracing::error!(%error, %connection, "a hook could not be looked after");
                }
            });
        }
        Ok(())
    }

    /// Moves what a delivery brought, in a task of its own, where this process serves.
    pub(super) fn move_soon(&self, scope: CustomerScope, connection: ConnectionId) {
        if self.public_address().is_none() {
            return;
        }
        let engine = self.clone();
        tokio::spawn(async move {
            if let Err(error) = engine.move_inbox(scope, connection).await {
                tracing::error!(%error, %connection, "what a webhook brought could not be moved");
            }
        });
    }

    fn open_hooks(&self) -> Result<Vec<(CustomerScope, ConnectionId)>, EngineError> {
        let host = HostScope::new();
        let keys = self.host.store.read(|tx| tx.keys::<OpenHooks>(host, None, ROWS_MAX))?;
        let scoped = |(tenant, customer, connection)| (host.tenant(tenant).customer(customer), connection);
        Ok(keys.into_iter().map(|(_, key)| scoped(key)).collect())
    }

    async fn keep_open_hook(&self, scope: CustomerScope, connection: ConnectionId) -> Result<(), EngineError> {
        self.tell_hook(scope, connection).await?;
        self.move_inbox(scope, connection).await?;
        self.give_up_overdue(scope, connection).await?;
        self.close_hook(scope, connection).await
    }

    /// Moves what waits at a hook, delivery by delivery, and lets go of what has moved.
    async fn move_inbox(&self, scope: CustomerScope, connection: ConnectionId) -> Result<(), EngineError> {
        for taker in self.takers(scope, connection)? {
            while self.move_for(scope, connection, &taker).await? {}
        }
        self.let_go_of_moved(scope, connection).await
    }

    /// Runs a transfer's walk over the inbox once; whether there may be more for it.
    async fn move_for(
        &self,
        scope: CustomerScope,
        connection: ConnectionId,
        taker: &Taker,
    ) -> Result<bool, EngineError> {
        let before = self.inbox_place(scope, taker.errand)?;
        let place = (connection, &taker.stream);
        let waits = self.host.store.read(|tx| next_waiting(tx, scope, place, before))?;
        if waits.is_none() || self.is_active(taker.errand) {
            return Ok(false);
        }
        self.begin_walk(scope, taker).await?;
        if !self.is_patient_enough(scope, taker.errand)? {
            return Ok(false);
        }
        if let Some(refusal) = self.refusal_of(scope, taker.errand)? {
            self.note_waiting(scope, taker.transfer, &refusal).await?;
            return Ok(false);
        }
        let ended = self.run_transfer(scope, taker.errand, Cause::Webhook, None).await;
        let moved = match ended {
            Ok(outcome) => matches!(outcome.run.state, RunState::Succeeded | RunState::PartiallySucceeded),
            Err(EngineError::Running) => false,
            Err(error) => return Err(error),
        };
        Ok(moved && self.inbox_place(scope, taker.errand)? > before)
    }

    /// What the gate says of a transfer's walk over the inbox at this moment, if it is a no.
    pub(super) fn refusal_of(&self, scope: CustomerScope, errand: TransferId) -> Result<Option<Refusal>, EngineError> {
        let now = self.host.now();
        let route = self.host.store.read(|tx| verbs::gather(tx, scope, errand, now))?;
        let facts = route.facts(route.progress.run.is_none(), None);
        // A batch in doubt has its hold already.
        let is_in_doubt = route.progress.open.is_some();
        Ok(if is_in_doubt { admit(&facts, now).err() } else { decide(&facts, now).err() })
    }

    async fn begin_walk(&self, scope: CustomerScope, taker: &Taker) -> Result<(), EngineError> {
        let id = taker.errand;
        if self.host.store.read(|tx| tx.get::<Errands>(&scope, &id))?.is_some() {
            return Ok(());
        }
        let (transfer, by, at) = (taker.transfer, ActorRef::HOST, self.host.now());
        let errand = Errand { id, transfer, what: ErrandKind::Webhook, by, at };
        self.host.store.write(move |tx| tx.put::<Errands>(&scope, &id, &errand)).await?;
        Ok(())
    }

    /// After runs that failed the next one waits the longer, the more there were.
    fn is_patient_enough(&self, scope: CustomerScope, errand: TransferId) -> Result<bool, EngineError> {
        let progress = self.progress_of(scope, errand)?;
        let Some(ended) = progress.ended_at.filter(|_| progress.failed && progress.run.is_none()) else {
            return Ok(true);
        };
        let doublings = progress.failing.runs.saturating_sub(1).min(DOUBLINGS_MAX);
        Ok(self.host.now() >= ended.plus_millis(PATIENCE_MS << doublings))
    }

    fn progress_of(&self, scope: CustomerScope, errand: TransferId) -> Result<Progress, EngineError> {
        Ok(self.host.store.read(|tx| tx.get::<Progresses>(&scope, &errand))?.unwrap_or_default())
    }

    async fn note_waiting(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        refusal: &Refusal,
    ) -> Result<(), EngineError> {
        self.host.counters.refused(refusal.code);
        for denial in self.host.denials.note(transfer, refusal, self.host.now()) {
            let id = DenialId::new(denial.first, chance::bytes()?);
            verbs::note_denial(&self.host.store, scope, id, denial).await?;
        }
        Ok(())
    }

    /// Transfers that read a stream of the connection. One that replaces all there is takes no single changes.
    pub(super) fn takers(&self, scope: CustomerScope, connection: ConnectionId) -> Result<Vec<Taker>, EngineError> {
        let (endpoints, transfers) = self.host.store.read(|tx| {
            Ok((tx.scan::<Endpoints>(&scope, None, ROWS_MAX)?, tx.scan::<Transfers>(&scope, None, ROWS_MAX)?))
        })?;
        let streams: BTreeMap<EndpointId, StreamName> = endpoints
            .into_iter()
            .filter(|(_, row)| row.direction == Direction::Source)
            .filter_map(|(id, row)| row.place.filter(|place| place.connection == connection).map(|it| (id, it.stream)))
            .collect();
        let wanted = transfers.into_iter().filter(|(_, row)| row.write != WriteMode::Overwrite);
        let kept = wanted.filter(|(_, row)| row.removed_at.is_none());
        Ok(kept
            .filter_map(|(transfer, row)| {
                let stream = streams.get(&row.source)?.clone();
                Some(Taker { transfer, errand: key::webhook(transfer), stream })
            })
            .collect())
    }

    /// How far a walk over the inbox has come.
    pub(super) fn inbox_place(&self, scope: CustomerScope, errand: TransferId) -> Result<InboxPlace, EngineError> {
        let Some(cursor) = self.progress_of(scope, errand)?.cursor else { return Ok(InboxPlace::default()) };
        let texts = Texts::new(&self.host.ring, customer_owner(scope), errand.as_bytes());
        Ok(serde_json::from_slice(&texts.open("cursor", &cursor)?).unwrap_or_default())
    }

    /// What all transfers that take it have behind them waits no longer.
    async fn let_go_of_moved(&self, scope: CustomerScope, connection: ConnectionId) -> Result<(), EngineError> {
        let mut places: BTreeMap<StreamName, Vec<InboxPlace>> = BTreeMap::new();
        for taker in self.takers(scope, connection)? {
            let place = self.inbox_place(scope, taker.errand)?;
            places.entry(taker.stream).or_default().push(place);
        }
        let has_moved = |(number, row): &(u64, Waiting)| {
            places.get(&row.stream).is_some_and(|places| places.iter().all(|place| place.delivery > *number))
        };
        let moved: Vec<u64> =
            self.waiting(scope, connection)?.iter().filter(|one| has_moved(one)).map(|one| one.0).collect();
        for step in moved.chunks(PASSED_MAX) {
            verbs::pass_deliveries(&self.host.store, scope, connection, step.to_vec(), None).await?;
        }
        Ok(())
    }

    /// What waits at a hook, by its numbers.
    pub(super) fn waiting(
        &self,
        scope: CustomerScope,
        connection: ConnectionId,
    ) -> Result<Vec<(u64, Waiting)>, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Inbox>(&scope, Some(&(connection, 0)), ROWS_MAX))?;
        let own = rows.into_iter().take_while(|((of, _), _)| *of == connection);
        Ok(own.map(|((_, number), row)| (number, row)).collect())
    }

    /// The oldest of what waits is from then.
    pub(super) fn overdue_before(&self) -> Timestamp {
        self.host.now().plus_millis(-i64::from(self.host.conduct().inbox_days) * 86_400_000)
    }
}

/// The streams of takers.
pub(super) fn streams_of(takers: &[Taker]) -> BTreeSet<&StreamName> {
    takers.iter().map(|taker| &taker.stream).collect()
}
