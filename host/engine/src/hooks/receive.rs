//! Take one call of a platform: it is answered when what it brought is durable.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use weighbridge_model::digest::Digest;
use weighbridge_model::hook::HookOf;
use weighbridge_model::id::{ConnectionId, RunId};
use weighbridge_model::meter::key;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::{Delivery, Hook as Call, HookAnswer};
use weighbridge_store::tables::HookHashes;
use weighbridge_store::verbs::{self, HookGate, Kept, NewDelivery};
use weighbridge_store::{CustomerScope, HostScope};

use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::packages::Account;
use crate::pipeline::{Halt, Trouble};
use crate::texts::{Texts, customer_owner};

/// A call of whoever knows a hook's address.
#[derive(Clone, Debug)]
pub struct HookCall {
    /// The method.
    pub method: String,
    /// The path after the hook's address, with its query.
    pub path: String,
    /// Header names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Bytes,
}

/// What the platform is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookReply {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// The most bytes of an answer that a connector gives.
const ANSWER_BYTES_MAX: usize = 64 << 10;
/// The most streams and ids that one call brings.
const DELIVERIES_MAX: usize = 200;

/// Calls that did not prove to be their platform's, until they are written down: whoever knows an address only costs no commit.
#[derive(Debug, Default)]
pub(crate) struct Unverified(Mutex<BTreeMap<(CustomerScope, ConnectionId), u64>>);

impl Unverified {
    fn note(&self, scope: CustomerScope, connection: ConnectionId) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((scope, connection)).or_insert(0) += 1;
    }

    pub(super) fn of(&self, scope: CustomerScope, connection: ConnectionId) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(scope, connection)).copied().unwrap_or(0)
    }

    pub(super) fn take(&self) -> BTreeMap<(CustomerScope, ConnectionId), u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Engine {
    /// Takes a call to the hook whose address ends with `address`. Whoever calls learns nothing of whose hook it is.
    pub async fn receive(&self, address: &str, call: HookCall) -> Result<HookReply, Problem> {
        let (scope, gate) = self.hook_at(address)?;
        let (connection, body) = (gate.connection.id, Digest::of(&call.body));
        let answer = self.ask_connector(scope, &gate, call).await?;
        let answer = judged(answer)?;
        if (400..500).contains(&answer.status) {
            self.host.unverified.note(scope, connection);
        }
        if answer.status < 400 && !answer.deliveries.is_empty() {
            self.keep(scope, connection, &answer.deliveries, body).await?;
            self.move_soon(scope, connection);
        }
        Ok(HookReply { status: answer.status, body: answer.body })
    }

    /// Whose hook it is, where the gate says yes to all but the quota.
    fn hook_at(&self, address: &str) -> Result<(CustomerScope, HookGate), Problem> {
        let (hash, now) = (Digest::of(address.as_bytes()), self.host.now());
        let found = self.host.store.read(|tx| {
            let Some(of) = tx.get::<HookHashes>(&HostScope::new(), &hash)? else { return Ok(None) };
            let HookOf { tenant, customer, connection } = of;
            let scope = HostScope::new().tenant(tenant).customer(customer);
            Ok(verbs::hook_gate(tx, scope, connection, now)?.map(|gate| (scope, gate)))
        });
        let (scope, gate) = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        match &gate.refusal {
            None => Ok((scope, gate)),
            Some(refusal) => {
                self.host.counters.refused(refusal.code);
                Err(ProblemCode::HookClosed.into())
            }
        }
    }

    async fn ask_connector(
        &self,
        scope: CustomerScope,
        gate: &HookGate,
        call: HookCall,
    ) -> Result<HookAnswer, Problem> {
        let HookCall { method, path, headers, body } = call;
        let release = gate.release.as_ref().ok_or(ProblemCode::HookClosed)?;
        let run = RunId::new(self.host.now(), chance::bytes()?);
        let asked: Result<HookAnswer, Halt> = async {
            let account = Account { connection: &gate.connection, integration: &gate.integration, release };
            let mut open = self.host.side_of_account(&account, run).await?;
            Ok(open.side.receive(Call { method, path, headers, body }).await?)
        }
        .await;
        asked.map_err(|halt| match halt {
            Halt::Store(error) => error.into(),
            Halt::Failed(trouble) => self.not_received(scope, gate.connection.id, &trouble),
            _ => ProblemCode::HookClosed.into(),
        })
    }

    /// What the connector said stays here: the caller may be anybody. The body is in no log.
    fn not_received(&self, scope: CustomerScope, connection: ConnectionId, trouble: &Trouble) -> Problem {
        tracing::debug!(%connection, code = %trouble.code, "a webhook was not taken");
        match trouble.class {
            FailureClass::Auth | FailureClass::Denied => {
                self.host.unverified.note(scope, connection);
                ProblemCode::HookUnverified.into()
            }
            FailureClass::Config | FailureClass::Unsupported => ProblemCode::HookUnreadable.into(),
            FailureClass::RateLimited | FailureClass::Transient | FailureClass::System | FailureClass::Cancelled => {
                ProblemCode::HookClosed.into()
            }
        }
    }

    async fn keep(
        &self,
        scope: CustomerScope,
        connection: ConnectionId,
        deliveries: &[Delivery],
        body: Digest,
    ) -> Result<(), Problem> {
        let mut fresh = Vec::with_capacity(deliveries.len());
        for (index, one) in (0_u64..).zip(deliveries) {
            fresh.extend(self.new_delivery(scope, connection, one, (body, index))?);
        }
        let kept = verbs::keep_deliveries(&self.host.store, scope, connection, fresh, self.host.now()).await;
        match kept.map_err(EngineError::from)? {
            Kept::New(_) => Ok(()),
            Kept::Full => Err(ProblemCode::HookFull.into()),
            Kept::Gone => Err(ProblemCode::NotThere.into()),
        }
    }

    /// A delivery as it is kept; one without records is nothing to keep.
    fn new_delivery(
        &self,
        scope: CustomerScope,
        connection: ConnectionId,
        one: &Delivery,
        (body, index): (Digest, u64),
    ) -> Result<Option<NewDelivery>, Problem> {
        if one.records_count == 0 {
            return Ok(None);
        }
        let stream = one.stream.parse().map_err(|_| ProblemCode::HookUnreadable)?;
        let id = match one.id.as_str() {
            // What has no id is known by its bytes, and by its place among what came with them.
            "" => key::hook_delivery(connection, &stream, &[&body.as_bytes()[..], &index.to_be_bytes()].concat()),
            id => key::hook_delivery(connection, &stream, id.as_bytes()),
        };
        let texts = Texts::new(&self.host.ring, customer_owner(scope), id.as_bytes());
        let records = texts.seal("delivery", &one.records)?;
        Ok(Some(NewDelivery { id, stream, lines: one.records_count, bytes: one.records.len() as u64, records }))
    }
}

/// An answer that may be given on.
fn judged(answer: HookAnswer) -> Result<HookAnswer, Problem> {
    let fits = answer.body.len() <= ANSWER_BYTES_MAX && answer.deliveries.len() <= DELIVERIES_MAX;
    let is_final = (200..600).contains(&answer.status) && !(300..400).contains(&answer.status);
    if fits && is_final { Ok(answer) } else { Err(ProblemCode::HookUnreadable.into()) }
}
