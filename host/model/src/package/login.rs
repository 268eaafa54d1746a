//! Signing in once and sending what came back: the auth method `login`, as pure functions.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::template::{Template, TemplateError, Values, scalar};

/// A session the host asks for, keeps and sends. What is captured, and what is built of it, is as secret as a password.
///
/// The host sends `request`, refuses the credential when the answer is `refused`, else keeps the `capture`s and sends the
/// header of `send` with each request of the scheme. A request answered by one of `expired` is repeated once after one
/// new login; logins of one connection never run side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The request that opens the session. Secrets may be mentioned here, captures may not.
    pub request: LoginTemplate,
    /// Name → JSON Pointer into the answer. Text is kept as it is, numbers and truth values as JSON writes them.
    pub capture: BTreeMap<String, String>,
    /// The header sent with each request.
    pub send: LoginHeader,
    /// Statuses that mean the session is over.
    #[serde(default = "unauthorized", skip_serializing_if = "is_unauthorized")]
    pub expired: Vec<u16>,
    /// Answers to the login that mean the credential is wrong: failure class `auth`, never retried.
    #[serde(default, skip_serializing_if = "LoginRefusal::is_default")]
    pub refused: LoginRefusal,
    /// Seconds after which a session is opened anew without waiting for `expired`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime_s: Option<u64>,
}

/// The login's request. `url` is filled in by [`Template::render_url`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginTemplate {
    /// The HTTP method.
    #[serde(default = "post")]
    pub method: String,
    /// Where to sign in; its host must be one of the scheme's.
    pub url: Template,
    /// Headers beside `content-type: application/json`, which a body brings by itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Template>,
    /// JSON in which every string is a template (keys are not). A string that is one configured value becomes that value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// The header that carries the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginHeader {
    /// Its name.
    #[serde(default = "authorization")]
    pub header: String,
    /// Its value, over captures, secrets and configuration.
    pub template: Template,
}

/// Which answers to a login mean a wrong credential. A well-formed 2xx answer without a capture always does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRefusal {
    /// By status.
    #[serde(default = "refusing", skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<u16>,
    /// By a value in the answer that is there and neither null nor false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// A login filled in, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginRequest {
    /// The HTTP method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Headers, `content-type` included when there is a body.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Option<Vec<u8>>,
}

/// Why there is no session. No message contains a value of the answer or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The platform does not accept the credential: class `auth`, not to be repeated.
    #[error("the platform refused the sign-in ({reason}); check the credential of this connection")]
    Refused {
        /// By which rule.
        reason: String,
    },
    /// The platform answered something else; worth another try later.
    #[error("the platform's answer to the sign-in is not understood ({reason}); try again later")]
    Unexpected {
        /// What was wrong with it.
        reason: String,
    },
    /// The manifest's template cannot be filled in with this connection's settings.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A value would break out of its header.
    #[error("the value for the header `{header}` has a line break or another control character in it")]
    Header {
        /// The header's name.
        header: String,
    },
}

impl Login {
    /// The request that opens a session; `values.captures` is not looked at.
    pub fn request(&self, values: &Values<'_>) -> Result<LoginRequest, LoginError> {
        let mut headers = Vec::new();
        for (name, template) in &self.request.headers {
            headers.push((name.clone(), header_value(name, template, values)?));
        }
        let body = self.request.body.as_ref().map(|body| filled(body, values)).transpose()?;
        if body.is_some() && !self.request.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        Ok(LoginRequest {
            method: self.request.method.clone(),
            url: self.request.url.render_url(values)?,
            headers,
            body: body.map(|body| body.to_string().into_bytes()),
        })
    }

    /// What the answer to a login gives.
    pub fn captures(&self, status: u16, body: &[u8]) -> Result<BTreeMap<String, String>, LoginError> {
        if self.refused.statuses.contains(&status) {
            return Err(LoginError::Refused { reason: format!("status {status}") });
        }
        let answer = serde_json::from_slice::<Value>(body);
        if let (Ok(answer), Some(pointer)) = (&answer, &self.refused.pointer)
            && answer.pointer(pointer).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
        {
            return Err(LoginError::Refused { reason: format!("there is a value at `{pointer}`") });
        }
        if !(200..300).contains(&status) {
            return Err(LoginError::Unexpected { reason: format!("status {status}") });
        }
        let answer = answer.map_err(|_| LoginError::Unexpected { reason: "no JSON".to_owned() })?;
        self.capture.iter().map(|(name, pointer)| Ok((name.clone(), captured(&answer, pointer)?))).collect()
    }

