//! An OAuth 2 grant: where a person agrees, and where the host asks for tokens (RFC 6749).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::template::{Template, TemplateError, Values};

/// What a manifest says of a platform's OAuth 2. All URLs are templates over the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// Who agrees.
    #[serde(default)]
    pub flow: OAuthFlow,
    /// Where a person is sent to agree; needed for `authorization_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize_url: Option<Template>,
    /// Where codes and refresh tokens are exchanged.
    pub token_url: Template,
    /// Where a grant is taken back (RFC 7009).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_url: Option<Template>,
    /// The platform's issuer. Where it is given, an answer without this `iss` is refused (RFC 9207).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Template>,
    /// What is asked for; a template over the configuration may give several, with spaces between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Template>,
    /// How the client proves itself.
    #[serde(default)]
    pub client_auth: ClientAuth,
    /// More parameters of the address that a person is sent to, such as `prompt = "consent"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// More parameters of the request that exchanges a code for tokens, such as `expiring = "1"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub token_parameters: BTreeMap<String, String>,
    /// The header that has the token and nothing else in it, where a platform wants one of its own and not
    /// `Authorization: Bearer` (RFC 6750).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
}

/// Who agrees to a grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OAuthFlow {
    /// A person, at the platform, with a code challenge (PKCE S256, RFC 7636) always.
    #[default]
    AuthorizationCode,
    /// Nobody: the client has an account of its own.
    ClientCredentials,
}

/// How a client proves itself at the token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// In the header, as basic authentication.
    #[default]
    Basic,
    /// In the body.
    Body,
}

/// The parameters that only the host sets.
const RESERVED: [&str; 12] = [
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "grant_type",
    "redirect_uri",
    "refresh_token",
    "response_type",
    "scope",
    "state",
];

impl OAuth2 {
    /// What is wrong with it: its place and the reason.
    pub(crate) fn fault(&self) -> Option<(&'static str, String)> {
        if self.flow == OAuthFlow::AuthorizationCode && self.authorize_url.is_none() {
            return Some(("authorize_url", "`authorization_code` needs the address where a person agrees".into()));
        }
        for (place, parameters) in [("parameters", &self.parameters), ("token_parameters", &self.token_parameters)] {
            if let Some(name) = parameters.keys().find(|name| RESERVED.contains(&name.as_str())) {
                return Some((place, format!("`{name}` is set by the host alone")));
            }
        }
        let is_name = |name: &String| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if self.header.as_ref().is_some_and(|name| !is_name(name)) {
            return Some(("header", "it is no name of a header, such as `X-Access-Token`".into()));
        }
        None
    }

    /// A URL of it, filled in.
    pub fn url(template: &Template, configuration: &Map<String, Value>) -> Result<String, TemplateError> {
        let (secrets, captures) = Default::default();
        template.render_url(&Values { configuration, secrets: &secrets, captures: &captures })
    }

    /// The scopes, filled in; one that names a setting which is not configured asks for nothing.
    pub fn scopes(&self, configuration: &Map<String, Value>) -> Vec<String> {
        let (secrets, captures) = Default::default();
        let values = Values { configuration, secrets: &secrets, captures: &captures };
        let filled = self.scopes.iter().filter_map(|template| template.render(&values).ok());
        filled.flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    /// Whether the configuration alone says where the client proves itself. Then whoever configures a connection could have
    /// the client's secret sent to a host of theirs, so the client must be theirs too.
    pub fn is_placed_by_configuration(&self) -> bool {
        self.placing_settings().next().is_some()
    }

    /// The settings that say where the client proves itself.
    pub fn placing_settings(&self) -> impl Iterator<Item = &str> {
        [Some(&self.token_url), self.revoke_url.as_ref()].into_iter().flatten().filter_map(Template::leading_setting)
    }
}
