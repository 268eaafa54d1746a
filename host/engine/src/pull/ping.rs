//! Is the key right, and from when to when does it work?

use weighbridge_model::gate::RefusalCode;
use weighbridge_model::service::ExternalService;
use weighbridge_model::time::Timestamp;

use super::admit::Asks;
use super::authenticate::Caller;
use super::error::PullError;
use crate::engine::Engine;
use crate::error::EngineError;

/// What a third party is told of its own access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// When access begins, where that is still to come.
    pub begins: Option<Timestamp>,
    /// From when on there is no access any more.
    pub ends: Option<Timestamp>,
    /// The names of the endpoints that it may read.
    pub endpoints: Vec<String>,
}

impl Engine {
    /// Answers whoever has the right key, also before the start of their access. An access that is off or over is refused.
    pub async fn ping(&self, caller: &Caller) -> Result<Ping, PullError> {
        match self.admit(caller, Asks::Ping).await {
            Ok((service, _)) => Ok(self.told(caller, &service, None)?),
            Err(PullError::Refused(refusal)) if refusal.code == RefusalCode::ExternalServiceNotStarted => {
                let service = self.service_of(caller)?;
                Ok(self.told(caller, &service, refusal.until)?)
            }
            Err(error) => Err(error),
        }
    }

    fn told(&self, caller: &Caller, service: &ExternalService, begins: Option<Timestamp>) -> Result<Ping, EngineError> {
        let endpoints = self.endpoint_names(caller.scope(), service)?;
        Ok(Ping { begins, ends: service.window.end, endpoints })
    }
}
