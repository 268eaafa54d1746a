//! Requests that carry an `Idempotency-Key`: what was answered once is answered again, and nothing is made twice.
//!
//! A promise is written before the work and its answer after it. One without an answer that nobody is at work on was cut off
//! by a crash, and nobody can say what became of it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use weighbridge_model::access::Actor;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{CustomerId, TenantId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::Timestamp;
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Promise, Promises};
use weighbridge_vault::Owner;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// How long an answer is kept.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
/// So many are looked at in one view of the store.
const STEP: usize = 1_000;

/// What this process is at work on.
#[derive(Clone, Debug, Default)]
pub(crate) struct AtWork(Arc<Mutex<BTreeSet<Digest>>>);

/// What is known of a request that carries a key.
#[derive(Debug)]
pub enum Once {
    /// It is new: it is done, and its answer kept by [`Engine::keep_answer`].
    New(Promised),
    /// It was answered already, with these bytes.
    Answered(String),
}

/// A request that is being worked on. Dropped without an answer, it is one of which nobody knows.
#[derive(Debug)]
pub struct Promised {
    key: Digest,
    input: Digest,
    begun: Timestamp,
    owner: Owner,
    at_work: AtWork,
}

impl Drop for Promised {
    fn drop(&mut self) {
        self.at_work.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl AtWork {
    fn begin(&self, key: Digest) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key)
    }
}

impl Engine {
    /// Begins a request of somebody under a key of theirs, or says what was answered to the same one before.
    pub async fn begin_once(&self, actor: &Actor, operation: &str, key: &str, input: &Value) -> Result<Once, Problem> {
        // Whoever may do something else, by now or by a token of fewer scopes, is somebody else here.
        let place = (actor.who, actor.tenant, actor.customer, actor.role, actor.impersonates, &actor.scopes);
        let place = serde_json::to_vec(&place).map_err(Problem::fault)?;
        let key = Digest::of_parts("weighbridge idempotency key", &[&place, operation.as_bytes(), key.as_bytes()]);
        if !self.host.at_work.begin(key) {
            return Err(ProblemCode::IdempotencyBusy.into());
        }
        let promised = Promised {
            key,
            input: Digest::of_parts("weighbridge idempotent input", &[input.to_string().as_bytes()]),
            begun: self.host.now(),
            owner: owner_of(actor, input),
            at_work: self.host.at_work.clone(),
        };
        match self.promise_of(&promised)? {
            None => {
                self.write_promise(&promised, None).await?;
                Ok(Once::New(promised))
            }
            Some(found) if found.input != promised.input => Err(ProblemCode::IdempotencyReused.into()),
            Some(Promise { answer: None, .. }) => Err(ProblemCode::IdempotencyUnknown.into()),
            Some(Promise { answer: Some(answer), customer: found_customer, .. }) => {
                let owner = found_owner(actor, found_customer, promised.owner);
                let texts = Texts::new(&self.host.ring, owner, record(&promised.key));
                Ok(Once::Answered(texts.open_text("answer", &answer)?))
            }
        }
    }

    /// Keeps an answer, sealed, for a day.
    pub async fn keep_answer(&self, promised: Promised, answer: &str) -> Result<(), Problem> {
        self.write_promise(&promised, Some(answer)).await
    }

    /// Nothing was done, so the key is free for another try.
    pub async fn break_promise(&self, promised: Promised) -> Result<(), Problem> {
        self.forget_promise(promised.key).await
    }

    async fn forget_promise(&self, key: Digest) -> Result<(), Problem> {
        let written = self.host.store.write(move |tx| tx.remove::<Promises>(&HostScope::new(), &key));
        written.await.map_err(EngineError::from)?;
        Ok(())
    }

    /// Forgets what is older than a day; says how many there were.
    pub(crate) async fn sweep_promises(&self) -> Result<usize, EngineError> {
        let (mut after, mut swept, host) = (None, 0, HostScope::new());
        loop {
            let now = self.host.now();
            let rows = self.host.store.read(|tx| tx.scan::<Promises>(&host, after.as_ref(), STEP))?;
            let Some((last, _)) = rows.last() else { return Ok(swept) };
            after = Some(*last);
            let old = rows.into_iter().filter(|(_, row)| row.begun.plus_millis(KEPT_MS) <= now);
            let old: Vec<Digest> = old.map(|(key, _)| key).collect();
            if !old.is_empty() {
                swept += old.len();
                let dropped = self
                    .host
                    .store
                    .write(move |tx| old.iter().try_for_each(|key| tx.remove::<Promises>(&HostScope::new(), key)));
                dropped.await?;
            }
        }
    }

    fn promise_of(&self, promised: &Promised) -> Result<Option<Promise>, Problem> {
        let found = self.host.store.read(|tx| tx.get::<Promises>(&HostScope::new(), &promised.key));
        let found = found.map_err(EngineError::from)?;
        Ok(found.filter(|row| promised.begun < row.begun.plus_millis(KEPT_MS)))
    }

    async fn write_promise(&self, promised: &Promised, answer: Option<&str>) -> Result<(), Problem> {
        // A customer that was made by this goes with what was answered of it.
        let customer = match promised.owner {
            Owner::Customer(_, customer) => Some(customer),
            Owner::Tenant(tenant) => answer.and_then(|answer| self.made_customer(tenant, answer)),
            Owner::Host => None,
        };
        let owner = match (promised.owner, customer) {
            (Owner::Tenant(tenant), Some(customer)) => Owner::Customer(tenant, customer),
            (owner, _) => owner,
        };
        if answer.is_some() && !self.host.ring.has(owner) {
            // Whom the answer is about was deleted by it, and its key is gone with it.
            return self.forget_promise(promised.key).await;
        }
        let texts = Texts::new(&self.host.ring, owner, record(&promised.key));
        let answer = answer.map(|answer| texts.seal("answer", answer)).transpose()?;
        let row = Promise { input: promised.input, begun: promised.begun, customer, answer };
        let key = promised.key;
        let written = self.host.store.write(move |tx| tx.put::<Promises>(&HostScope::new(), &key, &row));
        written.await.map_err(EngineError::from)?;
        Ok(())
    }
}

impl Engine {
    /// The customer that an answer is of, where it is one.
    fn made_customer(&self, tenant: TenantId, answer: &str) -> Option<CustomerId> {
        let answer: Value = serde_json::from_str(answer).ok()?;
        let id = answer["id"].as_str().and_then(|text| text.parse().ok())?;
        self.has_customer(tenant, id).ok().filter(|has| *has).map(|_| id)
    }
}

/// Under whose key a kept answer is.
fn found_owner(actor: &Actor, customer: Option<CustomerId>, usual: Owner) -> Owner {
    match (actor.tenant, customer) {
        (Some(tenant), Some(customer)) => Owner::Customer(tenant, customer),
        _ => usual,
    }
}

/// Under whose key an answer is sealed: it goes with whom it is about.
fn owner_of(actor: &Actor, input: &Value) -> Owner {
    let customer = input["customer"].as_str().and_then(|text| text.parse::<CustomerId>().ok());
    match (actor.tenant, customer) {
        (Some(tenant), Some(customer)) => Owner::Customer(tenant, customer),
        (Some(tenant), None) => Owner::Tenant(tenant),
        (None, _) => Owner::Host,
    }
}

/// The record that an answer is sealed in.
fn record(key: &Digest) -> &[u8; 16] {
    key.as_bytes().first_chunk().unwrap_or(&[0; 16])
}
