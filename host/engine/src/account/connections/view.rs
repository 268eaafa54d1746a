//! A connection, as people see it: how it stands in one word, what it does, and why it stands still.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use weighbridge_model::access::{Permission, Role, Who, kinds};
use weighbridge_model::connection::{CapabilityKey, Connection, ConnectionStatus, Owner};
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{ConnectorFact, RefusalCode};
use weighbridge_model::id::{ConnectionId, IntegrationId};
use weighbridge_model::integration::Integration;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::{Status, Switch};
use weighbridge_model::time::{Position, Timestamp};
use weighbridge_store::tables::{
    Connections, Endpoints, Hosts, Integrations, Packages, Progresses, Schedules, Tenants, Transfers,
};
use weighbridge_store::{CustomerScope, HostScope};

use super::platforms::is_of_customer;
use crate::account::{At, Page, WindowView, etag};
use crate::audit::actor_word;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner, customer_owner};

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
    /// Who made it, and when.
    pub made_by: Option<String>,
    /// When it was made.
    pub made_at: Option<At>,
    /// Who entered its credential, and alone may replace it.
    pub credential_by: Option<String>,
    /// Whether the person who asks entered it.
    pub credential_is_yours: bool,
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
            items.push(self.view_for(scope, id, may.actor().role, Some(may.actor().who)).await?);
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
        self.view_for(CustomerScope::of(may), id, may.actor().role, Some(may.actor().who)).await
    }

    pub(crate) async fn connection_view(
        &self,
        scope: CustomerScope,
        id: ConnectionId,
        role: Role,
    ) -> Result<ConnectionView, Problem> {
        self.view_for(scope, id, role, None).await
    }

    /// The customer's own, and those of the tenant that its endpoints use.
    pub(crate) fn connections_of(&self, scope: CustomerScope) -> Result<Vec<ConnectionId>, EngineError> {
        self.host.connections_of(scope)
    }

    /// A connection that a customer sees: its own, or its tenant's.
    pub(crate) fn seen_connection(
        &self,
        scope: CustomerScope,
        id: ConnectionId,
    ) -> Result<(Connection, Integration), Problem> {
        let tenant = scope.tenant();
        let found = self.host.store.read(|tx| {
            let Some(row) = tx.get::<Connections>(&tenant, &id)? else { return Ok(None) };
            let offer = tx.need::<Integrations>(&tenant, &row.integration)?;
            Ok(Some((row, offer)))
        });
        let found = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        let serves = match found.0.owner {
            Owner::Customer(customer) => customer == scope.id(),
            Owner::Tenant => self.connections_of(scope)?.contains(&id),
        };
        if serves { Ok(found) } else { Err(ProblemCode::NotThere.into()) }
    }

    async fn view_for(
        &self,
        scope: CustomerScope,
        id: ConnectionId,
        role: Role,
        who: Option<Who>,
    ) -> Result<ConnectionView, Problem> {
        let (row, offer) = self.seen_connection(scope, id)?;
        let zone = self.zone_of(scope.tenant())?;
        let manifest = self.manifest_of(&offer).await.ok();
        let texts = Texts::new(&self.host.ring, connection_owner(&row), row.id.as_bytes());
        let offered = crate::connector::integration_texts(&self.host.ring, &offer).open_text("name", &offer.name)?;
        let tenants_own = row.owner == Owner::Tenant;
        let shows_settings = !(tenants_own && is_of_customer(role));
        let configuration = texts.open("configuration", &row.configuration)?;
        let (last_run, next_run) = self.runs_over(scope, id)?;
        let functions = manifest.iter().flat_map(|manifest| &manifest.capabilities).map(|one| {
            let key = one.stream.parse().ok().map(|stream| CapabilityKey { stream, direction: one.direction });
            let is_off = key.is_some_and(|key| row.capabilities_off.contains(&key));
            FunctionView {
                stream: one.stream.clone(),
                direction: one.direction,
                purpose: one.purpose.clone(),
                switch: if is_off { Switch::Off } else { Switch::On },
            }
        });
        Ok(ConnectionView {
            id,
            label: texts.open_text("label", &row.label)?,
            integration: offer.id,
            integration_name: offered,
            platform: manifest.as_ref().map_or_else(|| offer.connector.to_string(), |one| one.title.clone()),
            tenants_own,
            status: row.status(self.host.now()),
            stands_still: self.stands_still(scope, &row, &offer)?,
            functions: functions.collect(),
            configuration: shows_settings.then(|| serde_json::from_slice(&configuration).unwrap_or_default()),
            window: WindowView::new(row.window, &zone),
            made_by: row.made_by.map(|by| actor_word(by.who)),
            made_at: row.made_at.map(At),
            credential_by: row.entered_by.map(|by| actor_word(by.who)),
            credential_is_yours: row.entered_by.is_some_and(|by| Some(by.who) == who),
            last_run: last_run.map(At),
            next_run: next_run.map(At),
            etag: etag(&row),
        })
    }

    /// When transfers over a connection last ended, and when one of them is due.
    fn runs_over(
        &self,
        scope: CustomerScope,
        id: ConnectionId,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), EngineError> {
        Ok(self.host.store.read(|tx| {
            let (mut last, mut next) = (None, None);
            for transfer in self.transfers_over(tx, scope, id)? {
                let progress = tx.get::<Progresses>(&scope, &transfer)?;
                last = last.max(progress.and_then(|progress| progress.ended_at));
                let due = tx.get::<Schedules>(&scope, &transfer)?.and_then(|row| row.due_at);
                next = [next, due].into_iter().flatten().min();
            }
            Ok((last, next))
        })?)
    }

    /// The transfers that read from a connection or write to it.
    pub(crate) fn transfers_over(
        &self,
        tx: &weighbridge_store::Tx<'_>,
        scope: CustomerScope,
        id: ConnectionId,
    ) -> Result<Vec<weighbridge_model::id::TransferId>, weighbridge_store::TxError> {
        let endpoints = tx.scan::<Endpoints>(&scope, None, ROWS_MAX)?;
        let used: std::collections::BTreeSet<_> = endpoints
            .into_iter()
            .filter(|(_, row)| row.place.as_ref().is_some_and(|place| place.connection == id))
            .map(|(endpoint, _)| endpoint)
            .collect();
        let transfers = tx.scan::<Transfers>(&scope, None, ROWS_MAX)?;
        let over =
            transfers.into_iter().filter(|(_, row)| used.contains(&row.source) || used.contains(&row.destination));
        Ok(over.map(|(transfer, _)| transfer).collect())
    }

    /// The names of those that are on.
    pub(crate) fn running_over(&self, scope: CustomerScope, id: ConnectionId) -> Result<Vec<String>, EngineError> {
        let rows = self.host.store.read(|tx| {
            let over = self.transfers_over(tx, scope, id)?;
            over.iter().map(|id| tx.need::<Transfers>(&scope, id)).collect::<Result<Vec<_>, _>>()
        })?;
        let on = rows.into_iter().filter(|row| row.switch == Switch::On);
        on.map(|row| {
            let texts = Texts::new(&self.host.ring, customer_owner(scope), row.id.as_bytes());
            Ok(format!("transfer {}", texts.open_text("name", &row.name)?))
        })
        .collect()
    }

    /// The first level, from the outside in, that keeps a connection from being used.
    fn stands_still(
        &self,
        scope: CustomerScope,
        row: &Connection,
        offer: &Integration,
    ) -> Result<Option<StandsStill>, EngineError> {
        let (customer, _) =
            self.customer_and_zone(scope).map_err(|problem| EngineError::Egress(problem.to_string()))?;
        let (frozen, tenant, package) = self.host.store.read(|tx| {
            let frozen = tx.get::<Hosts>(&HostScope::new(), &())?.is_some_and(|host| host.frozen);
            let tenant = tx.need::<Tenants>(&scope.tenant(), &())?.status;
            Ok((frozen, tenant, tx.get::<Packages>(&HostScope::new(), &offer.connector)?))
        })?;
        let now = self.host.now();
        let standing = self.host.trust()?.standing(offer.connector.as_str(), package.as_ref());
        let outer = [
            (frozen).then_some((RefusalCode::HostFrozen, "operator", None)),
            (tenant == Status::Inactive).then_some((RefusalCode::TenantInactive, "operator", None)),
            (customer.status_at(now) == CustomerStatus::Inactive).then_some((
                RefusalCode::CustomerInactive,
                "partner",
                customer.active_from(),
            )),
            match customer.window.position(now) {
                Position::NotStarted(start) => Some((RefusalCode::CustomerNotStarted, "partner", Some(start))),
                Position::Inside(_) => None,
                Position::Ended(_) => Some((RefusalCode::CustomerEnded, "partner", None)),
            },
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

const fn connector(standing: ConnectorFact) -> Option<RefusalCode> {
    match standing {
        ConnectorFact::Usable => None,
        ConnectorFact::Absent => Some(RefusalCode::ConnectorAbsent),
        ConnectorFact::Untrusted => Some(RefusalCode::ConnectorUntrusted),
        ConnectorFact::Revoked => Some(RefusalCode::ConnectorRevoked),
        ConnectorFact::ApprovalNeeded => Some(RefusalCode::ConnectorApprovalNeeded),
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
