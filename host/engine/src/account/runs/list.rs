//! Runs, the newest first: of one customer, or of all of a tenant's.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Actor, Permission, kinds};
use weighbridge_model::id::{CustomerId, RunId, TransferId};
use weighbridge_model::problem::Problem;
use weighbridge_model::run::{Cause, Run};
use weighbridge_store::verbs::{RunsBefore, newest_runs};
use weighbridge_store::{CustomerScope, TenantScope};

use super::line::{Lines, RunLine};
use crate::account::transfers::RunStanding;
use crate::account::{Page, inputs};
use crate::engine::Engine;
use crate::error::EngineError;

/// Which runs. All that is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunFilter {
    /// Only those that stand so.
    pub state: Option<RunStanding>,
    /// Only of this transfer.
    pub transfer: Option<TransferId>,
    /// Only those that this wanted.
    pub cause: Option<Cause>,
    /// Made on this day or at this instant, or later; a day is one of the organisation's zone.
    pub since: Option<String>,
    /// How many on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
}

/// Whose runs, among those of all customers. All that is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OfCustomers {
    /// Only of this customer.
    pub of: Option<CustomerId>,
    /// Only of customers whose name contains this, in any case.
    pub name: Option<String>,
}

struct Wanted<'a> {
    filter: &'a RunFilter,
    name: Option<&'a str>,
}

/// Runs read in one view of the store, and at most for one page: a page that found few says where to go on.
const STEP: usize = 500;
const LOOKED_AT_MAX: usize = 20_000;

impl Engine {
    /// A customer's runs of all transfers, and of third parties' pulls.
    pub fn runs_of_customer(
        &self,
        may: &Permission<kinds::TransfersRead>,
        filter: &RunFilter,
    ) -> Result<Page<RunLine>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        self.runs_page((scope.tenant(), Some(scope.id())), may.actor(), &Wanted { filter, name: None })
    }

    /// The runs of all customers, or of those that are asked for.
    pub fn runs_of_all(
        &self,
        may: &Permission<kinds::RunsRead>,
        of: &OfCustomers,
        filter: &RunFilter,
    ) -> Result<Page<RunLine>, Problem> {
        self.runs_page((TenantScope::of(may), of.of), may.actor(), &Wanted { filter, name: of.name.as_deref() })
    }

    fn runs_page(
        &self,
        (tenant, customer): (TenantScope, Option<CustomerId>),
        actor: &Actor,
        wanted: &Wanted<'_>,
    ) -> Result<Page<RunLine>, Problem> {
        let (filter, name) = (wanted.filter, wanted.name.map(str::to_lowercase));
        let zone = self.zone_of(tenant)?;
        let since = filter.since.as_deref().map(|text| inputs::instant(&zone, text, "since")).transpose()?;
        let limit = filter.limit.unwrap_or(50).clamp(1, 1_000) as usize;
        let is_whole = name.is_none() && filter.state.is_none() && filter.transfer.is_none() && filter.cause.is_none();
        let step = if is_whole { STEP.min(limit + 1) } else { STEP };
        let mut of = RunsBefore { tenant, customer, before: filter.cursor.as_deref().map(cursor).transpose()? };
        let (mut lines, mut items, mut looked_at) = (Lines::new(self, tenant, actor), Vec::new(), 0);
        loop {
            let found = self.host.store.read(|tx| newest_runs(tx, of, step)).map_err(EngineError::from)?;
            for (scope, run) in found.runs {
                if since.is_some_and(|since| run.started_at < since) {
                    return Ok(Page { items, next: None });
                }
                if items.len() == limit || looked_at == LOOKED_AT_MAX {
                    return Ok(Page { items, next: of.before.map(|id| id.to_string()) });
                }
                (of.before, looked_at) = (Some(run.id), looked_at + 1);
                if filter.fits(&run) && lines.is_named(scope, name.as_deref())? {
                    let line = lines.line(scope, run)?;
                    items.extend(filter.state.is_none_or(|state| line.run.state == state.word()).then_some(line));
                }
            }
            match found.after {
                Some(after) => of.before = Some(after),
                None => return Ok(Page { items, next: None }),
            }
        }
    }
}

impl RunFilter {
    fn fits(&self, run: &Run) -> bool {
        // Whether one that goes on is paused stands beside it; its line says so.
        let is_so = |state| state == RunStanding::of(run) || state == RunStanding::Paused && run.ended_at.is_none();
        self.state.is_none_or(is_so)
            && self.transfer.is_none_or(|transfer| transfer == run.transfer)
            && self.cause.is_none_or(|cause| cause == run.cause)
    }
}

fn cursor(text: &str) -> Result<RunId, Problem> {
    text.parse().map_err(|_| Problem::invalid("cursor", "this is no cursor of this list; begin without one"))
}
