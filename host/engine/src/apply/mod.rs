//! Make things as a document says: all of a tenant in one transaction, or nothing.

pub(crate) mod connection;
mod customer;
pub(crate) mod endpoint;
mod error;
mod fields;
pub(crate) mod integration;
pub(crate) mod mapping;
pub(crate) mod named;
pub(crate) mod outward;
mod plan;
mod schedule;
mod secret_files;
mod self_managed;
mod tenant;
pub(crate) mod transfer;
pub(crate) mod workflow;

use weighbridge_model::access::ActorRef;
use weighbridge_model::digest::Digest;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::{CustomerScope, TenantScope};

use crate::audit::{AuditDetail, AuditLine};
use crate::document::{CustomerDocument, Document, TenantDocument};
use crate::engine::Engine;
use crate::error::EngineError;

pub use error::ApplyError;
pub use plan::{Change, ChangeKind};

pub(crate) use plan::{Plan, Writes};
pub(crate) use schedule::written_schedule;
pub use secret_files::SecretFiles;

/// How often a document is planned anew because something else was quicker.
const TRIES: usize = 5;

/// What a document would change, and the hash by which the same plan is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Every thing that the document names, in its order.
    pub changes: Vec<Change>,
    /// Keyed, since secrets of the document are under it.
    pub hash: String,
}

/// A tenant's part, planned.
struct TenantPlan<'a> {
    scope: TenantScope,
    plan: Plan<'a>,
}

impl Engine {
    /// Makes things as a document says; `files` are those that it names for its secrets.
    ///
    /// All tenants are planned before any of them is written, and where one cannot be planned nothing is. Each is written in a
    /// transaction of its own, so whoever is cut off between two of them has whole tenants only; applying the document again
    /// finishes it, since what is as the document says already stays as it is.
    pub async fn apply(&self, document: &Document, files: impl Into<SecretFiles>) -> Result<Vec<Change>, ApplyError> {
        let files = files.into();
        self.with_drafts(async || self.apply_planned(document, &files, None).await).await
    }

    /// The same, if it would change just what was planned under this hash.
    pub async fn apply_as_planned(
        &self,
        document: &Document,
        files: impl Into<SecretFiles>,
        hash: &str,
    ) -> Result<Vec<Change>, ApplyError> {
        let files = files.into();
        self.with_drafts(async || self.apply_planned(document, &files, Some(hash)).await).await
    }

    /// Says what a document would change. Nothing is written: no row, no key, no line of the audit log.
    pub async fn plan_document(
        &self,
        document: &Document,
        files: impl Into<SecretFiles>,
    ) -> Result<Planned, ApplyError> {
        let files = files.into();
        self.with_drafts(async || {
            let plans = self.plan_tenants(document, &files, 0).await?;
            let hash = self.hash_of(document, &plans)?;
            Ok(Planned { changes: plans.iter().flat_map(|one| one.plan.changes()).cloned().collect(), hash })
        })
        .await
    }

    async fn with_drafts<T>(&self, work: impl AsyncFnOnce() -> Result<T, ApplyError>) -> Result<T, ApplyError> {
        let _one_at_a_time = self.host.applying.lock().await;
        self.host.ring.drop_drafts();
        let done = work().await;
        self.host.ring.drop_drafts();
        done
    }

    async fn apply_planned(
        &self,
        document: &Document,
        files: &SecretFiles,
        hash: Option<&str>,
    ) -> Result<Vec<Change>, ApplyError> {
        let (mut done, mut written) = (Vec::new(), 0);
        for _ in 0..TRIES {
            let plans = self.plan_tenants(document, files, written).await?;
            if let Some(hash) = hash
                && self.hash_of(document, &plans)? != hash
            {
                return Err(ApplyError::PlanChanged);
            }
            if plans.iter().any(|one| !one.plan.told().is_empty()) {
                self.host.ring.keep_drafts().map_err(EngineError::from)?;
            }
            let before = written;
            for one in plans {
                let Some(changes) = self.write_tenant(one).await? else { break };
                done.extend(changes);
                written += 1;
            }
            match (written == document.tenants.len(), hash) {
                (true, _) => return Ok(done),
                // What was written is a whole tenant; the others wait for somebody to look again.
                (false, Some(_)) => return Err(ApplyError::PlanChanged),
                (false, None) => tracing::debug!(written, before, "a document is planned again"),
            }
        }
        Err(ApplyError::PlanChanged)
    }

