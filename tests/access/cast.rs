//! One of everybody: two tenants with their people, customers with theirs, and who opened an account.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::town::{Client, Host, Town};

/// Everybody, at a host of their own.
pub struct Cast {
    town: Town,
    host: Host,
    secrets: BTreeMap<&'static str, String>,
    /// The customer that is asked about.
    pub customer: String,
    /// A customer of another tenant.
    pub foreign_customer: String,
}

/// In the order of the table.
const PEOPLE: [&str; 14] = [
    "nobody",
    "operator",
    "tenant admin",
    "tenant operator",
    "tenant support",
    "tenant viewer",
    "customer admin",
    "customer viewer",
    "other tenant's admin",
    "other customer's admin",
    "in somebody's account",
    "inactive customer's admin",
    "reading token",
    "ended token",
];

impl Cast {
    pub fn new() -> Self {
        let town = Town::bare(1);
        town.works(&["init"]);
        // Everybody asks for everything, and is not to be slowed down.
        let unhurried = "requests_per_minute = 1000000\nstranger_requests_per_minute = 1000000\n";
        let host = Host::start_configured(&town, unhurried);
        for tenant in ["ours", "theirs"] {
            town.works(&["tenant", "add", "--name", tenant]);
        }
        let customer = |tenant: &str, name: &str| {
            let made = town.works(&["customer", "add", "--tenant", tenant, "--name", name]);
            town.works(&["customer", "activate", "--tenant", tenant, name]);
            made["id"].as_str().unwrap().to_owned()
        };
        let (ours, _second, _asleep) =
            (customer("ours", "first"), customer("ours", "second"), customer("ours", "asleep"));
        let foreign = customer("theirs", "foreign");
        let mut cast = Self { town, host, secrets: BTreeMap::new(), customer: ours, foreign_customer: foreign };
        cast.fill();
        cast
    }

    fn fill(&mut self) {
        let operator = self.join(&["operator", "invite", "--role", "operator"]);
        self.keep("operator", operator);
        for (name, role) in [
            ("tenant admin", "tenant_admin"),
            ("tenant operator", "tenant_operator"),
            ("tenant support", "tenant_support"),
            ("tenant viewer", "tenant_viewer"),
        ] {
            let secret = self.join(&["staff", "invite", "--tenant", "ours", "--role", role]);
            self.keep(name, secret);
        }
        let other = self.join(&["staff", "invite", "--tenant", "theirs", "--role", "tenant_admin"]);
        self.keep("other tenant's admin", other);
        for (name, customer, role) in [
            ("customer admin", "first", "customer_admin"),
            ("customer viewer", "first", "customer_viewer"),
            ("other customer's admin", "second", "customer_admin"),
            ("inactive customer's admin", "asleep", "customer_admin"),
        ] {
            let secret = self.join(&["user", "invite", customer, "--tenant", "ours", "--role", role]);
            self.keep(name, secret);
        }
        self.town.works(&["customer", "deactivate", "asleep", "--tenant", "ours"]);
        let admin = self.client("tenant admin");
        let opened =
            admin.post(&format!("/customers/{}/open", self.customer), &json!({ "reason": "to help" })).worked();
        let token = |ends: Option<&str>| {
            let made = admin.post("/me/tokens", &json!({ "name": "a program", "ends": ends })).worked();
            (made["secret"].as_str().unwrap().to_owned(), made["token"]["id"].as_str().unwrap().to_owned())
        };
        let ((reading, _), (ended, id)) = (token(None), token(None));
        assert_eq!(admin.ask("DELETE", &format!("/me/tokens/{id}"), None).status, 200);
        let opened = opened["session"].as_str().unwrap().to_owned();
        self.keep("in somebody's account", opened);
        self.keep("reading token", reading);
        self.keep("ended token", ended);
    }

    fn keep(&mut self, name: &'static str, secret: String) {
        self.secrets.insert(name, secret);
    }

    /// Invites somebody, who joins; what comes back is their session.
    fn join(&self, invite: &[&str]) -> String {
        let email = format!("person{}@example.org", self.secrets.len());
        let invited = self.town.works(&[invite, &["--email", &email]].concat());
        self.host.joined(&invited).secret.unwrap()
    }

    pub fn client(&self, name: &str) -> Client<'_> {
        match self.secrets.get(name) {
            Some(secret) => Client::with(&self.host.address, secret),
            None => Client::stranger(&self.host.address),
        }
    }

    pub fn people(&self) -> Vec<(&'static str, Client<'_>)> {
        PEOPLE.iter().map(|name| (*name, self.client(name))).collect()
    }

    /// What is there, and what the audit logs say was done: of a denial only that it was one.
    pub fn seen(&self) -> BTreeMap<String, Value> {
        let mut seen = BTreeMap::new();
        for tenant in ["ours", "theirs"] {
            for noun in ["customer", "staff"] {
                seen.insert(format!("{tenant} {noun}"), self.town.works(&[noun, "list", "--tenant", tenant]));
            }
            let audit = self.town.works(&["audit", "list", "--tenant", tenant, "--limit", "1000"]);
            let done = audit["items"].as_array().unwrap().iter().filter(|line| line["denied"].is_null()).cloned();
            seen.insert(format!("{tenant} audit"), done.collect());
        }
        seen
    }

    /// What is another than it was.
    pub fn changes_since(&self, before: BTreeMap<String, Value>) -> Vec<String> {
        let now = self.seen();
        before.into_iter().filter(|(name, seen)| now.get(name) != Some(seen)).map(|(name, _)| name).collect()
    }
}
