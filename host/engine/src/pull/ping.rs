//! Is the key right, and from when to when does it work?

use weighbridge_model::gate::{self, Refusal, RefusalCode};
use weighbridge_model::service::ExternalService;
use weighbridge_model::time::Timestamp;

use super::admit::Asks;
use super::authenticate::Caller;
use super::error::PullError;
use crate::engine::Engine;

/// What a third party is told of its own access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// When access begins, where that is still to come.
    pub begins: Option<Timestamp>,
    /// From when on there is no access any more.
    pub ends: Option<Timestamp>,
    /// Why it would get no page of any endpoint, where it would not: its access is not all that the gate looks at.
    pub closed: Option<Refusal>,
    /// The names of the endpoints that it may read.
    pub endpoints: Vec<String>,
}

impl Engine {
    /// Answers whoever has the right key, also before the start of their access. An access that is off or over is refused.
    pub async fn ping(&self, caller: &Caller) -> Result<Ping, PullError> {
        let (service, begins) = self.greet(caller).await?;
        let closed = if begins.is_none() { self.closed(caller, &service)? } else { None };
        let endpoints = self.endpoint_names(caller.scope(), &service)?;
        Ok(Ping { begins, ends: service.window.end, closed, endpoints })
    }

    /// The caller's row, and when its access begins where that is still to come.
    pub(super) async fn greet(&self, caller: &Caller) -> Result<(ExternalService, Option<Timestamp>), PullError> {
        match self.admit(caller, Asks::Ping).await {
            Ok((service, _)) => Ok((service, None)),
            Err(PullError::Refused(refusal)) if refusal.code == RefusalCode::ExternalServiceNotStarted => {
                Ok((self.service_of(caller)?, refusal.until))
            }
            Err(error) => Err(error),
        }
    }

    /// What the gate says of the next page of every endpoint: the first no, unless one of them has none.
    fn closed(&self, caller: &Caller, service: &ExternalService) -> Result<Option<Refusal>, PullError> {
        let mut first = None;
        for endpoint in &service.scopes {
            let route = self.pull_route(caller, *endpoint)?;
            match gate::decide(&route.facts(true, None), self.host.now()) {
                Ok(_) => return Ok(None),
                Err(refusal) => first = first.or(Some(refusal)),
            }
        }
        Ok(first)
    }
}
