//! Whom the operator believes.

mod add;
mod pin;
mod revoke;
mod rotate;
mod view;

use weighbridge_model::package::{RotationRefusal, TrustError, TrustStore};
use weighbridge_store::tables::Trust;
use weighbridge_store::{HostScope, Tx, TxError};

use crate::audit::AuditLine;
use crate::engine::Engine;
use crate::error::EngineError;

pub use add::TrustChange;
pub use revoke::Revoked;
pub use view::{KeyView, PublisherView, RevokedView, TrustView};

/// The trust store is as it was.
#[derive(Debug, thiserror::Error)]
pub enum TrustChangeError {
    /// What was asked for cannot be.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A rotation statement does not count.
    #[error("{}: {refusal}. {}", .refusal.code(), .refusal.next_step())]
    Rotation {
        /// Why.
        #[from]
        refusal: RotationRefusal,
    },
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Engine {
    /// Whom the operator believes.
    pub fn trust_store(&self) -> Result<TrustStore, EngineError> {
        Ok(self.host.store.read(|tx| tx.get::<Trust>(&HostScope::new(), &()))?.unwrap_or_default())
    }

    /// Changes the trust store and writes a line about it, both or neither.
    async fn change_trust<T, E>(
        &self,
        audit: AuditLine,
        mut change: impl FnMut(&mut TrustStore) -> Result<T, E> + Send + 'static,
    ) -> Result<T, TrustChangeError>
    where
        T: Send + 'static,
        E: Send + 'static,
        TrustChangeError: From<E>,
    {
        let host = HostScope::new();
        let written = self.host.store.write(move |tx: &mut Tx<'_>| -> Result<Result<T, E>, TxError> {
            let mut trust = tx.get::<Trust>(&host, &())?.unwrap_or_default();
            let changed = change(&mut trust);
            if changed.is_ok() {
                tx.put::<Trust>(&host, &(), &trust)?;
                audit.write(tx)?;
            }
            Ok(changed)
        });
        Ok(written.await.map_err(EngineError::from)?.into_inner()?)
    }
}
