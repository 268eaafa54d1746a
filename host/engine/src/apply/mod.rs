//! Make things as a document says: all of it in one transaction, or nothing.

pub(crate) mod connection;
mod customer;
pub(crate) mod endpoint;
mod error;
pub(crate) mod integration;
pub(crate) mod mapping;
pub(crate) mod named;
mod outward;
mod plan;
mod schedule;
mod tenant;
pub(crate) mod transfer;

use std::path::Path;

use weighbridge_model::access::ActorRef;
use weighbridge_model::problem::Problem;
use weighbridge_store::{CustomerScope, TenantScope, WriteError};

use crate::document::{CustomerDocument, Document};
use crate::engine::Engine;
use crate::error::EngineError;

pub use error::ApplyError;
pub use plan::{Change, ChangeKind};

pub(crate) use plan::Plan;

impl Engine {
    /// Makes things as a document says; `folder` is where its secrets' files are relative to.
    pub async fn apply(&self, document: &Document, folder: &Path) -> Result<Vec<Change>, ApplyError> {
        let _one_at_a_time = self.host.applying.lock().await;
        self.host.ring.drop_drafts();
        let applied = self.apply_planned(document, folder).await;
        self.host.ring.drop_drafts();
        applied
    }

    async fn apply_planned(&self, document: &Document, folder: &Path) -> Result<Vec<Change>, ApplyError> {
        let mut plan = Plan::new(&self.host, None);
        let scope = tenant::plan(&mut plan, &document.tenant)?;
        for (index, integration) in document.integrations.iter().enumerate() {
            integration::plan(&mut plan, scope, integration, folder, &format!("integration[{index}]")).await?;
        }
        for (index, connection) in document.connections.iter().enumerate() {
            let at = format!("connection[{index}]");
            connection::plan(&mut plan, (scope, None), connection, folder, &at).await?;
        }
        for (index, customer) in document.customers.iter().enumerate() {
            plan_customer(&mut plan, scope, customer, folder, &format!("customer[{index}]")).await?;
            plan.about = None;
        }
        let told = plan.told();
        let (puts, changes, audits) = plan.into_parts();
        if told.is_empty() {
            return Ok(changes);
        }
        let mut lines = Vec::new();
        for (whose, detail) in told {
            lines.push(match whose {
                Some(customer) => {
                    let detail = detail.as_str().into();
                    self.audit_customer(customer, ActorRef::OWNER, "document.applied", detail)?
                }
                None => self.audit_tenant(scope, "document.applied", &detail)?,
            });
        }
        for (act, detail) in audits {
            lines.push(self.audit_tenant(scope, act, &detail)?);
        }
        self.host.ring.keep_drafts().map_err(EngineError::from)?;
        let written = self.host.store.write(move |tx| {
            puts.iter().try_for_each(|put| put(tx))?;
            lines.iter().try_for_each(|line| line.write(tx))
        });
        written.await.map_err(|error: WriteError| ApplyError::Engine(EngineError::from(error)))?;
        Ok(changes)
    }
}

impl Engine {
    /// Makes one thing as a person says who may: planned as a document's part is, and written with a line of its own. The
    /// line is about the customer, where there is one.
    pub(crate) async fn apply_one<T>(
        &self,
        (scope, customer): (TenantScope, Option<CustomerScope>),
        by: ActorRef,
        work: impl AsyncFnOnce(&mut Plan<'_>) -> Result<(T, &'static str, String), ApplyError>,
    ) -> Result<T, Problem> {
        let _one_at_a_time = self.host.applying.lock().await;
        let mut plan = Plan::new(&self.host, Some(by));
        let (made, act, detail) = work(&mut plan).await?;
        let (puts, _, audits) = plan.into_parts();
        if puts.is_empty() {
            return Ok(made);
        }
        let mut lines = vec![match customer {
            Some(customer) => self.audit_customer(customer, by, act, detail.as_str().into())?,
            None => self.audit_in_tenant(scope, by, act, detail.as_str().into())?,
        }];
        for (act, detail) in audits {
            lines.push(self.audit_in_tenant(scope, by, act, detail.as_str().into())?);
        }
        let written = self.host.store.write(move |tx| {
            puts.iter().try_for_each(|put| put(tx))?;
            lines.iter().try_for_each(|line| line.write(tx))
        });
        written.await.map_err(EngineError::from)?;
        Ok(made)
    }
}

impl From<ApplyError> for Problem {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Invalid { at, what } => Self::invalid(at.trim_start_matches('.'), what),
            ApplyError::Engine(error) => error.into(),
        }
    }
}

async fn plan_customer(
    plan: &mut Plan<'_>,
    scope: TenantScope,
    document: &CustomerDocument,
    folder: &Path,
    at: &str,
) -> Result<(), ApplyError> {
    let scope: CustomerScope = customer::plan(plan, scope, document, at)?;
    let tenant = plan.tenant_scope(scope);
    for (index, connection) in document.connections.iter().enumerate() {
        let at = format!("{at}.connection[{index}]");
        connection::plan(plan, (tenant, Some(scope)), connection, folder, &at).await?;
    }
    for (index, endpoint) in document.endpoints.iter().enumerate() {
        endpoint::plan(plan, scope, endpoint, &format!("{at}.endpoint[{index}]")).await?;
    }
    for (index, mapping) in document.mappings.iter().enumerate() {
        mapping::plan(plan, scope, mapping, &format!("{at}.mapping[{index}]"))?;
    }
    for (index, transfer) in document.transfers.iter().enumerate() {
        transfer::plan(plan, scope, transfer, &format!("{at}.transfer[{index}]")).await?;
    }
    Ok(())
}
