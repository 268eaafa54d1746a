//! What can be connected: the offers that are on, by category, with what each will ask for.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_model::access::{Permission, Role, kinds};
use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::IntegrationId;
use weighbridge_model::integration::Integration;
use weighbridge_model::package::{AuthMethod, AuthScheme, Capability, Manifest, OAuthFlow};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::self_managed;
use weighbridge_model::tenant::Switch;
use weighbridge_store::tables::{Customers, Integrations, Packages, Tenants};
use weighbridge_store::{CustomerScope, HostScope};
use weighbridge_vault::Owner;

use super::whose::Asks;
use crate::account::Page;
use crate::account::inputs::open_some;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// A platform that can be connected.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlatformView {
    /// The offer, which a connection is made by.
    pub integration: IntegrationId,
    /// The tenant's name for it.
    pub name: String,
    /// The platform's name.
    pub title: String,
    /// What it connects, in a sentence.
    pub summary: String,
    /// What a person picks it by.
    pub categories: Vec<String>,
    /// What it can do.
    pub functions: Vec<PlatformFunction>,
    /// The ways to sign in, by name.
    pub sign_in: Vec<SignInKind>,
    /// JSON Schema of the settings that a form asks for; no secret is among them.
    pub settings: Value,
    /// What the tenant tells its customers before they connect it.
    pub notice: String,
    /// What it costs the tenant; shown to the tenant's people only.
    pub price: Option<String>,
    /// Whether the customer may connect it by itself.
    pub self_managed: bool,
}

/// One thing that a platform can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlatformFunction {
    /// The stream.
    pub stream: String,
    /// Whether it is read or written.
    pub direction: Direction,
    /// What it is for.
    pub purpose: String,
    /// What a person picks it by.
    pub category: String,
}

impl From<&Capability> for PlatformFunction {
    fn from(one: &Capability) -> Self {
        Self {
            stream: one.stream.clone(),
            direction: one.direction,
            purpose: one.purpose.clone(),
            category: one.category.clone(),
        }
    }
}

/// One way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SignInKind {
    /// Its name.
    pub scheme: String,
    /// What a person reads when choosing it.
    pub title: String,
    /// Whether the person is sent to the platform's own sign-in.
    pub at_the_platform: bool,
    /// The secrets that a form asks for.
    pub secrets: Vec<SecretAsked>,
    /// The settings that other ways to sign in need and this one does not.
    pub spares: Vec<String>,
}

/// A secret that a form asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SecretAsked {
    /// Its name.
    pub name: String,
    /// What a person reads.
    pub title: String,
}

/// Which platforms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlatformFilter {
    /// Of this category.
    pub category: Option<String>,
}

/// What customers read where the tenant wrote nothing.
const NOTICE: &str = "This integration may be chargeable; ask your partner.";

const INTEGRATIONS_MAX: usize = 10_000;

impl Engine {
    /// What can be connected for a customer. A customer's own people see what they may connect; the tenant's see all of it.
    pub async fn platforms(
        &self,
        may: &Permission<kinds::ConnectionsRead>,
        filter: &PlatformFilter,
    ) -> Result<Page<PlatformView>, Problem> {
        let asks = Asks::in_customer(may);
        self.customer_and_zone(CustomerScope::of(may))?;
        self.platforms_by(&asks, filter).await
    }

