//! Keep a span of one refusal.

use weighbridge_model::id::DenialId;

use crate::error::WriteError;
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{Denial, Denials};

/// Appends one row for a span; a written row never changes.
pub async fn note_denial(store: &Store, scope: CustomerScope, id: DenialId, denial: Denial) -> Result<(), WriteError> {
    store.write(move |tx| tx.put::<Denials>(&scope, &(denial.transfer, id), &denial)).await.map(|_| ())
}