    /// The header sent with each request of the scheme.
    pub fn header(&self, values: &Values<'_>) -> Result<(String, String), LoginError> {
        let name = &self.send.header;
        Ok((name.clone(), header_value(name, &self.send.template, values)?))
    }

    /// Whether an answer means that the session is over.
    pub fn is_expired(&self, status: u16) -> bool {
        self.expired.contains(&status)
    }

    /// The names of the secrets that its templates mention, in order.
    pub fn secret_names(&self) -> Vec<String> {
        let mut names = self.send.template.secrets();
        names.extend(self.request.url.secrets());
        names.extend(self.request.headers.values().flat_map(Template::secrets));
        let mut names: BTreeSet<String> = names.into_iter().map(str::to_owned).collect();
        if let Some(body) = &self.request.body {
            body_secrets(body, &mut names);
        }
        names.into_iter().collect()
    }

    /// The first thing wrong with it that its shape does not show: the place in it and a sentence.
    pub(super) fn first_fault(&self) -> Option<(&'static str, String)> {
        if let Some(error) = self.request.body.as_ref().and_then(body_fault) {
            return Some(("request/body", error.to_string()));
        }
        if !self.request.url.secrets().is_empty() {
            return Some(("request/url", "a secret may not stand in a URL, where logs would keep it".to_owned()));
        }
        let unknown = self.send.template.captures().into_iter().find(|name| !self.capture.contains_key(*name));
        unknown.map(|name| ("send/template", format!("`capture` has no `{name}`")))
    }
}

impl LoginRefusal {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for LoginRefusal {
    fn default() -> Self {
        Self { statuses: refusing(), pointer: None }
    }
}

impl std::fmt::Debug for LoginRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Headers and body hold secrets.
        f.debug_struct("LoginRequest").field("method", &self.method).field("url", &self.url).finish_non_exhaustive()
    }
}

fn header_value(name: &str, template: &Template, values: &Values<'_>) -> Result<String, LoginError> {
    let value = template.render(values)?;
    if value.chars().any(char::is_control) {
        return Err(LoginError::Header { header: name.to_owned() });
    }
    Ok(value)
}

fn captured(answer: &Value, pointer: &str) -> Result<String, LoginError> {
    let value = answer.pointer(pointer).and_then(scalar);
    value.ok_or_else(|| LoginError::Refused { reason: format!("no value at `{pointer}`") })
}

fn filled(body: &Value, values: &Values<'_>) -> Result<Value, TemplateError> {
    Ok(match body {
        Value::String(text) => Template::parse(text)?.render_json(values)?,
        Value::Array(items) => Value::Array(items.iter().map(|item| filled(item, values)).collect::<Result<_, _>>()?),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, field)| Ok((name.clone(), filled(field, values)?)))
                .collect::<Result<_, TemplateError>>()?,
        ),
        plain => plain.clone(),
    })
}

fn body_secrets(body: &Value, names: &mut BTreeSet<String>) {
    match body {
        Value::String(text) => {
            if let Ok(template) = Template::parse(text) {
                names.extend(template.secrets().into_iter().map(str::to_owned));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| body_secrets(item, names)),
        Value::Object(fields) => fields.values().for_each(|field| body_secrets(field, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn body_fault(body: &Value) -> Option<TemplateError> {
    match body {
        Value::String(text) => Template::parse(text).err(),
        Value::Array(items) => items.iter().find_map(body_fault),
        Value::Object(fields) => fields.values().find_map(body_fault),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn post() -> String {
    "POST".to_owned()
}

fn authorization() -> String {
    "Authorization".to_owned()
}

fn unauthorized() -> Vec<u16> {
    vec![401]
}

fn is_unauthorized(statuses: &[u16]) -> bool {
    statuses == [401]
}

fn refusing() -> Vec<u16> {
    vec![401, 403]
}
