//! Remember that a platform refused a connection's sign-in.

use weighbridge_model::connection::{Connection, ConnectionState};
use weighbridge_model::time::Timestamp;

use super::raise::raise_sign_in;
use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{Connections, Grants};
use crate::tx::Tx;

/// Closes the gate of the connection that a transfer of this customer was refused at, the tenant's own or the customer's,
/// unless it got other secrets meanwhile.
pub async fn need_sign_in(
    store: &Store,
    scope: CustomerScope,
    refused: Connection,
    now: Timestamp,
) -> Result<(), WriteError> {
    store.write(move |tx| need_sign_in_in(tx, scope, &refused, now)).await.map(|_| ())
}

fn need_sign_in_in(tx: &mut Tx<'_>, scope: CustomerScope, refused: &Connection, now: Timestamp) -> Result<(), TxError> {
    let Some(mut connection) = tx.get::<Connections>(&scope.tenant(), &refused.id)? else { return Ok(()) };
    let is_same = connection.scheme == refused.scheme && connection.secrets == refused.secrets;
    // A grant tells by itself whether it was refused, and may have been given anew meanwhile.
    let has_grant = tx.get::<Grants>(&scope.tenant(), &refused.id)?.is_some_and(|grant| grant.refused.is_none());
    if !is_same || has_grant || connection.state != ConnectionState::Ready {
        return Ok(());
    }
    connection.state = ConnectionState::NeedsSignIn;
    raise_sign_in(tx, scope.tenant(), &connection, now)?;
    tx.put::<Connections>(&scope.tenant(), &refused.id, &connection)
}
