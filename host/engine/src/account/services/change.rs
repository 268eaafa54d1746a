//! Change what a third party's access is called, and what it may.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::meter::Quota;
use weighbridge_model::problem::Problem;
use weighbridge_model::service::ExternalService;
use weighbridge_model::time::Zone;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::Services;

use super::view::ServiceView;
use super::{inputs as written, own};
use crate::account::edit::{Edit, if_match};
use crate::account::inputs;
use crate::audit::{AuditDetail, FieldChange};
use crate::document::WindowDocument;
use crate::engine::Engine;
use crate::texts::{Texts, customer_owner};

/// What is to be changed; what is left out stays, and what is empty is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeAccess {
    /// What it is called.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// From when to when.
    pub window: Option<WindowDocument>,
    /// The names of the endpoints that it may read: all of them.
    pub endpoints: Option<Vec<String>>,
    /// The most requests in a minute; zero is without a limit.
    pub rate_per_minute: Option<u32>,
    /// What it may use.
    pub quota: Option<Quota>,
}

impl Engine {
    /// Changes an external service; `seen` is the `etag` that the change was made from. A page that is being read is asked
    /// of again before it is answered.
    pub async fn change_service(
        &self,
        may: &Permission<kinds::ServicesChange>,
        id: ExternalServiceId,
        change: &ChangeAccess,
        seen: Option<&str>,
    ) -> Result<ServiceView, Problem> {
        let scope = CustomerScope::of(may);
        let zone = self.zone_of(scope.tenant())?;
        let row = self
            .edit(|edit| {
                let before = edit.need::<Services>(scope, id)?;
                if_match(seen, &before)?;
                own::may_change(may.actor(), &before)?;
                own::may_give(edit, scope, may.actor())?;
                let row = changed(edit, scope, &before, change, &zone)?;
                let (was, is) = (self.service_view(scope, &before, &zone)?, self.service_view(scope, &row, &zone)?);
                let text = format!("{} {}", is.access_id, is.name);
                let detail = AuditDetail { text, changes: differences(&was, &is) };
                if !detail.changes.is_empty() {
                    edit.put::<Services>(scope, id, row.clone());
                    edit.audit(self.audit_customer(scope, may.by(), "service.changed", detail)?);
                }
                Ok(row)
            })
            .await?;
        Ok(self.service_view(scope, &row, &zone)?)
    }
}

fn changed(
    edit: &mut Edit<'_>,
    scope: CustomerScope,
    before: &ExternalService,
    change: &ChangeAccess,
    zone: &Zone,
) -> Result<ExternalService, Problem> {
    let mut row = before.clone();
    if let Some(endpoints) = &change.endpoints {
        row.scopes = written::endpoints(edit, scope, endpoints)?;
    }
    let texts = Texts::new(&edit.engine.host.ring, customer_owner(scope), before.id.as_bytes());
    if let Some(name) = &change.name {
        inputs::name(name)?;
        row.name = texts.seal("name", name)?;
    }
    if let Some(description) = &change.description {
        inputs::text(description, "description")?;
        row.description = texts.seal("description", description)?;
    }
    if let Some(window) = &change.window {
        row.window = inputs::window(window, zone)?;
    }
    if let Some(rate) = change.rate_per_minute {
        row.rate_per_minute = written::rate(rate)?;
    }
    row.quota = change.quota.unwrap_or(row.quota);
    Ok(row)
}

fn differences(was: &ServiceView, is: &ServiceView) -> Vec<FieldChange> {
    let quota = |view: &ServiceView| serde_json::to_string(&view.quota).ok();
    let instant = |at: Option<crate::account::At>| at.map(|at| at.0.to_string());
    let rate = |view: &ServiceView| view.rate_per_minute.map(|rate| rate.to_string());
    let pairs = [
        ("name", Some(was.name.clone()), Some(is.name.clone())),
        ("description", Some(was.description.clone()), Some(is.description.clone())),
        ("window.start", instant(was.window.start), instant(is.window.start)),
        ("window.end", instant(was.window.end), instant(is.window.end)),
        ("endpoints", Some(was.endpoints.join(", ")), Some(is.endpoints.join(", "))),
        ("rate_per_minute", rate(was), rate(is)),
        ("quota", quota(was), quota(is)),
    ];
    pairs.into_iter().filter_map(|(field, before, after)| FieldChange::of(field, before, after)).collect()
}
