//! From a Connection ID and a key to somebody who may ask.

use weighbridge_model::digest::Digest;
use weighbridge_model::gate::{Level, Place, Refusal, RefusalCode};
use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::service::{AccessId, ApiKey, ExternalService, Keys};
use weighbridge_store::tables::{AccessIds, Services};
use weighbridge_store::{CustomerScope, HostScope};

use super::error::PullError;
use crate::engine::Engine;
use crate::error::EngineError;

/// A third party whose key is the right one: it may ask, and is answered as the gate says. Only
/// [`Engine::authenticate`] makes one.
#[derive(Clone, Debug)]
pub struct Caller {
    scope: CustomerScope,
    service: ExternalServiceId,
}

impl Caller {
    /// Whose data it may ask for.
    pub const fn scope(&self) -> CustomerScope {
        self.scope
    }

    /// Which external service it is.
    pub const fn service(&self) -> ExternalServiceId {
        self.service
    }
}

impl Engine {
    /// Looks whether somebody is who they say. A mistyped key is told without looking anything up; an unknown Connection ID
    /// and a wrong key are the same answer, after the same comparison.
    pub fn authenticate(&self, access_id: &str, key: &str) -> Result<Caller, PullError> {
        let key = ApiKey::parse(key)?;
        let found = match access_id.parse::<AccessId>() {
            Ok(id) => self.find_access(id)?,
            Err(_) => None,
        };
        let nobody = Keys { current: Digest::of(b""), previous: None };
        let is_right = found.as_ref().map_or(&nobody, |(_, service)| &service.keys).admit(&key, self.host.now());
        match found {
            Some((scope, service)) if is_right => Ok(Caller { scope, service: service.id }),
            _ => Err(PullError::Refused(unknown())),
        }
    }

    pub(crate) fn find_access(&self, id: AccessId) -> Result<Option<(CustomerScope, ExternalService)>, EngineError> {
        let host = HostScope::new();
        let found = self.host.store.read(|tx| {
            let Some(found) = tx.get::<AccessIds>(&host, &id)? else { return Ok(None) };
            let scope = host.tenant(found.tenant).customer(found.customer);
            Ok(tx.get::<Services>(&scope, &found.service)?.map(|service| (scope, service)))
        });
        Ok(found?)
    }
}

/// What nobody knows.
pub(super) const fn unknown() -> Refusal {
    let place = Place { level: Level::ExternalService, side: None };
    Refusal::new(RefusalCode::ExternalServiceUnknown, place, None)
}
