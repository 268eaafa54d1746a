//! What becomes of a connection's grant: given, renewed by one at a time, refused, taken back.

use weighbridge_model::connection::{Connection, ConnectionState};
use weighbridge_model::digest::Digest;
use weighbridge_model::grant::{Grant, StaleRenewal, Step};
use weighbridge_model::id::{ConnectionId, SignInId};
use weighbridge_model::name::Code;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;

use super::raise::raise_sign_in;
use crate::error::{TxError, WriteError};
use crate::scope::{HostScope, TenantScope};
use crate::store::Store;
use crate::tables::{Connections, Grants, Marked, SpentSignIns};
use crate::tx::Tx;

/// Whose grant it is.
#[derive(Clone, Copy, Debug)]
pub struct GrantOf {
    /// The tenant.
    pub scope: TenantScope,
    /// The connection.
    pub connection: ConnectionId,
    /// The client that begins a grant by itself, as it does by client credentials; a person begins any other one.
    pub own_client: Option<Digest>,
    /// Since when no other process writes this store.
    pub alone_since: Timestamp,
}

/// A pair of tokens as it is kept.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The tokens.
    pub tokens: Sealed,
    /// When the access token ends.
    pub expires_at: Option<Timestamp>,
}

/// The grant as it stands; nothing where a person has to agree first.
pub fn grant_in(tx: &Tx<'_>, of: &GrantOf, now: Timestamp) -> Result<Option<Grant>, TxError> {
    let kept = tx.get::<Grants>(&of.scope, &of.connection)?;
    let Some(client) = of.own_client else { return Ok(kept) };
    Ok(Some(match kept {
        Some(grant) if grant.client == Some(client) => grant,
        other => {
            Grant { client: Some(client), fence: other.map_or(0, |one| one.fence), ..Grant::new(of.connection, now) }
        }
    }))
}

/// What is to be done about a token; where it is to be renewed, the renewal is begun, and the grant names its fence.
pub async fn begin_renewal(
    store: &Store,
    of: GrantOf,
    rejected: Option<u64>,
    now: Timestamp,
) -> Result<(Step, Option<Grant>), WriteError> {
    let begun = store.write(move |tx| -> Result<_, TxError> {
        let Some(grant) = grant_in(tx, &of, now)? else { return Ok((Step::SignIn, None)) };
        let step = grant.step(rejected, of.alone_since, now);
        if step != Step::Renew {
            return Ok((step, Some(grant)));
        }
        let grant = grant.renewing(now);
        tx.put::<Grants>(&of.scope, &of.connection, &grant)?;
        Ok((step, Some(grant)))
    });
    begun.await.map(crate::Committed::into_inner)
}

/// Keeps what a renewal brought. Nothing of it may be used before this has returned.
pub async fn keep_renewed(
    store: &Store,
    of: GrantOf,
    fence: u64,
    pair: Pair,
    now: Timestamp,
) -> Result<Result<Grant, StaleRenewal>, WriteError> {
    let kept = store.write(move |tx| -> Result<_, TxError> {
        let grant = tx.need::<Grants>(&of.scope, &of.connection)?;
        let renewed = grant.renewed(fence, pair.tokens.clone(), pair.expires_at, now);
        if let Ok(grant) = &renewed {
            tx.put::<Grants>(&of.scope, &of.connection, grant)?;
        }
        Ok(renewed)
    });
    kept.await.map(crate::Committed::into_inner)
}

/// Ends a renewal that brought nothing. Where the platform refused the grant, and it is still the same one, it is kept
/// with the reason and its connection needs a sign-in. Answers whether that happened.
pub async fn end_renewal(
    store: &Store,
    of: GrantOf,
    fence: u64,
    refused: Option<Code>,
    now: Timestamp,
) -> Result<bool, WriteError> {
    let ended = store.write(move |tx| -> Result<_, TxError> {
        let mut grant = tx.need::<Grants>(&of.scope, &of.connection)?;
        if grant.ended(fence).is_err() {
            return Ok(false);
        }
        grant.refused.clone_from(&refused);
        tx.put::<Grants>(&of.scope, &of.connection, &grant)?;
        if refused.is_some()
            && let Some(connection) = set_state(tx, &of, ConnectionState::Ready, ConnectionState::NeedsSignIn)?
        {
            raise_sign_in(tx, of.scope, &connection, now)?;
        }
        Ok(refused.is_some())
    });
    ended.await.map(crate::Committed::into_inner)
}

