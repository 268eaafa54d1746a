//! Send a person to the platform.

use weighbridge_model::id::{ConnectionId, SignInId};
use weighbridge_model::time::Timestamp;
use weighbridge_store::TenantScope;
use weighbridge_vault::Owner;
use zeroize::Zeroizing;

use super::Standing;
use super::sign_in::{LIFE_MS, OneTimeCode, SignIn};
use crate::chance;
use crate::engine::{Engine, Host};
use crate::error::EngineError;

/// Where a person goes to authorise a connection, and what they are asked for when they come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorisation {
    /// The address at the platform.
    pub address: String,
    /// The one-time code that the page of return asks for.
    pub code: String,
    /// Until when.
    pub ends_at: Timestamp,
}

impl Engine {
    /// Makes the address where a person authorises a connection, named `CONNECTION`, `CUSTOMER/CONNECTION` or
    /// `TENANT/CUSTOMER/CONNECTION`. Nothing is written: it may be asked for beside a host that runs, and that one answers
    /// at the address of return.
    pub async fn authorise(&self, connection: &str, redirect: &str) -> Result<Authorisation, EngineError> {
        let (scope, id) = self.find_connection(connection)?;
        self.authorise_connection(scope, id, redirect).await
    }

    /// The same, of a connection that is known.
    pub(crate) async fn authorise_connection(
        &self,
        scope: TenantScope,
        id: ConnectionId,
        redirect: &str,
    ) -> Result<Authorisation, EngineError> {
        let standing = Standing::of(&self.host, scope, id).await?;
        let issuer = standing.issuer(&self.host)?;
        let now = self.host.now();
        let sign_in = SignIn { id: SignInId::new(now, chance::bytes()?), tenant: scope.id(), connection: id };
        let (key, code) = (self.host.sign_in_key()?, OneTimeCode::new(chance::bytes()?));
        let state = sign_in.state(&key, redirect, &code);
        let address = issuer.address(redirect, &state, &sign_in.verifier(&key, &code));
        let address = address.map_err(|error| EngineError::OAuth(error.to_string()))?;
        Ok(Authorisation { address, code: code.to_string(), ends_at: now.plus_millis(LIFE_MS) })
    }
}

impl Host {
    pub(super) fn sign_in_key(&self) -> Result<Zeroizing<[u8; 32]>, EngineError> {
        Ok(self.ring.derive(Owner::Host, "weighbridge sign-in")?)
    }
}
