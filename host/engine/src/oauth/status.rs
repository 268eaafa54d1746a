//! How a grant stands.

use weighbridge_model::name::Code;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::Grants;

use crate::engine::Engine;
use crate::error::EngineError;

/// A grant, from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantStatus {
    /// Grows with every pair of tokens.
    pub version: u64,
    /// When the present pair came.
    pub since: Timestamp,
    /// When its access token ends, where the platform said so.
    pub expires_at: Option<Timestamp>,
    /// Why it cannot be used.
    pub refused: Option<Code>,
}

impl Engine {
    /// How a connection's grant stands; nothing where nobody gave one.
    pub fn grant_status(&self, connection: &str) -> Result<Option<GrantStatus>, EngineError> {
        let (scope, id) = self.find_connection(connection)?;
        let grant = self.host.store.read(|tx| tx.get::<Grants>(&scope, &id))?;
        Ok(grant.map(|grant| GrantStatus {
            version: grant.version,
            since: grant.since,
            expires_at: grant.expires_at,
            refused: grant.refused,
        }))
    }
}
