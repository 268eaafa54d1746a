//! Find customers by any combination of what is known of them.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::id::{CustomerId, WorkflowId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::Timestamp;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::Customers;
use weighbridge_vault::Owner;

use super::view::CustomerView;
use crate::account::inputs;
use crate::account::roster::Wanted;
use crate::account::view::Page;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// Which customers, and in which order. All that is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerFilter {
    /// Of this status.
    pub status: Option<CustomerStatus>,
    /// With this label; several times for several labels.
    pub label: Vec<String>,
    /// Whose name contains this, in any case.
    pub name: Option<String>,
    /// With this number in the partner's own system.
    pub external_id: Option<String>,
    /// With a connected system that uses this connector.
    pub connector: Option<String>,
    /// To whom this workflow was applied.
    pub workflow: Option<WorkflowId>,
    /// With something that stands still until somebody does something, or without.
    pub needs_attention: Option<bool>,
    /// Made on this day or instant, or later.
    pub created_from: Option<String>,
    /// Made before this day or instant.
    pub created_before: Option<String>,
    /// In which order; by name where it is left out.
    pub sort: Option<CustomerSort>,
    /// How many on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
}

/// An order of customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerSort {
    /// By name, A first.
    #[default]
    Name,
    /// By name, Z first.
    NameDown,
    /// By when they were made, the oldest first.
    Created,
    /// By when they were made, the newest first.
    CreatedDown,
}

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 1_000;

impl Engine {
    /// A page of customers.
    pub fn customers(
        &self,
        may: &Permission<kinds::CustomersRead>,
        filter: &CustomerFilter,
    ) -> Result<Page<CustomerView>, Problem> {
        let scope = TenantScope::of(may);
        let zone = self.zone_of(scope)?;
        let wanted = self.wanted(scope, filter)?;
        let limit = filter.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX) as usize;
        let (found, more) = self.host.roster.page(self, scope, &wanted, limit)?;
        let rows = self
            .host
            .store
            .read(|tx| found.iter().map(|id| tx.get::<Customers>(&scope, id)).collect::<Result<Vec<_>, _>>());
        let rows = rows.map_err(EngineError::from)?.into_iter().flatten();
        let items: Vec<_> =
            rows.map(|row| self.customer_view(scope.customer(row.id), &row, &zone)).collect::<Result<_, _>>()?;
        let next = items.last().filter(|_| more).map(|last| self.cursor(scope, last)).transpose()?;
        Ok(Page { items, next })
    }

    fn wanted(&self, scope: TenantScope, filter: &CustomerFilter) -> Result<Wanted, Problem> {
        let zone = self.zone_of(scope)?;
        let instant = |text: &Option<String>, at: &str| -> Result<Option<Timestamp>, Problem> {
            text.as_deref().map(|text| inputs::instant(&zone, text, at)).transpose()
        };
        Ok(Wanted {
            status: filter.status,
            labels: filter.label.clone(),
            name: filter.name.as_ref().map(|name| name.to_lowercase()),
            external_id: filter.external_id.clone(),
            connector: filter.connector.clone(),
            workflow: filter.workflow,
            needs_attention: filter.needs_attention,
            created: (
                instant(&filter.created_from, "created_from")?,
                instant(&filter.created_before, "created_before")?,
            ),
            sort: filter.sort.unwrap_or_default(),
            after: filter.cursor.as_deref().map(|cursor| self.read_cursor(scope, cursor)).transpose()?,
            now: self.host.now(),
        })
    }

    /// The place after a customer. A name is in it, so it is sealed.
    fn cursor(&self, scope: TenantScope, last: &CustomerView) -> Result<String, Problem> {
        let tenant = scope.id();
        let texts = Texts::new(&self.host.ring, Owner::Tenant(tenant), tenant.as_bytes());
        let json = serde_json::to_vec(&(last.name.to_lowercase(), last.id)).map_err(Problem::fault)?;
        let sealed = serde_json::to_value(texts.seal("cursor", json)?).map_err(Problem::fault)?;
        Ok(sealed.as_str().unwrap_or_default().to_owned())
    }

    fn read_cursor(&self, scope: TenantScope, cursor: &str) -> Result<(String, CustomerId), Problem> {
        let tenant = scope.id();
        let texts = Texts::new(&self.host.ring, Owner::Tenant(tenant), tenant.as_bytes());
        let sealed = serde_json::from_value(cursor.into()).ok();
        let opened = sealed.and_then(|sealed| texts.open("cursor", &sealed).ok());
        let place = opened.and_then(|json| serde_json::from_slice(&json).ok());
        place.ok_or_else(|| {
            Problem::from(ProblemCode::Invalid).at("cursor", "this is no cursor of this list; begin without one")
        })
    }
}