    pub(super) async fn platforms_by(
        &self,
        asks: &Asks,
        filter: &PlatformFilter,
    ) -> Result<Page<PlatformView>, Problem> {
        let is_customers = asks.is_of_customer();
        let rows = self.host.store.read(|tx| tx.scan::<Integrations>(&asks.whose.tenant(), None, INTEGRATIONS_MAX));
        let mut items = Vec::new();
        for (_, row) in rows.map_err(EngineError::from)? {
            let of = asks.whose.customer();
            let self_managed = of.map_or(Ok(row.self_managed), |scope| self.may_connect_itself(scope, &row))?;
            if row.switch == Switch::Off || is_customers && !self_managed {
                continue;
            }
            // An offer whose connector cannot be used now is not offered now.
            let Ok(manifest) = self.manifest_of(&row).await else { continue };
            let view = self.platform_view(&row, &manifest, self_managed, !is_customers)?;
            items.extend(filter.category.as_ref().is_none_or(|one| view.categories.contains(one)).then_some(view));
        }
        items.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Page { items, next: None })
    }

    /// Whether a customer may connect by this offer itself.
    pub(crate) fn may_connect_itself(&self, scope: CustomerScope, offer: &Integration) -> Result<bool, EngineError> {
        let (tenant, customer) = self.host.store.read(|tx| {
            Ok((tx.need::<Tenants>(&scope.tenant(), &())?, tx.need::<Customers>(&scope.tenant(), &scope.id())?))
        })?;
        Ok(self_managed::allows(offer.self_managed, tenant.self_managed.policy, customer.self_managed.choice))
    }

    /// The manifest of the connector that an offer is of.
    pub(crate) async fn manifest_of(&self, offer: &Integration) -> Result<Arc<Manifest>, Problem> {
        let name = offer.connector.clone();
        let package = self.host.store.read(|tx| tx.get::<Packages>(&HostScope::new(), &name));
        let package = package.map_err(EngineError::from)?.ok_or(ProblemCode::Unavailable)?;
        let trust = self.host.trust().map_err(EngineError::from)?;
        let manifest = self.host.packages.manifest(name.as_str(), &package, &trust).await;
        manifest.map_err(|error| Problem { cause: Some(error.to_string()), ..ProblemCode::Unavailable.into() })
    }

    pub(super) fn platform_view(
        &self,
        row: &Integration,
        manifest: &Manifest,
        self_managed: bool,
        with_price: bool,
    ) -> Result<PlatformView, EngineError> {
        let texts = Texts::new(&self.host.ring, Owner::Tenant(row.tenant), row.id.as_bytes());
        let price = row.price.as_ref().filter(|_| with_price).map(|text| texts.open_text("price", text)).transpose()?;
        let categories: BTreeSet<_> =
            manifest.capabilities.iter().map(|one| one.category.clone()).filter(|one| !one.is_empty()).collect();
        let functions = manifest.capabilities.iter().map(PlatformFunction::from);
        let set = open_some(&texts, "defaults", row.defaults.as_ref())?;
        let ways = ways(manifest, &set);
        Ok(PlatformView {
            integration: row.id,
            name: texts.open_text("name", &row.name)?,
            title: manifest.title.clone(),
            summary: manifest.summary.clone(),
            categories: categories.into_iter().collect(),
            functions: functions.collect(),
            sign_in: ways.iter().map(|scheme| sign_in(manifest, scheme, row.oauth_client.is_some())).collect(),
            settings: asked(manifest, &set, &ways),
            notice: self.notice(HostScope::new().tenant(row.tenant))?,
            price,
            self_managed,
        })
    }

    /// What the tenant tells its customers before they connect something.
    pub(crate) fn notice(&self, scope: weighbridge_store::TenantScope) -> Result<String, EngineError> {
        let tenant = self.host.store.read(|tx| tx.need::<Tenants>(&scope, &()))?;
        let texts = Texts::new(&self.host.ring, Owner::Tenant(tenant.id), tenant.id.as_bytes());
        match &tenant.self_managed.text {
            Some(text) => texts.open_text("notice", text),
            None => Ok(NOTICE.to_owned()),
        }
    }
}

/// The ways to sign in that an offer leaves open: only its own where it sets one.
fn ways<'a>(manifest: &'a Manifest, set: &Map<String, Value>) -> Vec<&'a AuthScheme> {
    let own = set.get("auth").and_then(Value::as_str).filter(|scheme| manifest.tells_scheme(scheme));
    manifest.auth.iter().filter(|scheme| own.is_none_or(|own| own == scheme.name)).collect()
}

/// The settings that a person is asked for: not what the offer sets, not the way to sign in, which is chosen beside them, and
/// not what only ways need that are not offered.
fn asked(manifest: &Manifest, set: &Map<String, Value>, ways: &[&AuthScheme]) -> Value {
    let mut schema = manifest.configuration.clone();
    let is_asked = |name: &str| {
        let is_way = name == "auth" && manifest.auth.iter().any(|scheme| manifest.tells_scheme(&scheme.name));
        let is_spared = !ways.is_empty() && ways.iter().all(|way| spares(manifest, way, name));
        !is_way && !is_spared && !set.contains_key(name)
    };
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.retain(|name, _| is_asked(name));
    }
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|name| name.as_str().is_none_or(is_asked));
    }
    schema
}

/// Whether other ways to sign in need a setting, and this one does not.
fn spares(manifest: &Manifest, way: &AuthScheme, name: &str) -> bool {
    let mentions = |one: &AuthScheme| {
        let applied = serde_json::to_string(&one.apply).unwrap_or_default();
        applied.contains(&format!("{{{name}}}"))
    };
    !mentions(way) && manifest.auth.iter().any(mentions)
}

/// Whether somebody is of a customer, or acts as one.
pub(crate) fn is_of_customer(role: Role) -> bool {
    matches!(role, Role::CustomerAdmin | Role::CustomerViewer)
}

/// A sign-in at the platform asks for no secret where the tenant registered a client there.
fn sign_in(manifest: &Manifest, scheme: &AuthScheme, has_client: bool) -> SignInKind {
    let at_the_platform =
        matches!(&scheme.apply, AuthMethod::Oauth2(oauth2) if oauth2.flow == OAuthFlow::AuthorizationCode);
    let is_oauth = matches!(scheme.apply, AuthMethod::Oauth2(_));
    let secrets = match (is_oauth, has_client) {
        (true, true) => Vec::new(),
        (true, false) => vec!["client_id".to_owned(), "client_secret".to_owned()],
        (false, _) => scheme.secret_names().into_iter().collect(),
    };
    let secrets = secrets.into_iter().map(|name| {
        let field = scheme.secrets.iter().find(|field| field.name == name);
        let title = field.map(|field| field.title.clone()).filter(|title| !title.is_empty());
        SecretAsked { title: title.unwrap_or_else(|| name.replace('_', " ")), name }
    });
    let secrets = secrets.collect();
    let title = if scheme.title.is_empty() { scheme.name.clone() } else { scheme.title.clone() };
    let names = manifest.configuration["properties"].as_object().into_iter().flat_map(Map::keys);
    let spares = names.filter(|name| spares(manifest, scheme, name)).cloned().collect();
    SignInKind { scheme: scheme.name.clone(), title, at_the_platform, secrets, spares }
}
