//! One visit to a page: who looks, at what, in which language, and what they typed.

use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use fluent_bundle::FluentValue;
use serde_json::{Map, Value};
use weighbridge::Engine;
use weighbridge::account::At;
use weighbridge::model::access::{Action, ActionKind, Actor, LevelOf, Permission, Population};
use weighbridge::model::id::CustomerId;
use weighbridge::model::problem::{Problem, ProblemCode};
use weighbridge::model::time::{Timestamp, Zone};
use weighbridge::people::Me;

use super::forged;
use super::texts::Language;
use crate::api::{Asked, Placed, permit};

/// One visit to a page.
#[derive(Clone)]
pub(crate) struct Visit(Arc<Visited>);

/// What there is to know of a visit.
pub(crate) struct Visited {
    /// The host.
    pub(crate) engine: Engine,
    /// Who looks.
    pub(crate) actor: Actor,
    /// By which secret they are known.
    pub(crate) secret: String,
    /// The same, as they see themselves.
    pub(crate) me: Me,
    /// Their language.
    pub(crate) language: Language,
    /// `light`, `dark`, or nothing for what their machine says.
    pub(crate) theme: Option<&'static str>,
    /// The zone of their dates.
    pub(crate) zone: Zone,
    /// The instant of the visit.
    pub(crate) now: Timestamp,
    /// The page's path, as it was asked for.
    pub(crate) path: String,
    /// What stands in the path, by name.
    pub(crate) ids: Map<String, Value>,
    /// What stands in the query.
    pub(crate) query: Vec<(String, String)>,
    /// What was typed and not taken.
    pub(crate) entered: Option<Entered>,
    /// What was typed to be tried, and what came of it.
    pub(crate) tried: Option<Tried>,
    /// Where browsers reach this host.
    pub(crate) origin: String,
    /// Whether the page is drawn again when what it shows changes.
    pub(crate) follows: bool,
    /// Whether they reach it over TLS.
    pub(crate) is_tls: bool,
    /// What was wanted last.
    pub(crate) denied: Mutex<Option<Action>>,
}

/// A form that was sent and whose operation said no.
#[derive(Clone, Debug)]
pub(crate) struct Entered {
    /// The operation.
    pub(crate) act: String,
    /// All fields, as they were typed.
    pub(crate) fields: Vec<(String, String)>,
    /// What was wrong.
    pub(crate) problem: Problem,
}

/// A form that was sent to be tried.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    /// The operation.
    pub(crate) act: String,
    /// All fields, as they were typed.
    pub(crate) fields: Vec<(String, String)>,
    /// What it answered.
    pub(crate) given: Value,
}

impl Deref for Visit {
    type Target = Visited;

    fn deref(&self) -> &Visited {
        &self.0
    }
}

impl From<Visited> for Visit {
    fn from(visited: Visited) -> Self {
        Self(Arc::new(visited))
    }
}

impl Visited {
    /// The permission for an action in the place that the address names, or in one's own.
    pub(crate) fn may<A: ActionKind<Level: Placed>>(&self) -> Result<Permission<A>, Problem> {
        self.permission::<A>().inspect_err(|_| self.wants(A::ACTION))
    }

    fn permission<A: ActionKind<Level: Placed>>(&self) -> Result<Permission<A>, Problem> {
        let may = permit::<A>(&self.engine, &mut self.asked(Map::new()))?;
        self.engine.admits(A::ACTION, A::Level::ids(may.place()))?;
        Ok(may)
    }

    /// What is wanted next, for the audit log where it is denied.
    pub(crate) fn wants(&self, action: Action) {
        *self.denied.lock().unwrap_or_else(PoisonError::into_inner) = Some(action);
    }