/// A sign-in that has been used already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent;

/// Keeps the first pair of a person's sign-in, which can be used once; `oldest` is the oldest sign-in that could still be.
/// `note` writes what else belongs to it.
pub async fn give_grant(
    store: &Store,
    of: GrantOf,
    sign_in: (SignInId, SignInId),
    pair: Pair,
    now: Timestamp,
    note: impl Fn(&mut Tx<'_>) -> Result<(), TxError> + Send + 'static,
) -> Result<Result<(), Spent>, WriteError> {
    let given = store.write(move |tx| -> Result<_, TxError> {
        if spend_in(tx, sign_in)?.is_err() {
            return Ok(Err(Spent));
        }
        let before = tx.get::<Grants>(&of.scope, &of.connection)?.unwrap_or_else(|| Grant::new(of.connection, now));
        let (version, fence) = (before.version.saturating_add(1), before.fence.saturating_add(1));
        let tokens = Some(pair.tokens.clone());
        let grant = Grant { version, fence, tokens, expires_at: pair.expires_at, ..Grant::new(of.connection, now) };
        tx.put::<Grants>(&of.scope, &of.connection, &grant)?;
        set_state(tx, &of, ConnectionState::NeedsSignIn, ConnectionState::Ready)?;
        note(tx)?;
        Ok(Ok(()))
    });
    given.await.map(crate::Committed::into_inner)
}

/// Uses a sign-in up without a grant: it was refused, or guessed at too often.
pub async fn spend_sign_in(store: &Store, sign_in: (SignInId, SignInId)) -> Result<Result<(), Spent>, WriteError> {
    store.write(move |tx| spend_in(tx, sign_in)).await.map(crate::Committed::into_inner)
}

/// Forgets a grant's tokens, before it is taken back at the platform: whatever is renewing it keeps nothing.
pub async fn drop_tokens(
    store: &Store,
    of: GrantOf,
    reason: Code,
    note: impl Fn(&mut Tx<'_>) -> Result<(), TxError> + Send + 'static,
) -> Result<(), WriteError> {
    let dropped = store.write(move |tx| -> Result<(), TxError> {
        if let Some(grant) = tx.get::<Grants>(&of.scope, &of.connection)? {
            tx.put::<Grants>(&of.scope, &of.connection, &grant.dropped(reason.clone()))?;
        }
        set_state(tx, &of, ConnectionState::Ready, ConnectionState::NeedsSignIn)?;
        note(tx)
    });
    dropped.await.map(|_| ())
}

fn spend_in(tx: &mut Tx<'_>, (sign_in, oldest): (SignInId, SignInId)) -> Result<Result<(), Spent>, TxError> {
    let host = HostScope::new();
    if tx.get::<SpentSignIns>(&host, &sign_in)?.is_some() {
        return Ok(Err(Spent));
    }
    // Ids sort by time, so the oldest stand first.
    for (_, id) in tx.keys::<SpentSignIns>(host, None, 100)? {
        if id < oldest {
            tx.remove::<SpentSignIns>(&host, &id)?;
        }
    }
    tx.put::<SpentSignIns>(&host, &sign_in, &Marked {})?;
    Ok(Ok(()))
}

/// Answers the connection where its state is another one by this.
fn set_state(
    tx: &mut Tx<'_>,
    of: &GrantOf,
    from: ConnectionState,
    to: ConnectionState,
) -> Result<Option<Connection>, TxError> {
    let Some(connection) = tx.get::<Connections>(&of.scope, &of.connection)? else { return Ok(None) };
    if connection.state != from {
        return Ok(None);
    }
    let connection = Connection { state: to, ..connection };
    tx.put::<Connections>(&of.scope, &of.connection, &connection)?;
    Ok(Some(connection))
}