    /// Plans all tenants but those that are written already.
    async fn plan_tenants(
        &self,
        document: &Document,
        files: &SecretFiles,
        written: usize,
    ) -> Result<Vec<TenantPlan<'_>>, ApplyError> {
        let mut plans = Vec::new();
        for (index, tenant) in document.tenants.iter().enumerate().skip(written) {
            if document.tenants[..index].iter().any(|other| other.name == tenant.name) {
                let what = format!("`{}` stands twice; write all of it in one place", tenant.name);
                return Err(ApplyError::at(format!("tenant[{index}].name"), what));
            }
            let at = if document.is_list { format!("tenant[{index}]") } else { "tenant".to_owned() };
            let lists = if document.is_list { format!("{at}.") } else { String::new() };
            let mut plan = Plan::new(&self.host, None);
            let scope = plan_tenant(&mut plan, tenant, files, (&at, &lists)).await?;
            plans.push(TenantPlan { scope, plan });
        }
        Ok(plans)
    }

    fn hash_of(&self, document: &Document, plans: &[TenantPlan<'_>]) -> Result<String, ApplyError> {
        let plans = plans.iter().map(|one| one.plan.digest());
        let digests: Vec<String> = [document.digest].into_iter().chain(plans).map(|one| one.to_string()).collect();
        let hash = self.host.ring.name_hash(weighbridge_vault::Owner::Host, "plan", &digests.join(" "))?;
        Ok(Digest::from_bytes(*hash.as_bytes()).to_string())
    }

    /// Writes a tenant's part; nothing where what it was planned from was changed meanwhile.
    async fn write_tenant(
        &self,
        TenantPlan { scope, plan }: TenantPlan<'_>,
    ) -> Result<Option<Vec<Change>>, ApplyError> {
        let told = plan.told();
        let (writes, changes, audits) = plan.into_parts();
        if told.is_empty() {
            return Ok(Some(changes));
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
        let is_written = self.write_plan(writes, lines).await?;
        Ok(is_written.then_some(changes))
    }

    async fn write_plan(&self, writes: Writes, lines: Vec<AuditLine>) -> Result<bool, EngineError> {
        let written = self.host.store.write(move |tx| {
            if !writes.write(tx)? {
                return Ok(false);
            }
            lines.iter().try_for_each(|line| line.write(tx)).map(|()| true)
        });
        let written = written.await?.into_inner();
        // What is due may be another one.
        self.host.due.notify_one();
        Ok(written)
    }
}

impl Engine {
    /// Makes one thing as a person says who may: planned as a document's part is, and written with a line of its own. The
    /// line is about the customer, where there is one.
    pub(crate) async fn apply_one<T>(
        &self,
        (scope, customer): (TenantScope, Option<CustomerScope>),
        by: ActorRef,
        (act, detail): (&'static str, AuditDetail),
        work: impl AsyncFnOnce(&mut Plan<'_>) -> Result<T, ApplyError>,
    ) -> Result<T, Problem> {
        let _one_at_a_time = self.host.applying.lock().await;
        let mut plan = Plan::new(&self.host, Some(by));
        let made = work(&mut plan).await?;
        let (writes, _, audits) = plan.into_parts();
        if writes.is_empty() {
            return Ok(made);
        }
        let mut lines = vec![match customer {
            Some(customer) => self.audit_customer(customer, by, act, detail)?,
            None => self.audit_in_tenant(scope, by, act, detail)?,
        }];
        for (act, detail) in audits {
            lines.push(self.audit_in_tenant(scope, by, act, detail.as_str().into())?);
        }
        if self.write_plan(writes, lines).await? { Ok(made) } else { Err(ProblemCode::Stale.into()) }
    }
}

impl From<ApplyError> for Problem {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Invalid { at, what } => Self::invalid(at.trim_start_matches('.'), what),
            ApplyError::PlanChanged => ProblemCode::Stale.into(),
            ApplyError::Engine(error) => error.into(),
        }
    }
}

/// Plans a tenant and all that it has; its own path and the start of its lists' say where something is wrong.
async fn plan_tenant(
    plan: &mut Plan<'_>,
    document: &TenantDocument,
    files: &SecretFiles,
    (at, lists): (&str, &str),
) -> Result<TenantScope, ApplyError> {
    let scope = tenant::plan(plan, document, at)?;
    for (index, integration) in document.integrations.iter().enumerate() {
        integration::plan(plan, scope, integration, files, &format!("{lists}integration[{index}]")).await?;
    }
    self_managed::plan(plan, scope, document, at)?;
    for (index, connection) in document.connections.iter().enumerate() {
        let at = format!("{lists}connection[{index}]");
        connection::plan(plan, (scope, None), connection, files, &at).await?;
    }
    for (index, customer) in document.customers.iter().enumerate() {
        plan_customer(plan, scope, customer, files, &format!("{lists}customer[{index}]")).await?;
        (plan.about, plan.within.1) = (None, None);
    }
    Ok(scope)
}

async fn plan_customer(
    plan: &mut Plan<'_>,
    scope: TenantScope,
    document: &CustomerDocument,
    files: &SecretFiles,
    at: &str,
) -> Result<(), ApplyError> {
    let (scope, template) = customer::plan(plan, scope, document, at)?;
    let tenant = plan.tenant_scope(scope);
    for (index, connection) in document.connections.iter().enumerate() {
        let at = format!("{at}.connection[{index}]");
        connection::plan(plan, (tenant, Some(scope)), connection, files, &at).await?;
    }
    if let Some(template) = template {
        workflow::plan(plan, scope, &template, &format!("{at}.workflow.")).await?;
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::document::Document;
    use crate::engine::Engine;
    use crate::options::Options;

    fn partner(line: &str) -> Document {
        Document::parse(&format!("[tenant]\nname = \"Partner\"\n{line}\n")).unwrap()
    }

    #[tokio::test]
    async fn refuses_to_write_what_was_planned_from_rows_that_were_changed_meanwhile() {
        let (folder, here) = (tempfile::tempdir().unwrap(), Path::new("."));
        Engine::init(&Options::at(folder.path())).await.unwrap();
        let engine = Engine::open(Options::at(folder.path())).await.unwrap();
        engine.apply(&partner(""), here).await.unwrap();
        let (wanted, other) = (partner("currency = \"PLN\""), partner("zone = \"Europe/Warsaw\""));
        let early = engine.plan_tenants(&wanted, &here.into(), 0).await.unwrap();
        engine.apply(&other, here).await.unwrap();
        for plan in early {
            assert_eq!(engine.write_tenant(plan).await.unwrap(), None);
        }
        for plan in engine.plan_tenants(&wanted, &here.into(), 0).await.unwrap() {
            assert!(engine.write_tenant(plan).await.unwrap().is_some(), "planned anew it is written");
        }
        let after = engine.plan_document(&other, here).await.unwrap();
        assert_eq!(after.changes[0].kind, super::ChangeKind::Unchanged, "neither change undid the other");
    }
}
