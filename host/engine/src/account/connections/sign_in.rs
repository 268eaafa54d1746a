//! Send a person to a platform's own sign-in.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::connection::Connection;
use weighbridge_model::id::ConnectionId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{Connections, Grants};

use super::whose::Asks;
use crate::account::At;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::people::ShownOnce;

/// Where a person goes to sign in, and what they are asked for when they come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SentAway {
    /// The address at the platform.
    pub address: String,
    /// The one-time code that the page of return asks for; a browser that brings it as a cookie is not asked.
    pub code: ShownOnce,
    /// Until when.
    pub ends_at: At,
}

/// The path of return.
pub const RETURN_PATH: &str = "/oauth/callback";

impl Engine {
    /// Sends a person to the platform that a connection is at. Only who signed in before may do it again.
    pub async fn sign_in_at_platform(
        &self,
        may: &Permission<kinds::CredentialsEnter>,
        id: ConnectionId,
    ) -> Result<SentAway, Problem> {
        self.sign_in_by(&Asks::in_customer(may), id).await
    }

    pub(super) async fn sign_in_by(&self, asks: &Asks, id: ConnectionId) -> Result<SentAway, Problem> {
        let (_, offer) = self.own_connection(asks.whose, id)?;
        self.refuse_unmanaged(asks, &offer)?;
        self.send_away(asks.whose.tenant(), id, asks.by).await
    }

    /// Whoever begins is who entered what comes of it, as long as nobody has signed in.
    pub(crate) async fn send_away(
        &self,
        tenant: TenantScope,
        id: ConnectionId,
        by: ActorRef,
    ) -> Result<SentAway, Problem> {
        let address = self.public_address().ok_or_else(|| {
            Problem::from(ProblemCode::Unavailable)
                .at("", "no host serves here, so nobody could come back from the platform")
        })?;
        self.edit(|edit| {
            let row = edit.need::<Connections>(tenant, id)?;
            let grant = edit.read::<Grants>(tenant, id)?;
            let is_signed_in = grant.is_some_and(|grant| grant.tokens.is_some());
            match row.entered_by {
                Some(entered) if entered.who == by.who => Ok(()),
                Some(_) if is_signed_in || row.secrets.is_some() => Err(ProblemCode::NotOwnCredential.into()),
                None if is_signed_in => Err(ProblemCode::NotOwnCredential.into()),
                _ => {
                    edit.put::<Connections>(tenant, id, Connection { entered_by: Some(by), ..row });
                    Ok(())
                }
            }
        })
        .await?;
        let redirect = format!("{address}{RETURN_PATH}");
        let sent = self.authorise_connection(tenant, id, &redirect).await.map_err(|error| match error {
            EngineError::NoOAuth | EngineError::NoOAuthClient | EngineError::OAuthClientElsewhere => {
                Problem::invalid("connection", error.to_string())
            }
            error => error.into(),
        })?;
        Ok(SentAway { address: sent.address, code: sent.code.into(), ends_at: At(sent.ends_at) })
    }
}
