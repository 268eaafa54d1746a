//! How a credential is put on a request, by the host and never by the connector.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::hmac::{HmacAlgorithm, HmacSend, KeyEncoding};
use super::host::HostPattern;
use super::login::Login;
use super::oauth2::OAuth2;
use super::template::Template;

/// One way to sign in. A guest names it (`auth: some("session")`); the host finds the secrets and applies it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthScheme {
    /// What requests and connections call it.
    pub name: String,
    /// What a person reads when choosing it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The secrets a person is asked for. Left out, they are the ones the method always needs: see [`AuthScheme::secret_names`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretField>,
    /// The only hosts the credential may be sent to; each also stands in the manifest's `hosts`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<HostPattern>,
    /// What is done with the secrets.
    pub apply: AuthMethod,
}

/// One secret a person is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretField {
    /// The name that templates use.
    pub name: String,
    /// The label in a form.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
}

/// What the host does with the secrets of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AuthMethod {
    /// Nothing is added.
    None {},
    /// The secret `key` goes into the header or query parameter `name`, after `prefix`.
    ApiKey {
        /// Header or query.
        #[serde(rename = "in")]
        place: ApiKeyPlace,
        /// The header's or parameter's name; a template over the configuration (`{key_header}`).
        name: Template,
        /// What stands before the key, such as `Token ` with its space.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        prefix: String,
    },
    /// `Authorization: Basic base64(username:password)`.
    Basic {},
    /// `Authorization: Bearer token`.
    Bearer {},
    /// A session asked for once, kept by the host and sent with each request.
    Login(Box<Login>),
    /// `Authorization: Bearer`, or a header of the platform's own, with a token of a grant that the host keeps and refreshes.
    Oauth2(Box<OAuth2>),
    /// A signature under the secret `key`: the guest asks for one through the `secrets` interface, and with `send` the host
    /// puts one on each request.
    Hmac {
        /// `sha256`, `sha512` or `sha1`.
        algorithm: HmacAlgorithm,
        /// How the key's bytes stand in the secret.
        #[serde(default, skip_serializing_if = "is_text")]
        key_encoding: KeyEncoding,
        /// What is signed of a request, and where the signature goes. Without it the scheme is of no use to requests.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        send: Option<Box<HmacSend>>,
    },
    /// AWS Signature Version 4 in headers, over `access_key_id`, `secret_access_key` and, where it is listed and given,
    /// `session_token`.
    AwsSigv4 {
        /// A template over the configuration, such as `{region}`.
        region: Template,
        /// Such as `s3`.
        service: String,
    },
}

/// Where an API key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyPlace {
    /// A request header.
    Header,
    /// A parameter of the query string.
    Query,
}

impl AuthScheme {
    /// The names of the secrets this scheme needs: those it lists, else those its method always uses (`key`; `username`
    /// and `password`; `token`; the ones a login's templates mention).
    pub fn secret_names(&self) -> Vec<String> {
        if self.secrets.is_empty() {
            return self.apply.secret_names();
        }
        self.secrets.iter().map(|secret| secret.name.clone()).collect()
    }
}

impl AuthMethod {
    /// The word for it, as manifests write it.
    pub fn kind(&self) -> String {
        let written = serde_json::to_value(self).ok();
        let kind = written.as_ref().and_then(|written| written.get("kind")?.as_str());
        kind.unwrap_or_default().to_owned()
    }

    /// The names of the secrets that applying this method reads.
    pub fn secret_names(&self) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::None {} => &[],
            Self::ApiKey { .. } | Self::Hmac { send: None, .. } => &["key"],
            Self::Hmac { send: Some(send), .. } => {
                let names: BTreeSet<&str> = send.secret_names().into_iter().chain(["key"]).collect();
                return names.into_iter().map(str::to_owned).collect();
            }
            Self::Basic {} => &["username", "password"],
            Self::Bearer {} => &["token"],
            // The client is the integration's, unless the connection brings its own.
            Self::Oauth2(_) => &[],
            Self::AwsSigv4 { .. } => &["access_key_id", "secret_access_key"],
            Self::Login(login) => return login.secret_names(),
        };
        fixed.iter().map(|name| (*name).to_owned()).collect()
    }
}

fn is_text(encoding: &KeyEncoding) -> bool {
    *encoding == KeyEncoding::Text
}
