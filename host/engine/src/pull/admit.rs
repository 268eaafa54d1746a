//! The key's own refusals: they come before anything is said of the tenant or the customer.

use weighbridge_model::gate::{Refusal, RefusalCode, admit_service};
use weighbridge_model::id::{DenialId, EndpointId, TransferId};
use weighbridge_model::meter::key;
use weighbridge_model::service::ExternalService;
use weighbridge_store::tables::{CustomerIndex, Kind, LastUse, LastUses, Services};
use weighbridge_store::verbs;

use super::authenticate::{Caller, unknown};
use super::error::PullError;
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::customer_owner;

/// Stands for an endpoint that there is not, which no service may read.
const NONE: EndpointId = EndpointId::from_bytes([0; 16]);

/// What a third party asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asks {
    /// Whether it may ask at all.
    Ping,
    /// Records of an endpoint, if there is such a one.
    Records(Option<EndpointId>),
}

impl Engine {
    /// Asks the level of the external service. The request counts for its rate.
    pub(super) async fn admit(&self, caller: &Caller, asks: Asks) -> Result<(ExternalService, EndpointId), PullError> {
        let (now, id) = (self.host.now(), caller.service());
        let service = self.service_of(caller)?;
        self.note_use(caller).await?;
        let (endpoint, is_ping) = match asks {
            Asks::Ping => (NONE, true),
            Asks::Records(endpoint) => (endpoint.unwrap_or(NONE), false),
        };
        let mut facts = service.facts(endpoint);
        facts.in_scope |= is_ping;
        facts.asks_again_at = self.host.callers.take(id, service.rate_per_minute, now).err();
        match admit_service(Some(&facts), now) {
            Ok(()) => Ok((service, endpoint)),
            Err(refusal) => Err(self.refuse(caller, key::pull(id, endpoint), refusal).await),
        }
    }

    /// The caller's row; it may be deleted meanwhile.
    pub(super) fn service_of(&self, caller: &Caller) -> Result<ExternalService, PullError> {
        let found = self.host.store.read(|tx| tx.get::<Services>(&caller.scope(), &caller.service()))?;
        found.ok_or_else(|| PullError::Refused(unknown()))
    }

    /// Counts a refusal, and keeps it once in a while.
    pub(super) async fn refuse(&self, caller: &Caller, pull: TransferId, refusal: Refusal) -> PullError {
        match self.note_denied_pull(caller, pull, &refusal).await {
            Ok(()) => PullError::Refused(refusal),
            Err(error) => PullError::Unavailable(error),
        }
    }

    async fn note_denied_pull(&self, caller: &Caller, pull: TransferId, refusal: &Refusal) -> Result<(), EngineError> {
        self.host.counters.refused(refusal.code);
        // That a service asks too fast is one refusal, whenever it may ask again.
        let until = refusal.until.filter(|_| refusal.code != RefusalCode::ExternalServiceRate);
        let kept = Refusal { until, ..refusal.clone() };
        for denial in self.host.denials.note(pull, &kept, self.host.now()) {
            let id = DenialId::new(denial.first, chance::bytes()?);
            verbs::note_denial(&self.host.store, caller.scope(), id, denial).await?;
        }
        Ok(())
    }

    /// An endpoint of the caller's customer by its name.
    pub(super) fn endpoint_named(&self, caller: &Caller, name: &str) -> Result<Option<EndpointId>, EngineError> {
        let (kind, scope) = (Kind::Endpoint, caller.scope());
        let hash = self.host.ring.name_hash(customer_owner(scope), kind.word(), name)?;
        let found = self.host.store.read(|tx| tx.get::<CustomerIndex>(&scope, &(kind.number(), hash)))?;
        Ok(found.map(|named| EndpointId::from_bytes(named.id)))
    }

    /// Keeps when a service last came, to a minute.
    async fn note_use(&self, caller: &Caller) -> Result<(), EngineError> {
        let (now, scope, id) = (self.host.now(), caller.scope(), caller.service());
        if !self.host.callers.is_news(id, now) {
            return Ok(());
        }
        let note = self.host.store.write(move |tx| match tx.get::<Services>(&scope, &id)? {
            Some(_) => tx.put::<LastUses>(&scope, &id, &LastUse { at: now }),
            None => Ok(()),
        });
        note.await?;
        Ok(())
    }
}
