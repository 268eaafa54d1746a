//! What is accepted of a stream grows with the batch that taught it.

use weighbridge_model::id::EndpointId;

use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{Endpoints, StreamSchemaRow, StreamSchemas};
use crate::tx::Tx;

/// What was learnt of the stream that an endpoint reads.
#[derive(Clone, Debug)]
pub struct Grown {
    /// Whose stream.
    pub endpoint: EndpointId,
    /// The version that this was learnt on top of; 0 where there was none.
    pub seen: u64,
    /// What is accepted and found with it.
    pub row: StreamSchemaRow,
}

/// Keeps what was found, where nothing of its batch moves.
pub async fn keep_found(store: &Store, scope: CustomerScope, grown: Grown) -> Result<(), WriteError> {
    store.write(move |tx| grow(tx, scope, Some(&grown))).await.map(|_| ())
}

/// Writes what was learnt, unless somebody else wrote in between: then that stands, and the next record like it teaches again.
pub(super) fn grow(tx: &mut Tx<'_>, scope: CustomerScope, grown: Option<&Grown>) -> Result<(), TxError> {
    let Some(Grown { endpoint, seen, row }) = grown else { return Ok(()) };
    let is_there = tx.get::<Endpoints>(&scope, endpoint)?.is_some();
    let version = tx.get::<StreamSchemas>(&scope, endpoint)?.map_or(0, |row| row.version);
    if is_there && version == *seen { tx.put::<StreamSchemas>(&scope, endpoint, row) } else { Ok(()) }
}
