//! Transfers: which endpoint goes to which, how, and when by itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::{EndpointId, MappingId, RunId, TransferId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_model::transfer::{BatchLimit, Rejections, Removals, SyncMode, Transfer, WriteMode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{CustomerIndex, Endpoints, Kind, Mappings, Progresses, Schedules, Transfers};
use weighbridge_store::verbs::set_schedule;

use super::runs::{RunStanding, code_of};
use super::schedule::{ScheduleView, document};
use crate::account::edit::if_match;
use crate::account::{At, Page, etag, inputs};
use crate::apply::{Plan, transfer as plan};
use crate::audit::{AuditDetail, FieldChange};
use crate::document::TransferDocument;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::customer_owner;

/// A transfer to be made.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// Its name, unique in the customer.
    pub name: String,
    /// Where from.
    pub source: EndpointId,
    /// Where to.
    pub destination: EndpointId,
    /// How, and when; what is left out begins with its default.
    #[serde(flatten)]
    pub rest: ChangeTransfer,
}

/// How a transfer moves, and when; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ChangeTransfer {
    /// How records are shaped on the way.
    pub mapping: Option<MappingId>,
    /// How it reads; where a new transfer leaves it out, as its source can.
    pub sync: Option<SyncMode>,
    /// How it writes.
    pub write: Option<WriteMode>,
    /// The most that one batch may hold.
    pub limit: Option<BatchLimit>,
    /// How many rejected records a run may have: at most so many (`count`), and so many of a thousand records read (`share`,
    /// looked at from the twentieth record on).
    pub rejections: Option<Rejections>,
    /// What happens to records that are gone from the source.
    pub removals: Option<Removals>,
    /// So many of its runs may fail one after the other, over a day at least, until it is suspended.
    pub failures_max: Option<u32>,
    /// The names of transfers that begin whenever a run of this one does: further streams of the same data, each with a cursor of
    /// its own.
    pub along: Option<Vec<String>>,
    /// Whether it may run.
    pub switch: Option<Switch>,
    /// When it runs by itself, as in a document: `cron` or `every`, `zone`, `hours`, `paused`… One that names no time, such as
    /// `{}`, takes the schedule away.
    pub schedule: Option<Map<String, Value>>,
}

/// A transfer, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TransferView {
    /// Its id.
    pub id: TransferId,
    /// Its name.
    pub name: String,
    /// The source endpoint's name.
    pub source: String,
    /// The destination endpoint's name.
    pub destination: String,
    /// The mapping's name and version.
    pub mapping: Option<String>,
    /// The mapping.
    pub mapping_id: Option<MappingId>,
    /// How it reads.
    pub sync: SyncMode,
    /// How it writes.
    pub write: WriteMode,
    /// The most that one batch may hold.
    pub limit: BatchLimit,
    /// How many rejected records a run may have; with more, it ends.
    pub rejections: Rejections,
    /// What happens to records that are gone from the source.
    pub removals: Removals,
    /// So many of its runs may fail one after the other, over a day at least, until it is suspended.
    pub failures_max: u32,
    /// So many have failed since one did not.
    pub failures: u32,
    /// Since when.
    pub failing_since: Option<At>,
    /// The names of transfers that begin whenever a run of this one does.
    pub along: Vec<String>,
    /// Whether it may run.
    pub switch: Switch,
    /// Whether the system stopped it by itself.
    pub suspended: bool,
    /// Whether a run of it has not ended.
    pub running: bool,
    /// When the last run ended.
    pub last_run: Option<At>,
    /// The newest run, and where that stands.
    pub newest_run: Option<NewestRun>,
    /// When it runs by itself.
    pub schedule: Option<ScheduleView>,
    /// What it is known by until it is changed.
    pub etag: String,
}