    /// What was wanted last and denied.
    pub(crate) fn denied(&self) -> Option<Action> {
        *self.denied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an action may be done here. What may not be done is not shown.
    pub(crate) fn can<A: ActionKind<Level: Placed>>(&self) -> bool {
        self.permission::<A>().is_ok()
    }

    /// What is asked of an operation from here, with what stands in the address.
    pub(crate) fn asked(&self, mut input: Map<String, Value>) -> Asked {
        for (name, value) in &self.ids {
            input.insert(name.clone(), value.clone());
        }
        if let Some(customer) = self.customer() {
            input.insert("customer".to_owned(), customer.to_string().into());
        }
        Asked { actor: self.actor.clone(), tenant: None, input, seen: None, secret: Some(self.secret.clone()) }
    }

    /// The customer whom the page is about: the one in its address, or one's own.
    pub(crate) fn customer(&self) -> Option<CustomerId> {
        match self.ids.get("customer").and_then(Value::as_str) {
            Some(id) => id.parse().ok(),
            None => self.actor.customer,
        }
    }

    /// An id in the path; what is none names nothing that is there.
    pub(crate) fn id<T: std::str::FromStr>(&self, name: &str) -> Result<T, Problem> {
        let text = self.ids.get(name).and_then(Value::as_str);
        text.and_then(|text| text.parse().ok()).ok_or_else(|| ProblemCode::NotThere.into())
    }

    /// The first value of a parameter in the query, where there is something in it.
    pub(crate) fn asks(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, text)| key == name && !text.is_empty()).map(|(_, text)| text.as_str())
    }

    /// All values of a parameter in the query.
    pub(crate) fn asks_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, text)| key == name && !text.is_empty()).map(|(_, text)| text.as_str())
    }

    /// Where this customer's pages stand, for whoever looks: below the customer for staff, at `/my` for their own people.
    pub(crate) fn home(&self) -> String {
        match (self.me.population, self.customer()) {
            (Population::Customer, _) => "/my".to_owned(),
            _ if self.me.impersonates => "/my".to_owned(),
            (_, Some(customer)) => format!("/console/customers/{customer}"),
            // What belongs to no customer is the organisation's own.
            (_, None) => "/console/own".to_owned(),
        }
    }

    /// Whether a customer's own page is looked at: by one of theirs, or by whoever opened their account.
    pub(crate) fn is_customers(&self) -> bool {
        self.me.population == Population::Customer || self.me.impersonates
    }

    /// A text.
    pub(crate) fn t(&self, key: &str) -> String {
        self.language.say(key, &[])
    }

    /// A text with something in it.
    pub(crate) fn say(&self, key: &str, with: &[(&str, FluentValue<'_>)]) -> String {
        self.language.say(key, with)
    }

    /// A word of the API as people read it: `status-active`.
    pub(crate) fn word(&self, kind: &str, word: &str) -> String {
        self.t(&format!("{kind}-{}", word.replace(['.', '_'], "-")))
    }

    /// An instant in the organisation's zone.
    pub(crate) fn at(&self, at: At) -> String {
        self.language.instant(&self.zone, at.0)
    }

    /// A day in the organisation's zone.
    pub(crate) fn day(&self, at: At) -> String {
        self.language.day(&self.zone, at.0)
    }

    /// A number.
    pub(crate) fn n(&self, number: impl TryInto<i64>) -> String {
        self.language.number(number.try_into().unwrap_or(i64::MAX))
    }

    /// A token for a form on this page.
    pub(crate) fn token(&self) -> String {
        forged::token(&self.secret, &super::act::chance())
    }

    /// What was typed into a form of one of these operations and not taken, or only tried.
    pub(crate) fn typed_into(&self, acts: &[&'static str]) -> Option<&[(String, String)]> {
        let entered = self.entered.as_ref().map(|one| (one.act.as_str(), one.fields.as_slice()));
        let tried = self.tried.as_ref().map(|one| (one.act.as_str(), one.fields.as_slice()));
        entered.or(tried).filter(|(act, _)| acts.contains(act)).map(|(_, fields)| fields)
    }

    /// What an operation answered that was only tried.
    pub(crate) fn answered(&self, act: &str) -> Option<&Value> {
        self.tried.as_ref().filter(|tried| tried.act == act).map(|tried| &tried.given)
    }
}

impl Visited {
    /// The same visit, with what was typed and not taken.
    pub(crate) fn with(&self, entered: Entered) -> Self {
        Self { entered: Some(entered), ..self.again() }
    }

    /// The same visit, with what was typed and tried.
    pub(crate) fn with_tried(&self, tried: Tried) -> Self {
        Self { tried: Some(tried), ..self.again() }
    }

    fn again(&self) -> Self {
        Self {
            engine: self.engine.clone(),
            actor: self.actor.clone(),
            secret: self.secret.clone(),
            me: self.me.clone(),
            zone: self.zone.clone(),
            path: self.path.clone(),
            ids: self.ids.clone(),
            query: self.query.clone(),
            origin: self.origin.clone(),
            language: self.language,
            theme: self.theme,
            now: self.now,
            follows: self.follows,
            is_tls: self.is_tls,
            denied: Mutex::default(),
            entered: None,
            tried: None,
        }
    }
}
