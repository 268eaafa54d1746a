//! Give up what waited too long: it becomes rejected records of the transfers that would have moved it, and the audit log says so.

use weighbridge_model::access::ActorRef;
use weighbridge_model::hook::{InboxPlace, Waiting};
use weighbridge_model::id::{BatchId, ConnectionId, DeadLetterId};
use weighbridge_model::meter::key;
use weighbridge_model::name::Code;
use weighbridge_model::run::RejectedBy;
use weighbridge_store::tables::{DeadLetter, Deliveries, Progresses};
use weighbridge_store::verbs::{self, OverdueStep};
use weighbridge_store::{CustomerScope, HostScope};

use super::inbox::cut;
use super::movement::Taker;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// The code of records that waited too long.
const OVERDUE: Code = Code::known("hook.overdue");
/// So many records are given up in one transaction.
const STEP: u64 = 100;
/// So many deliveries are looked at in one view of the store; each may have megabytes.
const LOOK: usize = 16;

impl Engine {
    /// Gives up what waits at a hook for longer than it is kept, the oldest first.
    pub(super) async fn give_up_overdue(
        &self,
        scope: CustomerScope,
        connection: ConnectionId,
    ) -> Result<(), EngineError> {
        let before = self.overdue_before();
        let takers = self.takers(scope, connection)?;
        for (number, waiting) in self.waiting(scope, connection)?.into_iter().filter(|(_, row)| row.at < before) {
            let mut is_given_up = true;
            for taker in takers.iter().filter(|taker| taker.stream == waiting.stream) {
                is_given_up &= self.give_up_for(scope, connection, taker, (number, &waiting)).await?;
            }
            if !is_given_up {
                continue;
            }
            let text = format!("{}: {} records", waiting.stream, waiting.lines);
            let told = self.host.audit_row_of_customer(scope, ActorRef::HOST, "hook.overdue", &text.as_str().into())?;
            verbs::pass_deliveries(&self.host.store, scope, connection, vec![number], Some(told)).await?;
        }
        Ok(())
    }

    /// Whether a transfer has nothing of the delivery before it any more. While something of it moves, or is in doubt, it stays.
    async fn give_up_for(
        &self,
        scope: CustomerScope,
        connection: ConnectionId,
        taker: &Taker,
        (number, waiting): (u64, &Waiting),
    ) -> Result<bool, EngineError> {
        let Some(_claim) = self.host.claim(taker.errand) else { return Ok(false) };
        let records = self.host.records_of(scope, connection, waiting)?;
        loop {
            let place = self.inbox_place(scope, taker.errand)?;
            let from = if place.delivery == number { place.line } else { 0 };
            if place.delivery > number || from >= waiting.lines {
                return Ok(true);
            }
            let (lines, count) = cut(&records, from, STEP, usize::MAX);
            let to = match from + count >= waiting.lines {
                true => InboxPlace { delivery: number + 1, line: 0 },
                false => InboxPlace { delivery: number, line: from + count },
            };
            let batch = key::overdue(taker.transfer, waiting.delivery);
            let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
            let letters = (from..).zip(lines).map(|(index, line)| self.letter(scope, batch, index, line));
            let records = letters.collect::<Result<_, _>>()?;
            let step = self.overdue_step(scope, taker, to, records)?;
            if !verbs::give_up(&self.host.store, scope, step).await? {
                return Ok(false);
            }
        }
    }

    fn overdue_step(
        &self,
        scope: CustomerScope,
        taker: &Taker,
        to: InboxPlace,
        records: verbs::Overdue,
    ) -> Result<OverdueStep, EngineError> {
        let Taker { transfer, errand, .. } = *taker;
        let from = self.host.store.read(|tx| tx.get::<Progresses>(&scope, &errand))?.and_then(|row| row.cursor);
        let texts = Texts::new(&self.host.ring, customer_owner(scope), errand.as_bytes());
        let to = texts.seal("cursor", serde_json::to_vec(&to).unwrap_or_default())?;
        Ok(OverdueStep { transfer, errand, from, to, records })
    }

    fn letter(
        &self,
        scope: CustomerScope,
        batch: BatchId,
        index: u64,
        line: &[u8],
    ) -> Result<(DeadLetterId, DeadLetter), EngineError> {
        let at = self.host.now();
        let id = key::dead_letter(batch, at, u32::try_from(index).unwrap_or(u32::MAX));
        let texts = Texts::new(&self.host.ring, customer_owner(scope), id.as_bytes());
        let message = texts.seal("message", "a webhook brought it, and it waited longer than it is kept")?;
        let record = texts.seal("record", line)?;
        let by = RejectedBy::Host;
        let letter =
            DeadLetter { batch, run: None, by, code: OVERDUE, message, record, as_sent: false, removal: false, at };
        Ok((id, letter))
    }

    /// Forgets which deliveries were taken, when no platform sends them again any more.
    pub(crate) async fn sweep_deliveries(&self) -> Result<(), EngineError> {
        let (before, mut after) = (self.overdue_before(), None);
        loop {
            let keys = self.host.store.read(|tx| tx.keys::<Deliveries>(HostScope::new(), after.as_ref(), LOOK))?;
            let count = keys.len();
            after = keys.last().copied();
            let forget = move |tx: &mut weighbridge_store::Tx<'_>| {
                for (scope, key) in &keys {
                    let row = tx.get::<Deliveries>(scope, key)?;
                    if row.is_some_and(|row| row.records.is_none() && row.at < before) {
                        tx.remove::<Deliveries>(scope, key)?;
                    }
                }
                Ok(())
            };
            self.host.store.write(forget).await?;
            if count < LOOK {
                return Ok(());
            }
        }
    }
}
