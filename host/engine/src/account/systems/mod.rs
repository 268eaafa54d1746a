//! All connections, endpoints and transfers of all customers in one list, and switching many of them at once.

mod switch;

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::connection::{Connection, Owner};
use weighbridge_model::id::{ConnectionId, CustomerId, EndpointId, IntegrationId, TransferId};
use weighbridge_model::problem::Problem;
use weighbridge_model::tenant::Switch;
use weighbridge_store::tables::{Connections, Customers, Endpoints, Transfers};
use weighbridge_store::{CustomerScope, TenantScope, Tx, TxError};

use super::view::Page;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner};

pub use switch::{SwitchSystems, SystemsSwitched};

/// What a list may be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemKind {
    /// Connected systems, the tenant's own among them.
    Connection,
    /// Endpoints.
    Endpoint,
    /// Transfers.
    Transfer,
}

impl SystemKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Endpoint => "endpoint",
            Self::Transfer => "transfer",
        }
    }
}

/// Which of them. All that is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SystemFilter {
    /// Only of this kind.
    pub kind: Option<SystemKind>,
    /// Only of this customer.
    pub of: Option<CustomerId>,
    /// Only at systems of this offer.
    pub integration: Option<IntegrationId>,
    /// Only what is switched so.
    pub switch: Option<Switch>,
    /// Whose name contains this, in any case.
    pub name: Option<String>,
    /// How many on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
}

/// One thing of a customer's, or the tenant's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SystemRow {
    /// By which it is switched with others: `transfer:CUSTOMER/ID`.
    pub reference: String,
    /// What it is.
    pub kind: SystemKind,
    /// Its customer; none for the tenant's own.
    pub customer: Option<CustomerId>,
    /// What that is called.
    pub customer_name: Option<String>,
    /// What it is called.
    pub name: String,
    /// Whether it may be used.
    pub switch: Switch,
    /// What else stands in the way, in a word: `suspended`, `needs_sign_in`.
    pub state: Option<String>,
}

/// A place in the list: everything of it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    Connection(ConnectionId),
    Endpoint(CustomerId, EndpointId),
    Transfer(CustomerId, TransferId),
}

impl Reference {
    const fn kind(self) -> SystemKind {
        match self {
            Self::Connection(_) => SystemKind::Connection,
            Self::Endpoint(..) => SystemKind::Endpoint,
            Self::Transfer(..) => SystemKind::Transfer,
        }
    }

    /// Whose it is, where its place says so.
    const fn customer(self) -> Option<CustomerId> {
        match self {
            Self::Connection(_) => None,
            Self::Endpoint(customer, _) | Self::Transfer(customer, _) => Some(customer),
        }
    }
}

/// Places read in one view of the store, and at most for one page: a page that found few says where to go on.
const STEP: usize = 500;
const LOOKED_AT_MAX: usize = 20_000;

impl Engine {
    /// A page of everything that a tenant's customers, and the tenant itself, have connected and set up.
    pub fn systems(
        &self,
        may: &Permission<kinds::SystemsRead>,
        filter: &SystemFilter,
    ) -> Result<Page<SystemRow>, Problem> {
        let scope = TenantScope::of(may);
        let limit = filter.limit.unwrap_or(50).clamp(1, 1_000) as usize;
        let mut after = filter.cursor.as_deref().map(reference).transpose()?;
        let mut items: Vec<SystemRow> = Vec::new();
        let mut looked_at = 0;
        while let Some(places) = self.next_places(scope, after)? {
            for place in places {
                if items.len() == limit || looked_at == LOOKED_AT_MAX {
                    return Ok(Page { items, next: after.map(|place| place.to_string()) });
                }
                (after, looked_at) = (Some(place), looked_at + 1);
                items.extend(self.system_row(scope, place, filter)?);
            }
        }
        Ok(Page { items, next: None })
    }

    /// The places after one: connections first, then endpoints, then transfers. Nothing where there are no more.
    fn next_places(&self, scope: TenantScope, after: Option<Reference>) -> Result<Option<Vec<Reference>>, EngineError> {
        let found = self.host.store.read(|tx| {
            let mut found = Vec::new();
            if matches!(after, None | Some(Reference::Connection(_))) {
                found = connections(tx, scope, after)?;
            }
            if found.is_empty() && !matches!(after, Some(Reference::Transfer(..))) {
                found = endpoints(tx, scope, after)?;
            }
            if found.is_empty() { transfers(tx, scope, after) } else { Ok(found) }
        })?;
        Ok((!found.is_empty()).then_some(found))
    }

    fn system_row(
        &self,
        scope: TenantScope,
        place: Reference,
        filter: &SystemFilter,
    ) -> Result<Option<SystemRow>, Problem> {
        // What another customer or kind already says is not read, let alone opened.
        let is_of = |of: CustomerId| place.customer().is_none_or(|customer| customer == of);
        if !(filter.kind.is_none_or(|kind| kind == place.kind()) && filter.of.is_none_or(is_of)) {
            return Ok(None);
        }
        let Some((row, integration)) = self.read_system(scope, place)? else { return Ok(None) };
        let fits = filter.of.is_none_or(|of| row.customer == Some(of))
            && filter.switch.is_none_or(|switch| switch == row.switch)
            && filter.integration.is_none_or(|wanted| integration.contains(&wanted))
            && filter.name.as_ref().is_none_or(|name| row.name.to_lowercase().contains(&name.to_lowercase()));
        Ok(fits.then_some(row))
    }

