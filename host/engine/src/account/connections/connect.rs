//! Connect a system for a customer: by its own people where they may, by the tenant's, or by whoever holds a link.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use weighbridge_model::access::{ActorRef, Permission, Role, kinds};
use weighbridge_model::id::{ConnectionId, IntegrationId};
use weighbridge_model::integration::Integration;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_store::tables::{Connections, Integrations};
use weighbridge_store::verbs::raise_connected;
use weighbridge_vault::Owner;

use super::change::label_taken;
use super::view::ConnectionView;
use super::whose::{Asks, Whose};
use crate::account::inputs;
use crate::apply::connection as plan;
use crate::apply::{ApplyError, SecretFiles};
use crate::document::{ConnectionDocument, SecretDocument, WindowDocument};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// A system to be connected.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// The offer that it is made by.
    pub integration: IntegrationId,
    /// What it is called; the offer's name where it is left out. It can be changed later.
    #[serde(default)]
    pub label: Option<String>,
    /// The settings, as the platform's form asks for them.
    #[serde(default)]
    pub configuration: Map<String, Value>,
    /// How to sign in: one of the platform's ways.
    #[serde(default)]
    pub scheme: Option<String>,
    /// The secrets that this way asks for, by name. Nobody can read them back.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// Whether it may be used; `on` where it is left out.
    #[serde(default)]
    pub switch: Option<Switch>,
    /// From when to when; always where it is left out.
    #[serde(default)]
    pub window: Option<WindowDocument>,
}

impl std::fmt::Debug for NewConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewConnection({})", self.integration)
    }
}

impl Engine {
    /// Connects a system. Where the person signs in at the platform, it stands as *needs sign-in* until they did.
    pub async fn connect(
        &self,
        may: &Permission<kinds::CredentialsEnter>,
        new: &NewConnection,
    ) -> Result<ConnectionView, Problem> {
        self.connect_by(Asks::in_customer(may), new).await
    }

    pub(super) async fn connect_by(&self, asks: Asks, new: &NewConnection) -> Result<ConnectionView, Problem> {
        let offer = self.offer(asks.whose, new.integration)?;
        self.refuse_unmanaged(&asks, &offer)?;
        let id = self.connect_as(asks.whose, asks.by, &offer, new).await?;
        self.view_by(&asks, id).await
    }

    /// An offer that is on.
    pub(crate) fn offer(&self, whose: Whose, id: IntegrationId) -> Result<Integration, Problem> {
        if let Whose::Customer(scope) = whose {
            self.customer_and_zone(scope)?;
        }
        let found = self.host.store.read(|tx| tx.get::<Integrations>(&whose.tenant(), &id));
        let offer = found.map_err(EngineError::from)?.filter(|offer| offer.switch == Switch::On);
        offer.ok_or_else(|| Problem::from(ProblemCode::NotThere))
    }

    pub(crate) async fn connect_as(
        &self,
        whose: Whose,
        by: ActorRef,
        offer: &Integration,
        new: &NewConnection,
    ) -> Result<ConnectionId, Problem> {
        let texts = Texts::new(&self.host.ring, Owner::Tenant(offer.tenant), offer.id.as_bytes());
        let offered = texts.open_text("name", &offer.name)?;
        let label = match &new.label {
            Some(label) if self.connection_named(whose, label)?.is_some() => {
                return Err(label_taken(label));
            }
            Some(label) => inputs::label(label).map(|()| label.clone())?,
            None => self.free_label(whose, &offered)?,
        };
        let document = ConnectionDocument {
            name: label.clone(),
            integration: offered,
            switch: new.switch,
            window: new.window.clone(),
            configuration: Some(new.configuration.clone()),
            scheme: new.scheme.clone(),
            secrets: (!new.secrets.is_empty()).then(|| texts_of(&new.secrets)),
            off: None,
        };
        let (nowhere, parts) = (SecretFiles::none(), whose.parts());
        let told = format!("{label}: {}", document.integration);
        let made = self.apply_one(parts, by, ("connection.created", told.as_str().into()), async |planned| {
            plan::plan(planned, parts, &document, &nowhere, "").await?;
            let id = plan::find(planned, parts, &label)?.ok_or_else(|| ApplyError::at("label", "it was not made"))?;
            if is_by_customers_own(by) {
                let (scope, now) = (whose.tenant(), self.host.now());
                planned.also(move |tx| raise_connected(tx, scope, &tx.need::<Connections>(&scope, &id)?, now));
            }
            Ok(id)
        });
        let id = made.await?;
        if let Some(scope) = whose.customer() {
            self.keep_hook_if_any(scope, id).await;
        }
        Ok(id)
    }

    /// The offer's name, or the first of `name 2`, `name 3`… that nothing has.
    fn free_label(&self, whose: Whose, offered: &str) -> Result<String, EngineError> {
        let mut label = offered.to_owned();
        for number in 2_u32.. {
            if self.connection_named(whose, &label)?.is_none() {
                break;
            }
            label = format!("{offered} {number}");
        }
        Ok(label)
    }
}

/// Whether a customer's own people do it, or whoever holds a link that stands for them.
const fn is_by_customers_own(by: ActorRef) -> bool {
    matches!(by.role, Some(Role::CustomerAdmin | Role::CustomerViewer)) && by.acting_in.is_none()
}

/// Texts as they are: a path to a file of this machine is never among them.
pub(super) fn texts_of(secrets: &BTreeMap<String, String>) -> BTreeMap<String, SecretDocument> {
    secrets.iter().map(|(name, text)| (name.clone(), SecretDocument::Text(text.clone()))).collect()
}
