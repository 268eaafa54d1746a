//! Asking Shopify: `POST /admin/api/VERSION/graphql.json` with a query and its variables.
//!
//! An answer of status 200 may be a refusal, with the reason in `errors[].extensions.code`. What a query costs is reckoned
//! before it is carried out, and taken from points that come back at a steady rate
//! (<https://shopify.dev/docs/api/usage/limits>).

use serde::Deserialize;
use serde_json::{Value, json};
use weighbridge_sdk::http::{self, failure_of};
use weighbridge_sdk::{Failure, FailureClass, clock};

use crate::instant;

/// The code of a query that asks for more than one query may cost.
const TOO_COSTLY: &str = "shopify.query_too_costly";

/// One shop.
pub(crate) struct Shop {
    url: String,
    scheme: String,
}

/// What it answered, and when by its own clock.
pub(crate) struct Answer {
    pub(crate) data: Value,
    pub(crate) at: i64,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    data: Value,
    /// A text where the shop itself refuses, such as for a wrong token.
    #[serde(default)]
    errors: Value,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Default, Deserialize)]
struct Extensions {
    cost: Option<Cost>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    throttle_status: Option<Throttle>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Throttle {
    maximum_available: f64,
    currently_available: f64,
    restore_rate: f64,
}

impl Shop {
    pub(crate) fn new(name: &str, version: &str, scheme: String) -> Self {
        Self { url: format!("https://{name}.myshopify.com/admin/api/{version}/graphql.json"), scheme }
    }

    /// Asks a query, or has a mutation carried out.
    pub(crate) fn ask(&self, query: &str, variables: Value) -> Result<Answer, Failure> {
        let request =
            http::post(&self.url).auth(&self.scheme).json(&json!({ "query": query, "variables": variables }))?;
        let answer = request.send()?;
        let (status, headers) = (answer.status(), answer.headers());
        let date = answer.header("date").as_deref().and_then(instant::of_header);
        let body = answer.bytes()?;
        if status != 200 {
            return Err(refused(status, &headers, &body));
        }
        let wire: Wire = serde_json::from_slice(&body).map_err(|error| {
            Failure::transient("shopify.not_understood", format!("Shopify's answer is cut off: {error}"))
        })?;
        match failure(&wire) {
            Some(failure) => Err(failure),
            None => Ok(Answer { data: wire.data, at: date.unwrap_or_else(now) }),
        }
    }
}

/// Whether the same is to be asked for in smaller pieces.
pub(crate) fn is_too_costly(failure: &Failure) -> bool {
    failure.code == TOO_COSTLY
}

/// The failure that an answer of status 200 means, if it means one.
fn failure(wire: &Wire) -> Option<Failure> {
    let errors = match &wire.errors {
        Value::Null => return None,
        Value::Array(errors) => errors.as_slice(),
        one => std::slice::from_ref(one),
    };
    let first = errors.first()?;
    let said = first["message"].as_str().or_else(|| first.as_str()).unwrap_or("Shopify says no more");
    let (class, code) = match first["extensions"]["code"].as_str().unwrap_or_default() {
        "THROTTLED" => (FailureClass::RateLimited, "shopify.throttled"),
        "MAX_COST_EXCEEDED" => (FailureClass::Config, TOO_COSTLY),
        "ACCESS_DENIED" => (FailureClass::Auth, "shopify.scope_missing"),
        "SHOP_INACTIVE" => (FailureClass::Config, "shopify.shop_inactive"),
        "INTERNAL_SERVER_ERROR" | "TIMEOUT" => (FailureClass::Transient, "shopify.internal_error"),
        _ => (FailureClass::System, "shopify.query_refused"),
    };
    let throttle = wire.extensions.cost.as_ref().and_then(|cost| cost.throttle_status.as_ref());
    let wait = throttle.filter(|_| class == FailureClass::RateLimited).map(Throttle::wait_ms);
    Some(Failure::new(class, code, format!("Shopify: {}", plain(said))).retry_after_ms(wait))
}

impl Throttle {
    /// Until there are as many points as there can be. None is lost by waiting for all of them, and what is read in several
    /// queries, such as an order with many lines, has enough for each.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float is cut to the range of the integer"
    )]
    fn wait_ms(&self) -> u64 {
        let missing = (self.maximum_available - self.currently_available).max(1.0);
        (missing / self.restore_rate.max(1.0) * 1_000.0).ceil() as u64
    }
}

/// The failure of another status (<https://shopify.dev/docs/api/usage/response-codes>).
fn refused(status: u16, headers: &[(String, String)], body: &[u8]) -> Failure {
    let mut failure = failure_of(status, headers, body);
    let (class, code) = match status {
        401 => (FailureClass::Auth, "shopify.token_refused"),
        402 => (FailureClass::Config, "shopify.shop_frozen"),
        403 => (FailureClass::Auth, "shopify.forbidden"),
        404 => (FailureClass::Config, "shopify.shop_missing"),
        423 => (FailureClass::Config, "shopify.shop_locked"),
        429 | 430 => (FailureClass::RateLimited, "shopify.throttled"),
        _ => return failure,
    };
    (failure.class, failure.code) = (class, code.to_owned());
    failure
}

fn now() -> i64 {
    i64::try_from(clock::now_ms() / 1_000).unwrap_or(i64::MAX)
}

/// At most so much of what a platform wrote stands in a message.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(300).collect()
}