    /// A row, and the offers that it hangs on.
    fn read_system(
        &self,
        scope: TenantScope,
        place: Reference,
    ) -> Result<Option<(SystemRow, Vec<IntegrationId>)>, EngineError> {
        let (customer, name, switch, state, offers) = match place {
            Reference::Connection(id) => {
                let Some(row) = self.host.store.read(|tx| tx.get::<Connections>(&scope, &id))? else { return Ok(None) };
                let name = Texts::new(&self.host.ring, connection_owner(&row), id.as_bytes())
                    .open_text("label", &row.label)?;
                let status = serde_json::to_value(row.status(self.host.now())).ok();
                let state = status.and_then(|word| word.as_str().map(str::to_owned));
                let state = state.filter(|word| !matches!(word.as_str(), "on" | "off"));
                (owner(&row), name, row.switch, state, vec![row.integration])
            }
            Reference::Endpoint(customer, id) => {
                let of = scope.customer(customer);
                let Some(row) = self.host.store.read(|tx| tx.get::<Endpoints>(&of, &id))? else { return Ok(None) };
                let name = self.host.name_in(of, id.as_bytes(), &row.name)?;
                let state = row.place.is_none().then(|| "needs_configuration".to_owned());
                (Some(customer), name, row.switch, state, self.offers_at(of, &[id])?)
            }
            Reference::Transfer(customer, id) => {
                let of = scope.customer(customer);
                let found = self.host.store.read(|tx| tx.get::<Transfers>(&of, &id))?;
                let Some(row) = found.filter(|row| row.removed_at.is_none()) else { return Ok(None) };
                let name = self.host.name_in(of, id.as_bytes(), &row.name)?;
                let state = row.suspended.then(|| "suspended".to_owned());
                let offers = self.offers_at(of, &[row.source, row.destination])?;
                (Some(customer), name, row.switch, state, offers)
            }
        };
        let customer_name = customer.map(|id| self.name_of_customer(scope.customer(id))).transpose()?.flatten();
        let row = SystemRow {
            reference: place.to_string(),
            kind: place.kind(),
            customer,
            customer_name,
            name,
            switch,
            state,
        };
        Ok(Some((row, offers)))
    }

    /// The offers by which the systems of endpoints were connected.
    fn offers_at(&self, scope: CustomerScope, endpoints: &[EndpointId]) -> Result<Vec<IntegrationId>, EngineError> {
        Ok(self.host.store.read(|tx| {
            let mut offers = Vec::new();
            for id in endpoints {
                let Some(place) = tx.get::<Endpoints>(&scope, id)?.and_then(|row| row.place) else { continue };
                let row = tx.get::<Connections>(&scope.tenant(), &place.connection)?;
                offers.extend(row.map(|row| row.integration));
            }
            Ok(offers)
        })?)
    }

    fn name_of_customer(&self, scope: CustomerScope) -> Result<Option<String>, EngineError> {
        let row = self.host.store.read(|tx| tx.get::<Customers>(&scope.tenant(), &scope.id()))?;
        row.map(|row| self.customer_name(scope, &row)).transpose()
    }
}

const fn owner(row: &Connection) -> Option<CustomerId> {
    match row.owner {
        Owner::Tenant => None,
        Owner::Customer(customer) => Some(customer),
    }
}

fn connections(tx: &Tx<'_>, scope: TenantScope, after: Option<Reference>) -> Result<Vec<Reference>, TxError> {
    let after = match after {
        Some(Reference::Connection(id)) => Some(id),
        _ => None,
    };
    let rows = tx.scan::<Connections>(&scope, after.as_ref(), STEP)?;
    Ok(rows.into_iter().map(|(id, _)| Reference::Connection(id)).collect())
}

fn endpoints(tx: &Tx<'_>, scope: TenantScope, after: Option<Reference>) -> Result<Vec<Reference>, TxError> {
    let after = match after {
        Some(Reference::Endpoint(customer, id)) => Some((scope.customer(customer), id)),
        _ => None,
    };
    let rows = tx.scan_tenant::<Endpoints>(scope, after.as_ref(), STEP)?;
    Ok(rows.into_iter().map(|((of, id), _)| Reference::Endpoint(of.id(), id)).collect())
}

fn transfers(tx: &Tx<'_>, scope: TenantScope, after: Option<Reference>) -> Result<Vec<Reference>, TxError> {
    let after = match after {
        Some(Reference::Transfer(customer, id)) => Some((scope.customer(customer), id)),
        _ => None,
    };
    let rows = tx.scan_tenant::<Transfers>(scope, after.as_ref(), STEP)?;
    Ok(rows.into_iter().map(|((of, id), _)| Reference::Transfer(of.id(), id)).collect())
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(id) => write!(f, "connection:{id}"),
            Self::Endpoint(customer, id) => write!(f, "endpoint:{customer}/{id}"),
            Self::Transfer(customer, id) => write!(f, "transfer:{customer}/{id}"),
        }
    }
}

impl FromStr for Reference {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        fn two<A: FromStr, B: FromStr>(text: &str) -> Option<(A, B)> {
            let (first, second) = text.split_once('/')?;
            Some((first.parse().ok()?, second.parse().ok()?))
        }
        let found = match text.split_once(':') {
            Some(("connection", id)) => id.parse().ok().map(Self::Connection),
            Some(("endpoint", ids)) => two(ids).map(|(customer, id)| Self::Endpoint(customer, id)),
            Some(("transfer", ids)) => two(ids).map(|(customer, id)| Self::Transfer(customer, id)),
            _ => None,
        };
        found.ok_or(())
    }
}

fn reference(text: &str) -> Result<Reference, Problem> {
    text.parse().map_err(|()| Problem::invalid("items", format!("`{text}` is no reference of this list")))
}
