//! A grant: the tokens that a platform gave for a connection, and who may renew them.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::id::ConnectionId;
use crate::name::Code;
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// How long one renewal may take before another process may try: longer than any request.
pub const LEASE_MS: i64 = 60_000;

/// How long before its end a token of this life is renewed: a fifth of it, at most a minute, and at least the two seconds
/// by which a platform that counts in whole ones may be early.
fn early(life_ms: i64) -> i64 {
    life_ms.saturating_div(5).clamp(2_000, 60_000).min(life_ms.saturating_div(2))
}

/// What a platform gave for a connection. It is never deleted because a platform refused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The connection.
    pub connection: ConnectionId,
    /// Grows by one with every pair of tokens.
    pub version: u64,
    /// The pair, as JSON; nothing before the first one.
    #[serde(default)]
    pub tokens: Option<Sealed>,
    /// When the pair came.
    pub since: Timestamp,
    /// When its access token ends, where the platform said so.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// Why the platform takes it no longer.
    #[serde(default)]
    pub refused: Option<Code>,
    /// Of the client that it was given to: another client begins a new grant.
    #[serde(default)]
    pub client: Option<Digest>,
    /// Counts renewals begun; a renewal that ends under a newer one is void.
    #[serde(default)]
    pub fence: u64,
    /// Until when the renewal that was begun last holds others off.
    #[serde(default)]
    pub lease_until: Option<Timestamp>,
}

/// What is to be done before a token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send the present one.
    Use,
    /// Somebody else is renewing it; look again, at this instant at the latest.
    Wait(Timestamp),
    /// Renew it.
    Renew,
    /// A person must agree again.
    SignIn,
}

/// A renewal that began earlier than the present one: what it brought is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("grant.renewal_stale: another renewal began after this one")]
pub struct StaleRenewal;

impl Grant {
    /// A grant before its first pair.
    pub const fn new(connection: ConnectionId, now: Timestamp) -> Self {
        Self {
            connection,
            version: 0,
            tokens: None,
            since: now,
            expires_at: None,
            refused: None,
            client: None,
            fence: 0,
            lease_until: None,
        }
    }

    /// What is to be done, where the platform refused the access token of version `rejected`. A renewal begun before
    /// `alone_since` was that of a process which is gone.
    pub fn step(&self, rejected: Option<u64>, alone_since: Timestamp, now: Timestamp) -> Step {
        if self.refused.is_some() {
            return Step::SignIn;
        }
        let is_good = self.tokens.is_some() && rejected != Some(self.version) && !self.is_ending(now);
        let lives = |until: &Timestamp| *until > now && until.plus_millis(-LEASE_MS) >= alone_since;
        match self.lease_until.filter(lives) {
            _ if is_good => Step::Use,
            Some(until) => Step::Wait(until),
            None => Step::Renew,
        }
    }

    /// The same grant with a renewal begun.
    #[must_use]
    pub const fn renewing(mut self, now: Timestamp) -> Self {
        self.fence = self.fence.saturating_add(1);
        self.lease_until = Some(now.plus_millis(LEASE_MS));
        self
    }

    /// The same grant with a new pair, of the renewal `fence`.
    pub fn renewed(
        mut self,
        fence: u64,
        tokens: Sealed,
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, StaleRenewal> {
        self.ended(fence)?;
        self.version = self.version.saturating_add(1);
        (self.tokens, self.since, self.expires_at) = (Some(tokens), now, expires_at);
        Ok(self)
    }

    /// Ends a renewal that brought nothing.
    pub fn ended(&mut self, fence: u64) -> Result<(), StaleRenewal> {
        if fence != self.fence {
            return Err(StaleRenewal);
        }
        self.lease_until = None;
        Ok(())
    }

    /// The same grant without its tokens; a renewal under way keeps nothing.
    #[must_use]
    pub fn dropped(mut self, reason: Code) -> Self {
        (self.version, self.fence) = (self.version.saturating_add(1), self.fence.saturating_add(1));
        (self.tokens, self.expires_at, self.lease_until, self.refused) = (None, None, None, Some(reason));
        self
    }

    fn is_ending(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| {
            let life = end.as_millis().saturating_sub(self.since.as_millis());
            now >= end.plus_millis(-early(life))
        })
    }
}
