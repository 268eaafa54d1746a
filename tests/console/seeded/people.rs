//! Everybody at the seeded host, all with the password of the town.

use serde_json::{Value, json};

use super::Seeded;
use super::customers::{BUSY, HELD, SECOND};
use crate::town::{Client, PASSWORD};

/// Where somebody works.
pub(in crate::console) enum At {
    Host,
    Partner,
    /// A customer of this name.
    Customer(&'static str),
}

/// Somebody who can sign in.
pub(in crate::console) struct Person {
    pub(in crate::console) email: &'static str,
    pub(in crate::console) name: &'static str,
    pub(in crate::console) role: &'static str,
    pub(in crate::console) at: At,
}

const fn person(email: &'static str, name: &'static str, role: &'static str, at: At) -> Person {
    Person { email, name, role, at }
}

/// The administrator, in whose name the partner is filled.
pub(in crate::console) const ADMIN: &str = "anna.owner@nordwind.example";
pub(in crate::console) const OPERATOR: &str = "olga@weighbridge.example";
pub(in crate::console) const CUSTOMER_ADMIN: &str = "maria@kowalski.example";

pub(in crate::console) const PEOPLE: [Person; 12] = [
    person(OPERATOR, "Olga Operator", "operator", At::Host),
    person("otto@weighbridge.example", "Otto Night", "operator", At::Host),
    person(ADMIN, "Anna Wójcik", "tenant_admin", At::Partner),
    person("piotr.daily@nordwind.example", "Piotr Zieliński", "tenant_operator", At::Partner),
    person("sara.support@nordwind.example", "Sara Lindqvist", "tenant_support", At::Partner),
    person("victor.viewer@nordwind.example", "Victor Hale", "tenant_viewer", At::Partner),
    person(CUSTOMER_ADMIN, "Maria Kowalska", "customer_admin", At::Customer(BUSY)),
    person("jan@kowalski.example", "Jan Kowalski", "customer_viewer", At::Customer(BUSY)),
    // One address, two customers: at sign-in it chooses.
    person("office@bookkeeper.example", "Ewa Bookkeeper", "customer_admin", At::Customer(BUSY)),
    person("office@bookkeeper.example", "Ewa Bookkeeper", "customer_admin", At::Customer(SECOND)),
    person("lina@lindstrom.example", "Lina Lindström", "customer_admin", At::Customer(SECOND)),
    person("held@meridian.example", "Tom Reed", "customer_admin", At::Customer(HELD)),
];

impl Seeded {
    /// Invites everybody, who all come; and two who have not come yet.
    pub(super) fn let_in(&mut self) {
        for one in &PEOPLE {
            let invited = self.invite(one);
            let join = json!({ "link": invited["link"], "password": PASSWORD, "name": one.name });
            let joined = Client::stranger(&self.host.address).post("/sessions/join", &join).worked();
            let session = joined["session"].as_str().unwrap().to_owned();
            self.sessions.entry(one.email).or_insert(session);
        }
        self.invite(&person("new.colleague@nordwind.example", "", "tenant_operator", At::Partner));
        self.invite(&person("late@kowalski.example", "", "customer_viewer", At::Customer(BUSY)));
    }

    /// A first operator and a first administrator are invited at the command line, and these invite the others.
    fn invite(&self, one: &Person) -> Value {
        let new = json!({ "email": one.email, "role": one.role });
        let first = !self.sessions.contains_key(if matches!(one.at, At::Host) { OPERATOR } else { ADMIN });
        match one.at {
            At::Host if first => self.town.works(&["operator", "invite", "--email", one.email, "--role", one.role]),
            At::Host => self.client(OPERATOR).post("/operators", &new).worked(),
            At::Partner if first => self.town.works(&["staff", "invite", "--email", one.email, "--role", one.role]),
            At::Partner => self.client(ADMIN).post("/staff", &new).worked(),
            At::Customer(name) => self.of(name, "/users", &new),
        }
    }
}
