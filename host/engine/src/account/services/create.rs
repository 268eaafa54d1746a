//! Give a third party access. The key is in the answer, and nowhere else.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::meter::Quota;
use weighbridge_model::problem::Problem;
use weighbridge_model::service::{AccessId, ApiKey, ExternalService, Keys, MadeBy};
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::Zone;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Customers, Services};

use super::message::MessageLanguage;
use super::view::ShownKey;
use super::{index, inputs as written, own};
use crate::account::edit::Edit;
use crate::account::inputs;
use crate::chance;
use crate::document::WindowDocument;
use crate::engine::Engine;
use crate::texts::{Texts, customer_owner};

/// What a third party's access begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccess {
    /// What it is called.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Whether it may pull at once; `on` where it is left out.
    #[serde(default)]
    pub switch: Switch,
    /// From when to when; always where it is left out.
    #[serde(default)]
    pub window: WindowDocument,
    /// The names of the endpoints that it may read.
    #[serde(default)]
    pub endpoints: Vec<String>,
    /// The most requests in a minute; none, or zero, is without a limit.
    #[serde(default)]
    pub rate_per_minute: Option<u32>,
    /// What it may use, within what the customer may; not limited where it is left out.
    #[serde(default)]
    pub quota: Quota,
    /// In which language the third party is told: English where it is left out.
    #[serde(default)]
    pub language: MessageLanguage,
}

impl Engine {
    /// Makes an external service with its first key.
    pub async fn create_service(
        &self,
        may: &Permission<kinds::ServicesChange>,
        new: &NewAccess,
    ) -> Result<ShownKey, Problem> {
        let scope = CustomerScope::of(may);
        let zone = self.zone_of(scope.tenant())?;
        let made_by = own::made_by(may.actor());
        let key = ApiKey::new(&chance::bytes()?);
        let row = self
            .edit(|edit| {
                edit.need::<Customers>(scope.tenant(), scope.id())?;
                own::may_give(edit, scope, may.actor())?;
                let row = planned(edit, scope, &zone, new, (Keys::of(&key), made_by))?;
                edit.put::<Services>(scope, row.id, row.clone());
                index::put(edit, scope, &row);
                let text = format!("{} {}", row.access_id, new.name);
                edit.audit(self.audit_customer(scope, may.by(), "service.created", text.as_str().into())?);
                Ok(row)
            })
            .await?;
        Ok(self.shown_key(self.service_view(scope, &row, &zone)?, key, new.language))
    }
}

fn planned(
    edit: &mut Edit<'_>,
    scope: CustomerScope,
    zone: &Zone,
    new: &NewAccess,
    (keys, made_by): (Keys, MadeBy),
) -> Result<ExternalService, Problem> {
    inputs::name(&new.name)?;
    inputs::text(&new.description, "description")?;
    let scopes = written::endpoints(edit, scope, &new.endpoints)?;
    let now = edit.host().now();
    let id = ExternalServiceId::new(now, chance::bytes()?);
    let texts = Texts::new(&edit.engine.host.ring, customer_owner(scope), id.as_bytes());
    Ok(ExternalService {
        id,
        customer: scope.id(),
        access_id: AccessId::from_bytes(chance::bytes()?),
        name: texts.seal("name", &new.name)?,
        description: texts.seal("description", &new.description)?,
        window: inputs::window(&new.window, zone)?,
        switch: new.switch,
        off_by: (new.switch == Switch::Off).then_some(made_by),
        scopes,
        rate_per_minute: written::rate(new.rate_per_minute.unwrap_or(0))?,
        quota: new.quota,
        keys,
        made_by,
        created_at: now,
    })
}
