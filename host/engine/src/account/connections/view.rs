//! A connection, as people see it: how it stands in one word, what it does, and why it stands still.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use weighbridge_model::access::{ActorRef, Permission, Role, kinds};
use weighbridge_model::connection::{CapabilityKey, Connection, ConnectionStatus, Owner};
use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{ConnectorFact, RefusalCode};
use weighbridge_model::id::{ConnectionId, IntegrationId};
use weighbridge_model::integration::Integration;
use weighbridge_model::package::Manifest;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::{Status, Switch};
use weighbridge_model::time::{Position, Timestamp, Window};
use weighbridge_store::tables::{Connections, Customers, Endpoints, Hosts, Integrations, Packages, Tenants};
use weighbridge_store::{CustomerScope, HostScope};

use super::platforms::is_of_customer;
use super::whose::{Asks, Whose};
use crate::account::{At, Page, WindowView, etag};
use crate::apply::connection as plan;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::people::{Naming, Reader};
use crate::texts::{Texts, connection_owner};

/// A connection, as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ConnectionView {
    /// Its id.
    pub id: ConnectionId,
    /// What it is called.
    pub label: String,
    /// The offer it was made by.
    pub integration: IntegrationId,
    /// What that is called.
    pub integration_name: String,
    /// The platform's name.
    pub platform: String,
    /// Whether it is the tenant's own, which serves several customers.
    pub tenants_own: bool,
    /// How it stands.
    pub status: ConnectionStatus,
    /// Why it stands still, if it does, and whom to ask.
    pub stands_still: Option<StandsStill>,
    /// What it can do, each with its own switch.
    pub functions: Vec<FunctionView>,
    /// Its settings, without secrets; of a tenant's own connection they are shown to nobody of a customer's.
    pub configuration: Option<Map<String, Value>>,
    /// From when to when.
    pub window: WindowView,
    /// Who made it: an id, `operator` or a link.
    pub made_by: Option<String>,
    /// What they are called, as far as whoever asks may know it.
    pub made_by_name: Option<String>,
    /// Whether they are not here any more.
    pub made_by_removed: bool,
    /// When it was made.
    pub made_at: Option<At>,
    /// Who entered its credential, and alone may replace it.
    pub credential_by: Option<String>,
    /// What they are called, as far as whoever asks may know it.
    pub credential_by_name: Option<String>,
    /// Whether they are not here any more.
    pub credential_by_removed: bool,
    /// Whether the person who asks entered it.
    pub credential_is_yours: bool,
    /// Whether its time is for whoever asks to change, as far as their role goes: a customer's people change what is self-managed.
    pub changeable: bool,
    /// Whether its credential is for whoever asks to replace, and with it where it is sent.
    pub replaceable: bool,
    /// When a transfer over it last ended.
    pub last_run: Option<At>,
    /// When a transfer over it runs next by itself.
    pub next_run: Option<At>,
    /// What it is known by until it is changed.
    pub etag: String,
}

/// One function of a connected system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FunctionView {
    /// The stream.
    pub stream: String,
    /// Whether it is read or written.
    pub direction: Direction,
    /// What it is for.
    pub purpose: String,
    /// Whether it may be used.
    pub switch: Switch,
}

