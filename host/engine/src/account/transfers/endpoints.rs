//! Endpoints: a name and a description suffice for one; its name is never changed, and never given again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, Role, kinds};
use weighbridge_model::connection::Owner;
use weighbridge_model::drift::DriftPolicy;
use weighbridge_model::endpoint::{Direction, Endpoint};
use weighbridge_model::id::{ConnectionId, EndpointId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::{Position, Timestamp, Zone};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Connections, CustomerIndex, Endpoints, Kind, StreamSchemas, Transfers};

use crate::account::edit::if_match;
use crate::account::{Page, Whose, WindowView, etag, inputs};
use crate::apply::{Plan, endpoint as plan};
use crate::audit::{AuditDetail, FieldChange};
use crate::document::{EndpointDocument, WindowDocument};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner, customer_owner};

/// An endpoint to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEndpoint {
    /// Its name, unique in the customer; it never changes, and is never given again.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether data comes from there or goes there.
    pub direction: Direction,
    /// The connected system; an endpoint without one needs configuration.
    #[serde(default)]
    pub connection: Option<ConnectionId>,
    /// The stream there.
    #[serde(default)]
    pub stream: Option<String>,
    /// The customer's number inside a tenant's own connection.
    #[serde(default)]
    pub partition: Option<String>,
    /// Whether it may be used; `on` where it is left out.
    #[serde(default)]
    pub switch: Option<Switch>,
    /// From when to when; always where it is left out.
    #[serde(default)]
    pub window: Option<WindowDocument>,
    /// Of a source: what happens when records do not fit what was accepted of the stream; `evolve` where it is left out.
    #[serde(default)]
    pub drift: Option<DriftPolicy>,
}

/// What is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeEndpoint {
    /// What it is for.
    pub description: Option<String>,
    /// The connected system.
    pub connection: Option<ConnectionId>,
    /// The stream there.
    pub stream: Option<String>,
    /// The customer's number inside a tenant's own connection; an empty one takes it away.
    pub partition: Option<String>,
    /// Whether it may be used.
    pub switch: Option<Switch>,
    /// From when to when.
    pub window: Option<WindowDocument>,
    /// Of a source: what happens when records do not fit what was accepted of the stream.
    pub drift: Option<DriftPolicy>,
}

/// How an endpoint stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndpointStatus {
    /// It may be used.
    On,
    /// A person switched it off.
    Off,
    /// It has no connected system or stream yet.
    NeedsConfiguration,
    /// Its time has not begun.
    NotStarted,
    /// Its time is over.
    Ended,
}

