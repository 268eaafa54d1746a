//! How everything leaves this host: what an operator configures once for all integrations.

use weighbridge_egress::{Proxy, Trusted};

use crate::error::EngineError;

/// The host's own part of the way out. The environment is never asked for any of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outward {
    /// The proxy that requests leave by, unless their integration goes directly.
    pub proxy: Option<Proxy>,
    /// Certificate authorities that are believed beside the public ones, as PEM.
    pub authorities: Option<Vec<u8>>,
}

impl Outward {
    /// Whether it can be used: a file of authorities that has none is said before anybody relies on it.
    pub fn check(&self) -> Result<(), EngineError> {
        self.trusted().map(|_| ())
    }

    /// What is believed where no integration adds to it.
    pub(crate) fn trusted(&self) -> Result<Trusted, EngineError> {
        Trusted::new(self.authorities.as_deref()).map_err(unusable)
    }
}

/// A setting of the way out that cannot be used.
pub(crate) fn unusable(error: impl std::fmt::Display) -> EngineError {
    EngineError::Egress(error.to_string())
}
