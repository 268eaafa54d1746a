//! From a connection's rows to whoever issues its tokens.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use weighbridge_egress::Credential;
use weighbridge_model::connection::Owner;
use weighbridge_model::digest::Digest;
use weighbridge_model::package::{AuthMethod, OAuth2};
use zeroize::Zeroizing;

use super::WayOut;
use super::issuer::{Issuer, RegisteredClient};
use super::keeper::{GrantTokens, Keeper};
use crate::connector::{Clients, Ground};
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner};

impl Ground<'_> {
    /// Where the connection's tokens come from, if it signs in by OAuth 2.
    pub(crate) fn issuer(&self, way_out: WayOut) -> Result<Option<Issuer>, EngineError> {
        let scheme = self.connection.scheme.as_ref().and_then(|name| self.manifest.scheme(name.as_str()));
        let Some(AuthMethod::Oauth2(oauth2)) = scheme.map(|scheme| &scheme.apply) else { return Ok(None) };
        let client = self.registered_client(oauth2)?;
        Ok(Some(Issuer::new((**oauth2).clone(), self.configuration.clone(), client, way_out)))
    }

    /// The same credential with the keeper of its grant, where it has one.
    pub(crate) fn with_grant(
        &self,
        clients: &Clients,
        way_out: &WayOut,
        credential: Credential,
    ) -> Result<Credential, EngineError> {
        let Some(issuer) = self.issuer(way_out.clone())? else { return Ok(credential) };
        let keeper = Keeper::new(clients.host(), clients.opened_at(), self.connection.clone(), issuer);
        Ok(credential.with_tokens(Arc::new(GrantTokens(Arc::new(keeper)))))
    }

    /// The secret of the OAuth client that the connection signs in by, and what it is known by.
    pub(crate) fn client_secret(&self) -> Result<Option<(Digest, String)>, EngineError> {
        let scheme = self.connection.scheme.as_ref().and_then(|name| self.manifest.scheme(name.as_str()));
        let Some(AuthMethod::Oauth2(oauth2)) = scheme.map(|scheme| &scheme.apply) else { return Ok(None) };
        let RegisteredClient { secret, digest, .. } = self.registered_client(oauth2)?;
        Ok(secret.map(|secret| (digest, secret.to_string())))
    }

    /// Whether the offer itself says where tokens come from: a setting that it begins with, unchanged.
    fn is_placed_by_offer(&self, oauth2: &OAuth2) -> Result<bool, EngineError> {
        let offered: Map<String, Value> = match &self.integration.defaults {
            Some(sealed) => {
                let texts = crate::connector::integration_texts(self.ring, self.integration);
                serde_json::from_slice(&texts.open("defaults", sealed)?).unwrap_or_default()
            }
            None => Map::new(),
        };
        let is_fixed = |name: &str| offered.get(name).is_some_and(|value| self.configuration.get(name) == Some(value));
        Ok(oauth2.placing_settings().all(is_fixed))
    }

    /// The connection's own client, else the integration's, which is not sent where a customer's settings say.
    fn registered_client(&self, oauth2: &OAuth2) -> Result<RegisteredClient, EngineError> {
        let is_customers = self.connection.owner != Owner::Tenant;
        let (json, sealed, names) = match (&self.connection.secrets, &self.integration.oauth_client) {
            (Some(sealed), _) => {
                let texts = Texts::new(self.ring, connection_owner(self.connection), self.connection.id.as_bytes());
                (texts.open("secrets", sealed)?, sealed, ["client_id", "client_secret"])
            }
            (None, Some(_)) if is_customers && !self.is_placed_by_offer(oauth2)? => {
                return Err(EngineError::OAuthClientElsewhere);
            }
            (None, Some(sealed)) => {
                let owner = weighbridge_vault::Owner::Tenant(self.integration.tenant);
                let texts = Texts::new(self.ring, owner, self.integration.id.as_bytes());
                (texts.open("oauth_client", sealed)?, sealed, ["id", "secret"])
            }
            (None, None) => return Err(EngineError::NoOAuthClient),
        };
        let values: BTreeMap<String, Zeroizing<String>> =
            serde_json::from_slice(&json).map_err(|error| EngineError::OAuth(error.to_string()))?;
        let [id, secret] = names.map(|name| values.get(name).cloned());
        Ok(RegisteredClient { id: id.ok_or(EngineError::NoOAuthClient)?, secret, digest: sealed.digest() })
    }
}