/// An endpoint, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EndpointView {
    /// Its id.
    pub id: EndpointId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether data comes from there or goes there.
    pub direction: Direction,
    /// How it stands.
    pub status: EndpointStatus,
    /// The connected system.
    pub connection: Option<ConnectionId>,
    /// What that is called.
    pub connection_label: Option<String>,
    /// The stream there.
    pub stream: Option<String>,
    /// The customer's number inside a tenant's own connection; shown to the tenant's people.
    pub partition: Option<String>,
    /// From when to when.
    pub window: WindowView,
    /// Of a source: what happens when records do not fit what was accepted of the stream.
    pub drift: Option<DriftPolicy>,
    /// The transfers that use it.
    pub used_by: Vec<String>,
    /// What it is known by until it is changed.
    pub etag: String,
}

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// A customer's endpoints.
    pub fn endpoints(&self, may: &Permission<kinds::TransfersRead>) -> Result<Page<EndpointView>, Problem> {
        let scope = CustomerScope::of(may);
        let (_, zone) = self.customer_and_zone(scope)?;
        let rows = self.host.store.read(|tx| tx.scan::<Endpoints>(&scope, None, ROWS_MAX));
        let rows = rows.map_err(EngineError::from)?;
        let views = rows.iter().map(|(_, row)| self.endpoint_view(scope, row, &zone, may.actor().role));
        let mut items = views.collect::<Result<Vec<_>, EngineError>>()?;
        items.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Page { items, next: None })
    }

    /// One endpoint.
    pub fn endpoint(&self, may: &Permission<kinds::TransfersRead>, id: EndpointId) -> Result<EndpointView, Problem> {
        self.endpoint_of(CustomerScope::of(may), id, may.actor().role)
    }

    /// Makes an endpoint.
    pub async fn create_endpoint(
        &self,
        may: &Permission<kinds::TransfersChange>,
        new: &NewEndpoint,
    ) -> Result<EndpointView, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        inputs::name(&new.name)?;
        if self.thing_named(scope, Kind::Endpoint, &new.name)?.is_some() {
            return Err(Problem::from(ProblemCode::NameKept).at("name", format!("`{}` is or was one", new.name)));
        }
        let document = EndpointDocument {
            name: new.name.clone(),
            description: Some(new.description.clone()),
            direction: Some(new.direction),
            connection: new.connection.map(|id| self.label_of(scope, id)).transpose()?,
            stream: new.stream.clone(),
            partition: new.partition.clone(),
            switch: new.switch,
            window: new.window.clone(),
            drift: new.drift,
        };
        let work = async |planned: &mut Plan<'_>| plan::plan(planned, scope, &document, "").await;
        let told = ("endpoint.created", document.name.as_str().into());
        self.apply_one((scope.tenant(), Some(scope)), may.by(), told, work).await?;
        let id = self.thing_named(scope, Kind::Endpoint, &new.name)?.ok_or(ProblemCode::NotThere)?;
        self.endpoint_of(scope, EndpointId::from_bytes(id), may.actor().role)
    }

    /// Changes an endpoint; its name and direction stay.
    pub async fn change_endpoint(
        &self,
        may: &Permission<kinds::TransfersChange>,
        id: EndpointId,
        change: &ChangeEndpoint,
        seen: Option<&str>,
    ) -> Result<EndpointView, Problem> {
        let scope = CustomerScope::of(may);
        let row = self.host.store.read(|tx| tx.get::<Endpoints>(&scope, &id)).map_err(EngineError::from)?;
        let row = row.ok_or(ProblemCode::NotThere)?;
        if_match(seen, &row)?;
        // A stream or a partition alone is of the connection that is there.
        let connection = match (change.connection, &row.place) {
            (None, Some(place)) if change.stream.is_some() || change.partition.is_some() => Some(place.connection),
            (connection, _) => connection,
        };
        let stream = match (&change.stream, &row.place) {
            (None, Some(place)) if connection.is_some() => Some(place.stream.to_string()),
            (stream, _) => stream.clone(),
        };
        let document = EndpointDocument {
            name: self.host.name_in(scope, id.as_bytes(), &row.name)?,
            description: change.description.clone(),
            direction: None,
            connection: connection.map(|id| self.label_of(scope, id)).transpose()?,
            stream,
            partition: change.partition.clone(),
            switch: change.switch,
            window: change.window.clone(),
            drift: change.drift,
        };
        let changes = self.endpoint_changes(scope, &row, &document, may.actor().role)?;
        let work = async |planned: &mut Plan<'_>| plan::plan(planned, scope, &document, "").await;
        let told = ("endpoint.changed", AuditDetail { text: document.name.clone(), changes });
        self.apply_one((scope.tenant(), Some(scope)), may.by(), told, work).await?;
        self.endpoint_of(scope, id, may.actor().role)
    }

    /// Deletes an endpoint that no transfer uses and no third party may read. Its name stays its own, since history names it.
    pub async fn delete_endpoint(
        &self,
        may: &Permission<kinds::TransfersChange>,
        id: EndpointId,
        seen: Option<&str>,
    ) -> Result<(), Problem> {
        let scope = CustomerScope::of(may);
        self.edit(|edit| {
            let row = edit.need::<Endpoints>(scope, id)?;
            if_match(seen, &row)?;
            let mut uses = self.transfers_at_endpoint(scope, id)?;
            uses.extend(self.services_that_read(scope, id)?);
            if !uses.is_empty() {
                return Err(Problem::from(ProblemCode::InUse).with("uses", uses));
            }
            let name = self.host.name_in(scope, id.as_bytes(), &row.name)?;
            edit.remove::<Endpoints>(scope, id);
            edit.remove::<StreamSchemas>(scope, id);
            edit.audit(self.audit_customer(scope, may.by(), "endpoint.deleted", name.as_str().into())?);
            Ok(())
        })
        .await
    }

    /// What a document asks to be another of an endpoint.
    fn endpoint_changes(
        &self,
        scope: CustomerScope,
        row: &Endpoint,
        document: &EndpointDocument,
        role: Role,
    ) -> Result<Vec<FieldChange>, Problem> {
        let (_, zone) = self.customer_and_zone(scope)?;
        let seen = self.endpoint_view(scope, row, &zone, role)?;
        let window = document.window.as_ref().map(|window| inputs::window(window, &zone)).transpose()?;
        let window = window.map(|window| WindowView::new(window, &zone).words);
        let changes = [
            FieldChange::asked("description", &seen.description, document.description.as_ref()),
            FieldChange::asked("connection", &seen.connection_label, document.connection.as_ref()),
            FieldChange::asked("stream", &seen.stream, document.stream.as_ref()),
            FieldChange::asked("partition", &seen.partition, document.partition.as_ref()),
            FieldChange::asked("switch", &row.switch, document.switch.as_ref()),
            FieldChange::asked("window", &seen.window.words, window.as_ref()),
            FieldChange::asked("drift", &row.drift, document.drift.as_ref()),
        ];
        Ok(changes.into_iter().flatten().collect())
    }

    /// The id that stands under a name, though what had it may be gone.
    pub(crate) fn thing_named(
        &self,
        scope: CustomerScope,
        kind: Kind,
        name: &str,
    ) -> Result<Option<[u8; 16]>, EngineError> {
        let hash = self.host.ring.name_hash(customer_owner(scope), kind.word(), name)?;
        let found = self.host.store.read(|tx| tx.get::<CustomerIndex>(&scope, &(kind.number(), hash)))?;
        Ok(found.map(|found| found.id))
    }

    /// The label of a connection that serves a customer.
    fn label_of(&self, scope: CustomerScope, id: ConnectionId) -> Result<String, Problem> {
        let found =
            self.host.store.read(|tx| tx.get::<Connections>(&scope.tenant(), &id)).map_err(EngineError::from)?;
        let row = found.filter(|row| row.owner.serves(scope.id()));
        let row = row.ok_or_else(|| Problem::invalid("connection", "the customer has no such connected system"))?;
        let label =
            Texts::new(&self.host.ring, connection_owner(&row), row.id.as_bytes()).open_text("label", &row.label)?;
        if row.owner == Owner::Tenant && self.connection_named(Whose::Customer(scope), &label)?.is_some() {
            // An endpoint finds its connection by the label, and the customer's own would be found first.
            let what =
                format!("the customer has a connected system `{label}` of its own; give one of them another label");
            return Err(Problem::invalid("connection", what));
        }
        Ok(label)
    }

    pub(crate) fn transfers_at_endpoint(
        &self,
        scope: CustomerScope,
        id: EndpointId,
    ) -> Result<Vec<String>, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Transfers>(&scope, None, ROWS_MAX))?;
        let using =
            rows.into_iter().filter(|(_, row)| row.removed_at.is_none() && (row.source == id || row.destination == id));
        using
            .map(|(_, row)| Ok(format!("transfer {}", self.host.name_in(scope, row.id.as_bytes(), &row.name)?)))
            .collect()
    }

    fn endpoint_of(&self, scope: CustomerScope, id: EndpointId, role: Role) -> Result<EndpointView, Problem> {
        let (_, zone) = self.customer_and_zone(scope)?;
        let row = self.host.store.read(|tx| tx.get::<Endpoints>(&scope, &id)).map_err(EngineError::from)?;
        Ok(self.endpoint_view(scope, &row.ok_or(ProblemCode::NotThere)?, &zone, role)?)
    }

    fn endpoint_view(
        &self,
        scope: CustomerScope,
        row: &Endpoint,
        zone: &Zone,
        role: Role,
    ) -> Result<EndpointView, EngineError> {
        let texts = Texts::new(&self.host.ring, customer_owner(scope), row.id.as_bytes());
        let place = row.place.as_ref();
        let label = match place {
            Some(place) => self.label_of(scope, place.connection).ok(),
            None => None,
        };
        let partition = place
            .and_then(|place| place.partition.as_ref())
            .filter(|_| !crate::account::connections::is_of_customer(role));
        Ok(EndpointView {
            id: row.id,
            name: texts.open_text("name", &row.name)?,
            description: texts.open_text("description", &row.description)?,
            direction: row.direction,
            status: status(row, self.host.now()),
            connection: place.map(|place| place.connection),
            connection_label: label,
            stream: place.map(|place| place.stream.to_string()),
            partition: partition.map(|sealed| texts.open_text("partition", sealed)).transpose()?,
            window: WindowView::new(row.window, zone),
            drift: (row.direction == Direction::Source).then_some(row.drift),
            used_by: self.transfers_at_endpoint(scope, row.id)?,
            etag: etag(row),
        })
    }
}

fn status(row: &Endpoint, now: Timestamp) -> EndpointStatus {
    match (row.switch, &row.place, row.window.position(now)) {
        (Switch::Off, ..) => EndpointStatus::Off,
        (Switch::On, None, _) => EndpointStatus::NeedsConfiguration,
        (Switch::On, Some(_), Position::NotStarted(_)) => EndpointStatus::NotStarted,
        (Switch::On, Some(_), Position::Ended(_)) => EndpointStatus::Ended,
        (Switch::On, Some(_), Position::Inside(_)) => EndpointStatus::On,
    }
}
