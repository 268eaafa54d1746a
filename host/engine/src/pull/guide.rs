//! What a third party reads to begin with: its endpoints with their fields, its dates and its limits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{self, DestinationFacts};
use weighbridge_model::id::{ConnectionId, EndpointId, RunId};
use weighbridge_model::meter::Quota;
use weighbridge_model::service::{AccessId, Pull};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_store::verbs::{Route, gather_pull};

use super::authenticate::Caller;
use super::error::PullError;
use crate::account::WindowView;
use crate::chance;
use crate::connector::StreamFacts;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// What a third party reads to begin with.
#[derive(Clone, Debug, PartialEq)]
pub struct PullGuide {
    /// What its access is called.
    pub name: String,
    /// The Connection ID that it comes with.
    pub access_id: AccessId,
    /// Whether its time is still to come.
    pub begins: Option<Timestamp>,
    /// From when to when, in words too.
    pub window: WindowView,
    /// The tenant's zone, in which dates without a time are meant.
    pub zone: String,
    /// The most requests in a minute.
    pub rate_per_minute: Option<u32>,
    /// What it may use.
    pub quota: Quota,
    /// The endpoints that it may read, by name.
    pub endpoints: Vec<PullEndpoint>,
}

/// One endpoint that it may read.
#[derive(Clone, Debug, PartialEq)]
pub struct PullEndpoint {
    /// Its name, as it stands in the address.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The fields that name a record.
    pub primary_key: Vec<String>,
    /// Whether it can be asked for what changed since an instant.
    pub knows_since: bool,
    /// The JSON Schema of a record, where the source says it.
    pub schema: Option<Value>,
}

/// A stream is looked at anew so often.
const KNOWN_MS: i64 = 5 * 60 * 1_000;
/// So long a source may take to say what it has.
const PATIENCE: Duration = Duration::from_secs(10);
/// More are not remembered.
const STREAMS_MAX: usize = 10_000;

pub(crate) type Place = (ConnectionId, EndpointId, String);
/// Since when, and what; nothing where the source did not say.
type Known = (Timestamp, Option<Arc<StreamFacts>>);

/// What streams are, for a while.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<BTreeMap<Place, Known>>);

impl Streams {
    pub(crate) fn known(&self, place: &Place, now: Timestamp) -> Option<Option<Arc<StreamFacts>>> {
        let streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, facts) = streams.get(place)?;
        (*at <= now && now < at.plus_millis(KNOWN_MS)).then(|| facts.clone())
    }

    pub(crate) fn learn(&self, place: Place, now: Timestamp, facts: Option<Arc<StreamFacts>>) {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if streams.len() >= STREAMS_MAX {
            streams.clear();
        }
        streams.insert(place, (now, facts));
    }
}

impl Engine {
    /// What a third party reads to begin with; like a ping, also before its time has come.
    pub async fn pull_guide(&self, caller: &Caller) -> Result<PullGuide, PullError> {
        let (service, begins) = self.greet(caller).await?;
        let mut endpoints = Vec::new();
        let mut zone = None;
        for id in &service.scopes {
            let route = self.pull_route(caller, *id)?;
            zone.get_or_insert_with(|| route.tenant.zone.clone());
            endpoints.push(self.pull_endpoint(&route).await?);
        }
        endpoints.sort_by(|one, other| one.name.cmp(&other.name));
        let zone = match zone {
            Some(zone) => zone,
            None => self.zone_of(caller.scope().tenant())?,
        };
        let texts = Texts::new(&self.host.ring, customer_owner(caller.scope()), service.id.as_bytes());
        Ok(PullGuide {
            name: texts.open_text("name", &service.name)?,
            access_id: service.access_id,
            begins,
            window: WindowView::new(service.window, &zone),
            zone: zone.name().to_owned(),
            rate_per_minute: service.rate_per_minute.map(std::num::NonZeroU32::get),
            quota: service.quota,
            endpoints,
        })
    }

    /// The JSON Schema of an endpoint's records, where it is known. Whoever asks was admitted to it already.
    pub async fn pull_schema(&self, caller: &Caller, endpoint: &str) -> Result<Option<Value>, PullError> {
        let Some(id) = self.endpoint_named(caller, endpoint)? else { return Ok(None) };
        if !self.service_of(caller)?.scopes.contains(&id) {
            return Ok(None);
        }
        let route = self.pull_route(caller, id)?;
        Ok(self.host.stream(&route).await?.and_then(|facts| facts.schema.clone()))
    }

    pub(super) fn pull_route(&self, caller: &Caller, endpoint: EndpointId) -> Result<Route, PullError> {
        let (scope, now) = (caller.scope(), self.host.now());
        let pull = Pull::new(caller.service(), endpoint);
        Ok(self.host.store.read(|tx| gather_pull(tx, scope, pull, now))?)
    }

    async fn pull_endpoint(&self, route: &Route) -> Result<PullEndpoint, PullError> {
        let endpoint = &route.source.endpoint;
        let texts = Texts::new(&self.host.ring, customer_owner(route.scope), endpoint.id.as_bytes());
        let facts = self.host.stream(route).await?;
        Ok(PullEndpoint {
            name: texts.open_text("name", &endpoint.name)?,
            description: texts.open_text("description", &endpoint.description)?,
            primary_key: facts.iter().flat_map(|facts| facts.primary_key.clone()).collect(),
            knows_since: facts.as_ref().is_some_and(|facts| facts.knows_instants()),
            schema: facts.and_then(|facts| facts.schema.clone()),
        })
    }
}

impl Host {
    /// What the stream of an endpoint is, as the source last said. The source is asked only while the gate would let a page
    /// through but for the access's own time, so that documentation moves nothing that a page may not.
    async fn stream(&self, route: &Route) -> Result<Option<Arc<StreamFacts>>, EngineError> {
        let Some(place) = &route.source.endpoint.place else { return Ok(None) };
        let (now, key) = (self.now(), (place.connection, route.source.endpoint.id, place.stream.to_string()));
        if let Some(known) = self.streams.known(&key, now) {
            return Ok(known);
        }
        let mut facts = route.facts(true, None);
        if let DestinationFacts::Pull(Some(service)) = &mut facts.destination {
            service.window = Window::ALWAYS;
        }
        if gate::decide(&facts, now).is_err() {
            return Ok(None);
        }
        let run = RunId::new(now, chance::bytes()?);
        let asked = async { self.side(route, &route.source, run).await?.stream_facts(Direction::Source).await };
        let facts = match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(facts)) => Some(Arc::new(facts)),
            _ => None,
        };
        self.streams.learn(key, now, facts.clone());
        Ok(facts)
    }
}