/// The newest run of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NewestRun {
    /// The run.
    pub id: RunId,
    /// Where it stands.
    pub state: RunStanding,
    /// Why it stopped or failed: the stable code.
    pub code: Option<String>,
}

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// A customer's transfers.
    pub fn transfers(&self, may: &Permission<kinds::TransfersRead>) -> Result<Page<TransferView>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let rows =
            self.host.store.read(|tx| tx.scan::<Transfers>(&scope, None, ROWS_MAX)).map_err(EngineError::from)?;
        let kept = rows.iter().filter(|(_, row)| row.removed_at.is_none());
        let mut items = kept.map(|(_, row)| self.transfer_view(scope, row)).collect::<Result<Vec<_>, EngineError>>()?;
        items.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Page { items, next: None })
    }

    /// One transfer.
    pub fn transfer(&self, may: &Permission<kinds::TransfersRead>, id: TransferId) -> Result<TransferView, Problem> {
        self.transfer_view_of(CustomerScope::of(may), id)
    }

    /// Makes a transfer.
    pub async fn create_transfer(
        &self,
        may: &Permission<kinds::TransfersChange>,
        new: &NewTransfer,
    ) -> Result<TransferView, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        inputs::name(&new.name)?;
        if self.thing_named(scope, Kind::Transfer, &new.name)?.is_some() {
            return Err(Problem::from(ProblemCode::NameTaken).at("name", format!("there is a transfer `{}`", new.name)));
        }
        let names = (
            self.endpoint_name(scope, new.source, "source")?,
            self.endpoint_name(scope, new.destination, "destination")?,
        );
        let fitting = self.check_modes(scope, new.source, &new.rest).await?;
        let document = TransferDocument {
            source: Some(names.0),
            destination: Some(names.1),
            sync: new.rest.sync.or(fitting),
            ..self.transfer_document(scope, &new.name, &new.rest)?
        };
        let work = async |planned: &mut Plan<'_>| plan::plan(planned, scope, &document, "").await;
        let told = ("transfer.created", document.name.as_str().into());
        self.apply_one((scope.tenant(), Some(scope)), may.by(), told, work).await?;
        let id = self.thing_named(scope, Kind::Transfer, &new.name)?.ok_or(ProblemCode::NotThere)?;
        self.transfer_view_of(scope, TransferId::from_bytes(id))
    }

    /// Changes how a transfer moves; how far it has come stays.
    pub async fn change_transfer(
        &self,
        may: &Permission<kinds::TransfersChange>,
        id: TransferId,
        change: &ChangeTransfer,
        seen: Option<&str>,
    ) -> Result<TransferView, Problem> {
        let scope = CustomerScope::of(may);
        let row = self.kept_transfer(scope, id)?;
        if_match(seen, &row)?;
        if change.sync.is_some_and(|sync| sync != row.sync) || change.write.is_some_and(|write| write != row.write) {
            self.check_modes(scope, row.source, change).await?;
        }
        let document = self.transfer_document(scope, &self.host.name_in(scope, id.as_bytes(), &row.name)?, change)?;
        let changes = changes(&self.transfer_view(scope, &row)?, change, &document);
        let work = async |planned: &mut Plan<'_>| plan::plan(planned, scope, &document, "").await;
        let told = ("transfer.changed", AuditDetail { text: document.name.clone(), changes });
        self.apply_one((scope.tenant(), Some(scope)), may.by(), told, work).await?;
        self.transfer_view_of(scope, id)
    }

    /// Takes a transfer away that is not running. Its runs and what they moved stay in the history.
    pub async fn delete_transfer(
        &self,
        may: &Permission<kinds::TransfersChange>,
        id: TransferId,
        seen: Option<&str>,
    ) -> Result<(), Problem> {
        let scope = CustomerScope::of(may);
        self.edit(|edit| {
            let row = edit.need::<Transfers>(scope, id)?;
            if row.removed_at.is_some() {
                return Err(ProblemCode::NotThere.into());
            }
            if_match(seen, &row)?;
            let progress = edit.read::<Progresses>(scope, id)?.unwrap_or_default();
            if progress.run.is_some() || progress.open.is_some() || self.is_on_an_errand(scope, id)? {
                return Err(ProblemCode::RunBusy.into());
            }
            let name = self.host.name_in(scope, id.as_bytes(), &row.name)?;
            let hash = self.host.ring.name_hash(customer_owner(scope), Kind::Transfer.word(), &name);
            let now = self.host.now();
            edit.remove::<CustomerIndex>(scope, (Kind::Transfer.number(), hash.map_err(EngineError::from)?));
            edit.act(move |tx| set_schedule(tx, scope, id, None, now));
            edit.put::<Transfers>(scope, id, Transfer { switch: Switch::Off, removed_at: Some(now), ..row });
            edit.audit(self.audit_customer(scope, may.by(), "transfer.deleted", name.as_str().into())?);
            Ok(())
        })
        .await
    }

    fn transfer_document(
        &self,
        scope: CustomerScope,
        name: &str,
        change: &ChangeTransfer,
    ) -> Result<TransferDocument, Problem> {
        let schedule = change.schedule.as_ref().map(document).transpose()?;
        Ok(TransferDocument {
            name: name.to_owned(),
            source: None,
            destination: None,
            mapping: change.mapping.map(|id| self.mapping_name(scope, id)).transpose()?,
            sync: change.sync,
            write: change.write,
            limit: change.limit,
            rejections: change.rejections,
            removals: change.removals,
            failures_max: change.failures_max,
            along: change.along.clone(),
            switch: change.switch,
            schedule,
        })
    }

    fn endpoint_name(&self, scope: CustomerScope, id: EndpointId, at: &str) -> Result<String, Problem> {
        let row = self.host.store.read(|tx| tx.get::<Endpoints>(&scope, &id)).map_err(EngineError::from)?;
        let row = row.ok_or_else(|| Problem::invalid(at, "the customer has no such endpoint"))?;
        Ok(self.host.name_in(scope, id.as_bytes(), &row.name)?)
    }

    pub(super) fn mapping_name(&self, scope: CustomerScope, id: MappingId) -> Result<String, Problem> {
        let row = self.host.store.read(|tx| tx.get::<Mappings>(&scope, &(id, 1))).map_err(EngineError::from)?;
        let row = row.ok_or_else(|| Problem::invalid("mapping", "the customer has no such mapping"))?;
        Ok(self.host.name_in(scope, id.as_bytes(), &row.name)?)
    }

    pub(in crate::account) fn kept_transfer(&self, scope: CustomerScope, id: TransferId) -> Result<Transfer, Problem> {
        let row = self.host.store.read(|tx| tx.get::<Transfers>(&scope, &id)).map_err(EngineError::from)?;
        row.filter(|row| row.removed_at.is_none()).ok_or_else(|| ProblemCode::NotThere.into())
    }

    pub(super) fn transfer_view_of(&self, scope: CustomerScope, id: TransferId) -> Result<TransferView, Problem> {
        let row = self.kept_transfer(scope, id)?;
        Ok(self.transfer_view(scope, &row)?)
    }

    /// What was taken away meanwhile goes along no more.
    fn along(&self, scope: CustomerScope, row: &Transfer) -> Result<Vec<String>, EngineError> {
        let kept = row.along.iter().filter_map(|id| self.kept_transfer(scope, *id).ok());
        kept.map(|one| self.host.name_in(scope, one.id.as_bytes(), &one.name)).collect()
    }

    fn newest_run(&self, scope: CustomerScope, id: TransferId) -> Result<Option<NewestRun>, EngineError> {
        let newest = self.newest_runs(scope, id, 1)?.into_iter().next().map(|(run, _)| run);
        Ok(newest.map(|run| NewestRun { id: run.id, state: RunStanding::of(&run), code: code_of(&run) }))
    }

    fn transfer_view(&self, scope: CustomerScope, row: &Transfer) -> Result<TransferView, EngineError> {
        let (progress, schedule) = self.host.store.read(|tx| {
            Ok((tx.get::<Progresses>(&scope, &row.id)?.unwrap_or_default(), tx.get::<Schedules>(&scope, &row.id)?))
        })?;
        let endpoint = |id| self.endpoint_name(scope, id, "").unwrap_or_default();
        let mapping = row.mapping.map(|used| {
            format!("{} (version {})", self.mapping_name(scope, used.id).unwrap_or_default(), used.version)
        });
        Ok(TransferView {
            id: row.id,
            name: self.host.name_in(scope, row.id.as_bytes(), &row.name)?,
            source: endpoint(row.source),
            destination: endpoint(row.destination),
            mapping,
            mapping_id: row.mapping.map(|used| used.id),
            sync: row.sync,
            write: row.write,
            limit: row.limit,
            rejections: row.rejections,
            removals: row.removals,
            failures_max: row.failures_max,
            failures: progress.failing.runs,
            failing_since: progress.failing.since.map(At),
            along: self.along(scope, row)?,
            switch: row.switch,
            suspended: row.suspended,
            running: progress.run.is_some(),
            last_run: progress.ended_at.map(At),
            newest_run: self.newest_run(scope, row.id)?,
            schedule: schedule.map(|row| ScheduleView::new(&row)),
            etag: etag(row),
        })
    }
}

/// What is asked to be another of a transfer.
fn changes(seen: &TransferView, change: &ChangeTransfer, document: &TransferDocument) -> Vec<FieldChange> {
    let changes = [
        FieldChange::asked("mapping", &seen.mapping, document.mapping.as_ref()),
        FieldChange::asked("sync", &seen.sync, change.sync.as_ref()),
        FieldChange::asked("write", &seen.write, change.write.as_ref()),
        FieldChange::asked("limit", &seen.limit, change.limit.as_ref()),
        FieldChange::asked("rejections", &seen.rejections, change.rejections.as_ref()),
        FieldChange::asked("removals", &seen.removals, change.removals.as_ref()),
        FieldChange::asked("failures_max", &seen.failures_max, change.failures_max.as_ref()),
        FieldChange::asked("along", &seen.along, change.along.as_ref()),
        FieldChange::asked("switch", &seen.switch, change.switch.as_ref()),
        FieldChange::asked("schedule", &seen.schedule, change.schedule.as_ref()),
    ];
    changes.into_iter().flatten().collect()
}