/// Why a connected system stands still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StandsStill {
    /// The stable code.
    pub code: String,
    /// What it means.
    pub sentence: String,
    /// What can be done.
    pub next_step: String,
    /// Whom to ask: `you`, `partner` or `operator`.
    pub ask: String,
    /// When that changes by itself.
    pub until: Option<At>,
}

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// What a customer has connected, and the tenant's own connections that serve it.
    pub async fn connections(&self, may: &Permission<kinds::ConnectionsRead>) -> Result<Page<ConnectionView>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let mut items = Vec::new();
        for id in self.connections_of(scope)? {
            items.push(self.view_by(&Asks::in_customer(may), id).await?);
        }
        items.sort_by(|one, other| one.label.cmp(&other.label));
        Ok(Page { items, next: None })
    }

    /// One connection.
    pub async fn connection(
        &self,
        may: &Permission<kinds::ConnectionsRead>,
        id: ConnectionId,
    ) -> Result<ConnectionView, Problem> {
        self.view_by(&Asks::in_customer(may), id).await
    }

    pub(crate) async fn connection_view(
        &self,
        scope: CustomerScope,
        id: ConnectionId,
        role: Role,
    ) -> Result<ConnectionView, Problem> {
        self.view_for(Whose::Customer(scope), id, role, Reader::stranger(role)).await
    }

    /// The customer's own, and those of the tenant that its endpoints use.
    pub(crate) fn connections_of(&self, scope: CustomerScope) -> Result<Vec<ConnectionId>, EngineError> {
        self.host.connections_of(scope)
    }

    /// A connection that is seen there: in a tenant its own; in a customer the customer's, and the tenant's that serve it.
    pub(crate) fn seen_connection(&self, whose: Whose, id: ConnectionId) -> Result<(Connection, Integration), Problem> {
        let tenant = whose.tenant();
        let found = self.host.store.read(|tx| {
            let Some(row) = tx.get::<Connections>(&tenant, &id)? else { return Ok(None) };
            let offer = tx.need::<Integrations>(&tenant, &row.integration)?;
            Ok(Some((row, offer)))
        });
        let found = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        let is_seen = match (whose, found.0.owner) {
            (Whose::Customer(scope), Owner::Customer(customer)) => customer == scope.id(),
            (Whose::Customer(scope), Owner::Tenant) => self.connections_of(scope)?.contains(&id),
            (Whose::Tenant(_), owner) => owner == Owner::Tenant,
        };
        if is_seen { Ok(found) } else { Err(ProblemCode::NotThere.into()) }
    }

    /// A connection as whoever asks sees it.
    pub(super) async fn view_by(&self, asks: &Asks, id: ConnectionId) -> Result<ConnectionView, Problem> {
        self.view_for(asks.whose, id, asks.role, asks.reader).await
    }

    async fn view_for(
        &self,
        whose: Whose,
        id: ConnectionId,
        role: Role,
        reader: Reader,
    ) -> Result<ConnectionView, Problem> {
        let (row, offer) = self.seen_connection(whose, id)?;
        let zone = self.zone_of(whose.tenant())?;
        let manifest = self.manifest_of(&offer).await.ok();
        let texts = Texts::new(&self.host.ring, connection_owner(&row), row.id.as_bytes());
        let offered = crate::connector::integration_texts(&self.host.ring, &offer).open_text("name", &offer.name)?;
        let tenants_own = row.owner == Owner::Tenant;
        // Of the tenant's own a customer's people see its name and whether it stands still, and nothing else.
        let shows = !(tenants_own && is_of_customer(role));
        let configuration = texts.open("configuration", &row.configuration)?;
        let (last_run, next_run) = self.runs_over(whose, id)?;
        let mut naming = Naming::new(self, whose.tenant(), reader);
        let customer = whose.customer().map(|of| of.id());
        let mut call = |by: Option<ActorRef>| {
            by.filter(|_| shows).map(|by| naming.call(by, customer)).transpose().map(Option::unwrap_or_default)
        };
        let (made, entered) = (call(row.made_by)?, call(row.entered_by)?);
        let changeable = tenants_own == matches!(whose, Whose::Tenant(_)) && self.is_managed_by(whose, role, &offer)?;
        let functions = manifest.as_ref().filter(|_| shows).map(|manifest| functions(manifest, &row));
        Ok(ConnectionView {
            id,
            label: texts.open_text("label", &row.label)?,
            integration: offer.id,
            integration_name: offered,
            platform: manifest.as_ref().map_or_else(|| offer.connector.to_string(), |one| one.title.clone()),
            tenants_own,
            status: row.status(self.host.now()),
            stands_still: self.stands_still(whose, &row, &offer)?,
            functions: functions.unwrap_or_default(),
            configuration: shows.then(|| serde_json::from_slice(&configuration).unwrap_or_default()),
            window: WindowView::new(if shows { row.window } else { Window::ALWAYS }, &zone),
            made_by: row.made_by.filter(|_| shows).map(|_| made.word),
            made_by_name: made.name,
            made_by_removed: made.removed,
            made_at: row.made_at.filter(|_| shows).map(At),
            credential_by: row.entered_by.filter(|_| shows).map(|_| entered.word),
            credential_by_name: entered.name,
            credential_by_removed: entered.removed,
            credential_is_yours: row.entered_by.is_some_and(|by| by.who == reader.who),
            changeable,
            replaceable: changeable && plan::may_replace(&row, Some(reader.who)),
            last_run: last_run.map(At),
            next_run: next_run.map(At),
            etag: etag(&row),
        })
    }

    /// The first level, from the outside in, that keeps a connection from being used.
    pub(crate) fn stands_still(
        &self,
        whose: Whose,
        row: &Connection,
        offer: &Integration,
    ) -> Result<Option<StandsStill>, EngineError> {
        let scope = whose.tenant();
        let (frozen, tenant, package, customer) = self.host.store.read(|tx| {
            let frozen = tx.get::<Hosts>(&HostScope::new(), &())?.is_some_and(|host| host.frozen);
            let tenant = tx.need::<Tenants>(&scope, &())?.status;
            let customer = whose.customer().map(|of| tx.need::<Customers>(&scope, &of.id())).transpose()?;
            Ok((frozen, tenant, tx.get::<Packages>(&HostScope::new(), &offer.connector)?, customer))
        })?;
        let now = self.host.now();
        let standing = self.host.trust()?.standing(offer.connector.as_str(), package.as_ref());
        let outer = [
            (frozen).then_some((RefusalCode::HostFrozen, "operator", None)),
            (tenant == Status::Inactive).then_some((RefusalCode::TenantInactive, "operator", None)),
            customer.as_ref().and_then(|customer| of_customer(customer, now)),
            connector(standing).map(|code| (code, "operator", None)),
            (offer.switch == Switch::Off).then_some((RefusalCode::IntegrationOff, "partner", None)),
            own(row, now),
        ];
        Ok(outer.into_iter().flatten().next().map(|(code, ask, until)| StandsStill {
            code: code.as_str().to_owned(),
            sentence: code.sentence().to_owned(),
            next_step: code.next_step().to_owned(),
            ask: ask.to_owned(),
            until: until.map(At),
        }))
    }
}

