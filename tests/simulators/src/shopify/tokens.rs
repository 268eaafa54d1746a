//! Installing an app, and the tokens that it gets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::Said;

/// An app, as its developer made it.
#[derive(Clone, Debug)]
pub struct App {
    /// The client id.
    pub id: String,
    /// The client secret, which signs webhooks too.
    pub secret: String,
}

/// Codes and tokens of one app.
#[derive(Debug)]
pub struct Tokens {
    /// The app.
    pub app: App,
    /// Codes that nobody exchanged, with their scopes.
    codes: BTreeMap<String, String>,
    /// Access tokens, with their scopes and when they end.
    access: BTreeMap<String, (String, i64)>,
    refresh: BTreeMap<String, String>,
    made: usize,
    /// How often tokens were given out.
    pub issued: usize,
    /// How long an access token lives, in milliseconds.
    pub life_ms: i64,
}

impl Tokens {
    pub(super) fn new(app: App) -> Self {
        let (codes, access, refresh) = Default::default();
        Self { app, codes, access, refresh, made: 0, issued: 0, life_ms: 3_600_000 }
    }

    /// A merchant opens the address that an app sends them to, and agrees: where they are sent back to.
    pub fn agree(&mut self, address: &str) -> String {
        let asked: BTreeMap<String, String> =
            url::Url::parse(address).unwrap().query_pairs().map(|(name, value)| (name.into(), value.into())).collect();
        assert_eq!(asked["client_id"], self.app.id, "an app that nobody made");
        let code = self.mint("code");
        self.codes.insert(code.clone(), asked["scope"].clone());
        let mut back = url::Url::parse(&asked["redirect_uri"]).unwrap();
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked["state"]);
        back.to_string()
    }

    /// A token that a merchant made in the shop, which does not end.
    pub fn custom(&mut self, scopes: &str) -> String {
        let token = self.mint("shpat_");
        self.access.insert(token.clone(), (scopes.to_owned(), i64::MAX));
        token
    }

    /// All access tokens end now.
    pub fn end_all(&mut self) {
        self.access.values_mut().for_each(|(_, ends)| *ends = 0);
    }

    pub(super) fn scopes(&self, token: &str, now: i64) -> Option<BTreeSet<String>> {
        let (scopes, _) = self.access.get(token).filter(|(_, ends)| *ends > now)?;
        Some(scopes.split(',').map(str::to_owned).collect())
    }

    pub(super) fn issue(&mut self, body: &[u8], now: i64) -> Said {
        let form: BTreeMap<String, String> =
            url::form_urlencoded::parse(body).map(|(name, value)| (name.into(), value.into())).collect();
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if (field("client_id"), field("client_secret")) != (&self.app.id, &self.app.secret) {
            return refused("application_cannot_be_found");
        }
        let scopes = match field("grant_type") {
            "client_credentials" => Some(
                "read_products,write_products,read_orders,read_customers,read_inventory,write_inventory,read_locations"
                    .to_owned(),
            ),
            "refresh_token" => self.refresh.remove(field("refresh_token")),
            _ => self.codes.remove(field("code")),
        };
        let Some(scopes) = scopes else { return refused("invalid_request") };
        let is_expiring = form.get("expiring").is_some_and(|value| value == "1") || !field("refresh_token").is_empty();
        self.issued += 1;
        let (access, refresh) = (self.mint("shpat_"), self.mint("shprt_"));
        let ends = if is_expiring { now + self.life_ms } else { i64::MAX };
        self.access.insert(access.clone(), (scopes.clone(), ends));
        // There is no `token_type` in what Shopify answers.
        let mut answer = json!({ "access_token": access, "scope": scopes });
        if is_expiring {
            self.refresh.insert(refresh.clone(), scopes);
            answer["expires_in"] = json!(self.life_ms / 1_000);
            answer["refresh_token"] = json!(refresh);
            answer["refresh_token_expires_in"] = json!(7_776_000);
        }
        Said::json(200, &answer)
    }

    fn mint(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:032x}", self.made * 0x9e37_79b9)
    }
}

fn refused(error: &str) -> Said {
    Said::json(400, &json!({ "error": error, "error_description": "The request is not one that this app may make." }))
}
