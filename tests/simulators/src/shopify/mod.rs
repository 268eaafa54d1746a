//! A Shopify shop: installing an app, the GraphQL Admin API with its pages, points and refusals, and signed webhooks.
//!
//! Pages of its documentation that it follows: `docs/api/usage/pagination-graphql`, `docs/api/usage/limits`,
//! `docs/api/usage/response-codes`, `docs/api/usage/idempotent-requests`, `docs/api/usage/search-syntax`,
//! `docs/apps/build/authentication-authorization/access-tokens`, `docs/apps/build/webhooks`, all below
//! <https://shopify.dev>.

mod changes;
pub mod goods;
mod points;
mod query;
mod tokens;
mod told;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{Asked, Platform, Said};
use points::Points;
pub use tokens::App;
use tokens::Tokens;
pub use told::Told;

/// Tells the time, in milliseconds since 1970.
pub type Clock = Box<dyn Fn() -> i64 + Send>;

/// A shop with one app.
pub struct Shop {
    /// The name before `.myshopify.com`.
    pub name: String,
    /// What is in it, by the field of a query that lists it: nodes with all fields that they have here.
    pub nodes: BTreeMap<&'static str, Vec<Value>>,
    /// How often something was asked, by the first field that was.
    pub asked: BTreeMap<String, usize>,
    /// What the app may spend.
    pub points: Points,
    /// What the app signs in by.
    pub tokens: Tokens,
    /// Mutations by their idempotency key, with their variables and what was answered.
    pub carried_out: BTreeMap<String, (Value, Value)>,
    /// How many of those that came were carried out before.
    pub repeated: usize,
    told: usize,
    clock: Clock,
}

impl Shop {
    /// An empty shop with one location, in which nobody has installed the app yet.
    pub fn new(name: &str, app: App, clock: Clock) -> Self {
        let location = json!({ "id": "gid://shopify/Location/1", "name": "Warehouse", "inventoryLevels": [] });
        let lists = ["orders", "products", "productVariants", "customers", "webhookSubscriptions"];
        let mut nodes: BTreeMap<&'static str, Vec<Value>> = lists.into_iter().map(|list| (list, Vec::new())).collect();
        nodes.insert("locations", vec![location]);
        Self {
            name: name.to_owned(),
            nodes,
            asked: BTreeMap::new(),
            points: Points::default(),
            tokens: Tokens::new(app),
            carried_out: BTreeMap::new(),
            repeated: 0,
            told: 0,
            clock,
        }
    }

    /// Now, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Now, as it stands in nodes.
    pub fn instant(&self) -> String {
        instant(self.now())
    }

    fn graphql(&mut self, asked: &Asked) -> Said {
        let Some(scopes) =
            asked.header("x-shopify-access-token").and_then(|token| self.tokens.scopes(token, self.now()))
        else {
            let refused = "[API] Invalid API key or access token (unrecognized login or wrong password)";
            return Said::json(401, &json!({ "errors": refused }));
        };
        let Ok(body) = serde_json::from_slice::<Value>(&asked.body) else {
            return Said::json(400, &json!({ "errors": "Bad Request" }));
        };
        Said::json(200, &self.execute(&body, &scopes))
    }
}

impl Platform for Shop {
    fn answer(&mut self, asked: &Asked) -> Said {
        let path = asked.path.split('?').next().unwrap_or_default().trim_start_matches("https://");
        let path = path.strip_prefix(&format!("{}.myshopify.com", self.name)).unwrap_or(path).to_owned();
        let mut said = match (asked.method.as_str(), path.as_str()) {
            ("POST", "/admin/oauth/access_token") => self.tokens.issue(&asked.body, self.now()),
            ("POST", path) if is_graphql(path) => self.graphql(asked),
            _ => Said::json(404, &json!({ "errors": "Not Found" })),
        };
        let date = jiff::Timestamp::from_millisecond(self.now()).unwrap();
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        said.headers.push(("date".into(), date));
        said
    }
}

/// `/admin/api/2026-07/graphql.json`.
fn is_graphql(path: &str) -> bool {
    let version = path.strip_prefix("/admin/api/").and_then(|rest| rest.strip_suffix("/graphql.json"));
    version.is_some_and(|version| version.len() == 7 && version.starts_with("20"))
}

/// An instant, in UTC and to the second.
pub fn instant(ms: i64) -> String {
    jiff::Timestamp::from_second(ms.div_euclid(1_000)).unwrap().to_string()
}
