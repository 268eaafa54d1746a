//! Take a grant back.

use weighbridge_model::id::ConnectionId;
use weighbridge_model::name::Code;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::Grants;
use weighbridge_store::verbs::drop_tokens;

use super::issuer::Issuer;
use super::{Standing, Tokens};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner};

/// What became of the grant at the platform; here it is gone in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevokedGrant {
    /// The platform took it back.
    AtThePlatform,
    /// There was none.
    Nothing,
    /// The platform has no address for it: a person has to do it there.
    HereOnly,
    /// The platform did not answer as it should.
    Unanswered(String),
}

impl Engine {
    /// Forgets the tokens of a connection, and takes the grant back at the platform. From the commit on, nothing is sent
    /// with them; what the platform answers afterwards cannot undo that.
    pub async fn revoke_grant(&self, connection: &str) -> Result<RevokedGrant, EngineError> {
        let (scope, id) = self.find_connection(connection)?;
        self.revoke_grant_of(scope, id, connection).await
    }

    /// The same, of a connection that is known.
    pub(crate) async fn revoke_grant_of(
        &self,
        scope: TenantScope,
        id: ConnectionId,
        connection: &str,
    ) -> Result<RevokedGrant, EngineError> {
        let host = &self.host;
        let standing = Standing::of(host, scope, id).await?;
        let Some((issuer, tokens)) = self.given(&standing)? else { return Ok(RevokedGrant::Nothing) };
        self.drop_grant(&standing, connection).await?;
        let Some(tokens) = tokens else { return Ok(RevokedGrant::Nothing) };
        Ok(asked(&issuer, &tokens).await)
    }

    /// The same the other way round, for a customer that goes: nothing is sent with its tokens any more, so they are kept
    /// until the platform has answered, and it can be asked again.
    pub(crate) async fn take_grant_back(
        &self,
        scope: TenantScope,
        id: ConnectionId,
    ) -> Result<RevokedGrant, EngineError> {
        let standing = Standing::of(&self.host, scope, id).await?;
        let Some((issuer, tokens)) = self.given(&standing)? else { return Ok(RevokedGrant::Nothing) };
        let answer = match tokens {
            Some(tokens) => asked(&issuer, &tokens).await,
            None => RevokedGrant::Nothing,
        };
        if !matches!(answer, RevokedGrant::Unanswered(_)) {
            self.drop_grant(&standing, &standing.label(&self.host)?).await?;
        }
        Ok(answer)
    }

    /// What the platform gave, and whom to ask; nothing where it gave nothing.
    fn given(&self, standing: &Standing) -> Result<Option<(Issuer, Option<Tokens>)>, EngineError> {
        let (host, of) = (&self.host, &standing.of);
        let issuer = standing.issuer(host)?;
        let grant = host.store.read(|tx| tx.get::<Grants>(&of.scope, &of.connection))?;
        let Some(sealed) = grant.and_then(|grant| grant.tokens) else { return Ok(None) };
        let texts = Texts::new(&host.ring, connection_owner(&standing.connection), of.connection.as_bytes());
        Ok(Some((issuer, serde_json::from_slice(&texts.open("tokens", &sealed)?).ok())))
    }

    async fn drop_grant(&self, standing: &Standing, label: &str) -> Result<(), EngineError> {
        let audit = self.audit_connection(&standing.connection, "connection.revoked", label)?;
        const REASON: Code = Code::known("oauth.revoked");
        Ok(drop_tokens(&self.host.store, standing.of, REASON, move |tx| audit.write(tx)).await?)
    }
}

async fn asked(issuer: &Issuer, tokens: &Tokens) -> RevokedGrant {
    match issuer.revoke(tokens).await {
        Ok(true) => RevokedGrant::AtThePlatform,
        Ok(false) => RevokedGrant::HereOnly,
        Err(error) => RevokedGrant::Unanswered(error.to_string()),
    }
}