impl Host {
    /// The customer's own, and those of the tenant that its endpoints use.
    pub(crate) fn connections_of(&self, scope: CustomerScope) -> Result<Vec<ConnectionId>, EngineError> {
        let (rows, endpoints) = self.store.read(|tx| {
            let own = tx.scan::<weighbridge_store::tables::CustomerIndex>(&scope, None, ROWS_MAX)?;
            Ok((own, tx.scan::<Endpoints>(&scope, None, ROWS_MAX)?))
        })?;
        let kind = weighbridge_store::tables::Kind::Connection.number();
        let own = rows.into_iter().filter(|((number, _), _)| *number == kind).map(|(_, row)| row.id);
        let used = endpoints.into_iter().filter_map(|(_, row)| Some(*row.place?.connection.as_bytes()));
        let all: std::collections::BTreeSet<_> = own.chain(used).map(ConnectionId::from_bytes).collect();
        Ok(all.into_iter().collect())
    }
}

/// What the platform can do, and which of it is off: a stream that only the settings name stands there while it is off.
fn functions(manifest: &Manifest, row: &Connection) -> Vec<FunctionView> {
    let mut off = row.capabilities_off.clone();
    let mut functions = Vec::new();
    for one in &manifest.capabilities {
        let key = one.stream.parse().ok().map(|stream| CapabilityKey { stream, direction: one.direction });
        let is_off = key.is_some_and(|key| off.remove(&key));
        functions.push(FunctionView {
            stream: one.stream.clone(),
            direction: one.direction,
            purpose: one.purpose.clone(),
            switch: if is_off { Switch::Off } else { Switch::On },
        });
    }
    functions.extend(off.into_iter().map(|key| FunctionView {
        stream: key.stream.to_string(),
        direction: key.direction,
        purpose: String::new(),
        switch: Switch::Off,
    }));
    functions
}

const fn connector(standing: ConnectorFact) -> Option<RefusalCode> {
    match standing {
        ConnectorFact::Usable => None,
        ConnectorFact::Absent => Some(RefusalCode::ConnectorAbsent),
        ConnectorFact::Untrusted => Some(RefusalCode::ConnectorUntrusted),
        ConnectorFact::Revoked => Some(RefusalCode::ConnectorRevoked),
        ConnectorFact::ApprovalNeeded => Some(RefusalCode::ConnectorApprovalNeeded),
    }
}

/// What of the customer stands in the way.
fn of_customer(customer: &Customer, now: Timestamp) -> Option<(RefusalCode, &'static str, Option<Timestamp>)> {
    if customer.status_at(now) == CustomerStatus::Inactive {
        return Some((RefusalCode::CustomerInactive, "partner", customer.active_from()));
    }
    match customer.window.position(now) {
        Position::NotStarted(start) => Some((RefusalCode::CustomerNotStarted, "partner", Some(start))),
        Position::Inside(_) => None,
        Position::Ended(_) => Some((RefusalCode::CustomerEnded, "partner", None)),
    }
}

/// What of the connection itself stands in the way, and whom to ask: a tenant's own is the partner's to mend.
fn own(row: &Connection, now: Timestamp) -> Option<(RefusalCode, &'static str, Option<Timestamp>)> {
    let code = match row.status(now) {
        ConnectionStatus::On => return None,
        ConnectionStatus::Off => RefusalCode::ConnectionOff,
        ConnectionStatus::Suspended => RefusalCode::ConnectionSuspended,
        ConnectionStatus::NeedsConfiguration => RefusalCode::ConnectionNeedsConfiguration,
        ConnectionStatus::NeedsSignIn => RefusalCode::ConnectionSignInNeeded,
        ConnectionStatus::NotStarted => RefusalCode::ConnectionNotStarted,
        ConnectionStatus::Ended => RefusalCode::ConnectionEnded,
    };
    let until = row.window.start.filter(|start| *start > now);
    Some((code, if row.owner == Owner::Tenant { "partner" } else { "you" }, until))
}
