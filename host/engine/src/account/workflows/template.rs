//! Templates: every change of one is a version.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::digest::Digest;
use weighbridge_model::id::WorkflowId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{Kind, Named, TenantIndex, WorkflowRow, Workflows};
use weighbridge_vault::Owner;

use crate::account::{At, Page, inputs};
use crate::chance;
use crate::document::WorkflowDocument;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::texts::Texts;

/// A template; another one than the last makes a new version.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetWorkflow {
    /// Its name, unique in the tenant.
    pub name: String,
    /// `endpoint`, `mapping` and `transfer` lists, as in a document; an endpoint names an `integration` or a tenant's own
    /// `connection`, and its `stream`.
    pub template: Map<String, Value>,
}

/// A workflow, as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct WorkflowView {
    /// Its id.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// The newest version.
    pub version: u32,
    /// Its template.
    pub template: Value,
    /// When that was written.
    pub created_at: At,
}

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// A tenant's workflows, each in its newest version.
    pub fn workflows(&self, may: &Permission<kinds::WorkflowsRead>) -> Result<Page<WorkflowView>, Problem> {
        let scope = TenantScope::of(may);
        let rows = self.host.store.read(|tx| tx.scan::<Workflows>(&scope, None, ROWS_MAX));
        let mut newest = std::collections::BTreeMap::new();
        for ((id, version), row) in rows.map_err(EngineError::from)? {
            newest.insert(id, (version, row));
        }
        let views = newest.into_iter().map(|(id, (version, row))| self.workflow_view(scope, id, version, &row));
        Ok(Page { items: views.collect::<Result<_, EngineError>>()?, next: None })
    }

    /// One workflow.
    pub fn workflow(&self, may: &Permission<kinds::WorkflowsRead>, id: WorkflowId) -> Result<WorkflowView, Problem> {
        let scope = TenantScope::of(may);
        let (version, row) = self.host.newest_workflow(scope, id)?.ok_or(ProblemCode::NotThere)?;
        Ok(self.workflow_view(scope, id, version, &row)?)
    }

    /// Makes a workflow, or a new version of one. No customer is touched by it.
    pub async fn set_workflow(
        &self,
        may: &Permission<kinds::WorkflowsChange>,
        set: &SetWorkflow,
    ) -> Result<WorkflowView, Problem> {
        let scope = TenantScope::of(may);
        inputs::name(&set.name)?;
        parse(&set.template)?;
        let json = serde_json::to_vec(&set.template).map_err(Problem::fault)?;
        let digest = Digest::of(&json);
        let hash = self.host.ring.name_hash(Owner::Tenant(scope.id()), Kind::Workflow.word(), &set.name);
        let place = (Kind::Workflow.number(), hash.map_err(EngineError::from)?);
        let id = self
            .edit(|edit| {
                let known = edit.read::<TenantIndex>(scope, place)?.map(|named| WorkflowId::from_bytes(named.id));
                let id = match known {
                    Some(id) => id,
                    None => WorkflowId::new(self.host.now(), chance::bytes()?),
                };
                let last = self.host.newest_workflow(scope, id)?;
                if last.as_ref().is_some_and(|(_, row)| row.digest == digest) {
                    return Ok(id);
                }
                let version = last.map_or(1, |(version, _)| version + 1);
                let texts = Texts::new(&self.host.ring, Owner::Tenant(scope.id()), id.as_bytes());
                let row = WorkflowRow {
                    name: texts.seal("name", &set.name)?,
                    template: texts.seal("template", &json)?,
                    digest,
                    created_at: self.host.now(),
                };
                edit.read::<Workflows>(scope, (id, version))?;
                edit.put::<TenantIndex>(scope, place, Named { id: *id.as_bytes() });
                edit.put::<Workflows>(scope, (id, version), row);
                let text = format!("{}: version {version}", set.name);
                edit.audit(self.audit_in_tenant(scope, may.by(), "workflow.changed", text.as_str().into())?);
                Ok(id)
            })
            .await?;
        let (version, row) = self.host.newest_workflow(scope, id)?.ok_or(ProblemCode::NotThere)?;
        Ok(self.workflow_view(scope, id, version, &row)?)
    }

    fn workflow_view(
        &self,
        scope: TenantScope,
        id: WorkflowId,
        version: u32,
        row: &WorkflowRow,
    ) -> Result<WorkflowView, EngineError> {
        let texts = Texts::new(&self.host.ring, Owner::Tenant(scope.id()), id.as_bytes());
        Ok(WorkflowView {
            id,
            name: texts.open_text("name", &row.name)?,
            version,
            template: serde_json::from_slice(&texts.open("template", &row.template)?).unwrap_or_default(),
            created_at: At(row.created_at),
        })
    }
}

/// What is kept of templates.
impl Host {
    /// The newest version of a workflow, and its number.
    pub(crate) fn newest_workflow(
        &self,
        scope: TenantScope,
        id: WorkflowId,
    ) -> Result<Option<(u32, WorkflowRow)>, EngineError> {
        let rows = self.store.read(|tx| tx.scan::<Workflows>(&scope, Some(&(id, 0)), ROWS_MAX))?;
        let own = rows.into_iter().take_while(|((of, _), _)| *of == id);
        Ok(own.last().map(|((_, version), row)| (version, row)))
    }

    /// The template of one version.
    pub(crate) fn template_of(
        &self,
        scope: TenantScope,
        id: WorkflowId,
        version: u32,
    ) -> Result<Option<WorkflowDocument>, Problem> {
        let row = self.store.read(|tx| tx.get::<Workflows>(&scope, &(id, version))).map_err(EngineError::from)?;
        let Some(row) = row else { return Ok(None) };
        let texts = Texts::new(&self.ring, Owner::Tenant(scope.id()), id.as_bytes());
        let json = texts.open("template", &row.template)?;
        serde_json::from_slice(&json).map(Some).map_err(Problem::fault)
    }
}

fn parse(template: &Map<String, Value>) -> Result<WorkflowDocument, Problem> {
    let document: WorkflowDocument = serde_path_to_error::deserialize(Value::Object(template.clone()))
        .map_err(|error| Problem::invalid(format!("template.{}", error.path()), error.inner().to_string()))?;
    for (index, endpoint) in document.endpoints.iter().enumerate() {
        if endpoint.integration.is_some() == endpoint.connection.is_some() {
            let what = "name either the `integration` by which customers connect it, or your own `connection`";
            return Err(Problem::invalid(format!("template.endpoint[{index}]"), what));
        }
    }
    Ok(document)
}
