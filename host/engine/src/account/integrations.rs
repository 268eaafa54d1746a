//! A tenant's offers of connectors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::id::{IntegrationId, TenantId};
use weighbridge_model::integration::{EgressGrant, Integration, ProxyUse};
use weighbridge_model::name::ConnectorName;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_store::tables::{Integrations, Kind, TenantIndex};
use weighbridge_store::{HostScope, TenantScope};
use weighbridge_vault::Owner;

use super::inputs::open_some;
use super::view::{Page, etag};
use crate::apply::{Plan, SecretFiles, integration as plan, outward};
use crate::audit::{AuditDetail, FieldChange};
use crate::document::{ClientCertificateDocument, IntegrationDocument, OAuthClientDocument, SecretDocument};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// An offer, as people see it; no secret of it is ever shown.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct IntegrationView {
    /// Its id.
    pub id: IntegrationId,
    /// The tenant's name for it.
    pub name: String,
    /// The connector.
    pub connector: ConnectorName,
    /// Whether it is offered.
    pub switch: Switch,
    /// Hosts, private networks and folders it may reach; no host means all that the connector asks for.
    pub grant: EgressGrant,
    /// Whom its own certificate authorities name, and their digest.
    pub ca: Option<String>,
    /// Whom the certificate names that it shows, and its digest; the key is shown to nobody.
    pub client_certificate: Option<String>,
    /// Whether the tenant's OAuth client is kept for it.
    pub has_oauth_client: bool,
    /// Whether it leaves by the host's proxy.
    pub proxy: ProxyUse,
    /// Whether customers may connect by it themselves, where tenant and customer allow that.
    pub self_managed: bool,
    /// What it costs, as people read it.
    pub price: Option<String>,
    /// What a connection's settings begin with.
    pub defaults: Map<String, Value>,
    /// What it is known by until it is changed.
    pub etag: String,
}

/// A client that the tenant registered at the platform.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuthClient {
    /// `client_id`.
    pub id: String,
    /// `client_secret`; a public client has none.
    #[serde(default)]
    pub secret: Option<String>,
}

impl std::fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OAuthClient(..)")
    }
}

/// What an offer begins with, or what is changed of it; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeIntegration {
    /// Whether it is offered.
    pub switch: Option<Switch>,
    /// Hosts it may reach, as patterns of the connector's manifest; all of them where the list is empty.
    pub hosts: Option<Vec<String>>,
    /// Whether it leaves by the host's proxy.
    pub proxy: Option<ProxyUse>,
    /// The client that the tenant registered at the platform.
    pub oauth_client: Option<OAuthClient>,
    /// Certificate authorities, PEM, that it believes beside the public ones; an empty text takes them away.
    pub ca: Option<String>,
    /// Whether customers may connect by it themselves, where tenant and customer allow that.
    pub self_managed: Option<bool>,
    /// What it costs, as people read it; an empty text takes it away.
    pub price: Option<String>,
    /// What a connection's settings begin with.
    pub defaults: Option<Map<String, Value>>,
}

/// How an offer leaves this host; what is left out stays.
#[derive(Clone, Default)]
pub struct AllowAddresses {
    /// All private networks that it may reach.
    pub networks: Option<Vec<String>>,
    /// All folders of this host that it may read or write.
    pub folders: Option<Vec<String>>,
    /// Certificate authorities, PEM; an empty text takes them away.
    pub ca: Option<String>,
    /// A client certificate, PEM, with its key; two empty texts take it away.
    pub certificate: Option<String>,
    /// The key.
    pub key: Option<String>,
    /// Whether it leaves by the host's proxy.
    pub proxy: Option<ProxyUse>,
}

/// The most offers of one tenant.
const INTEGRATIONS_MAX: usize = 10_000;

impl Engine {
    /// All offers of a tenant.
    pub fn integrations(&self, may: &Permission<kinds::IntegrationsRead>) -> Result<Page<IntegrationView>, Problem> {
        let scope = TenantScope::of(may);
        let rows = self.host.store.read(|tx| tx.scan::<Integrations>(&scope, None, INTEGRATIONS_MAX));
        let rows = rows.map_err(EngineError::from)?;
        let mut items: Vec<_> =
            rows.iter().map(|(_, row)| self.integration_view(row)).collect::<Result<_, EngineError>>()?;
        items.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Page { items, next: None })
    }

    /// One offer.
    pub fn integration(
        &self,
        may: &Permission<kinds::IntegrationsRead>,
        id: IntegrationId,
    ) -> Result<IntegrationView, Problem> {
        self.integration_row(TenantScope::of(may), id)
    }

    /// Offers an installed connector.
    pub async fn offer_integration(
        &self,
        may: &Permission<kinds::IntegrationsChange>,
        (name, connector): (&str, &str),
        change: &ChangeIntegration,
    ) -> Result<IntegrationView, Problem> {
        let scope = TenantScope::of(may);
        if self.integration_named(scope, name)?.is_some() {
            return Err(Problem::from(ProblemCode::NameTaken).at("name", format!("there is an offer `{name}`")));
        }
        let act = ("integration.created", Vec::new());
        self.plan_integration(scope, may.by(), document(name, connector, change), act).await?;
        let id = self.integration_named(scope, name)?.ok_or(ProblemCode::NotThere)?;
        self.integration_row(scope, id)
    }

    /// Changes an offer. What uses one that is taken back stops before its next batch.
    pub async fn change_integration(
        &self,
        may: &Permission<kinds::IntegrationsChange>,
        id: IntegrationId,
        change: &ChangeIntegration,
        seen: Option<&str>,
    ) -> Result<IntegrationView, Problem> {
        let scope = TenantScope::of(may);
        let before = self.integration_row(scope, id)?;
        if seen.is_some_and(|seen| seen.trim_matches('"') != before.etag) {
            return Err(ProblemCode::Stale.into());
        }
        let document = document(&before.name, before.connector.as_str(), change);
        self.plan_integration(scope, may.by(), document, ("integration.changed", changes(&before, change))).await?;
        self.integration_row(scope, id)
    }

    /// Says how an offer leaves this host: the operator's to say, since private networks are the host's own surroundings. What
    /// it was and what it is stands in the tenant's audit log, a certificate by whom it names and its digest.
    pub async fn allow_addresses(
        &self,
        may: &Permission<kinds::TenantsChange>,
        (tenant, id): (TenantId, IntegrationId),
        allow: AllowAddresses,
    ) -> Result<IntegrationView, Problem> {
        let scope = HostScope::new().tenant(tenant);
        let before = self.integration_row(scope, id)?;
        let shown = match (allow.certificate, allow.key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some(ClientCertificateDocument {
                certificate: SecretDocument::Text(certificate),
                key: SecretDocument::Text(key),
            }),
            (Some(_), None) => return Err(Problem::invalid("key", "a certificate is shown by who has its key")),
            (None, Some(_)) => return Err(Problem::invalid("certificate", "a key is for a certificate")),
        };
        let document = IntegrationDocument {
            networks: allow.networks,
            folders: allow.folders,
            ca: allow.ca.map(SecretDocument::Text),
            client_certificate: shown,
            proxy: allow.proxy,
            ..document(&before.name, before.connector.as_str(), &ChangeIntegration::default())
        };
        // What it was and is stands in a line of its own, which documents write too.
        self.plan_integration(scope, may.by(), document, ("integration.addresses_allowed", Vec::new())).await?;
        self.integration_row(scope, id)
    }

    async fn plan_integration(
        &self,
        scope: TenantScope,
        by: ActorRef,
        document: IntegrationDocument,
        (act, changes): (&'static str, Vec<FieldChange>),
    ) -> Result<(), Problem> {
        let work = async |planned: &mut Plan<'_>| plan::plan(planned, scope, &document, &SecretFiles::none(), "").await;
        let detail = AuditDetail { text: document.name.clone(), changes };
        self.apply_one((scope, None), by, (act, detail), work).await
    }

    fn integration_named(&self, scope: TenantScope, name: &str) -> Result<Option<IntegrationId>, EngineError> {
        let hash = self.host.ring.name_hash(Owner::Tenant(scope.id()), Kind::Integration.word(), name)?;
        let place = (Kind::Integration.number(), hash);
        let found = self.host.store.read(|tx| tx.get::<TenantIndex>(&scope, &place))?;
        Ok(found.map(|found| IntegrationId::from_bytes(found.id)))
    }

    fn integration_row(&self, scope: TenantScope, id: IntegrationId) -> Result<IntegrationView, Problem> {
        let found = self.host.store.read(|tx| tx.get::<Integrations>(&scope, &id));
        let row = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        Ok(self.integration_view(&row)?)
    }

    pub(crate) fn integration_view(&self, row: &Integration) -> Result<IntegrationView, EngineError> {
        let texts = Texts::new(&self.host.ring, Owner::Tenant(row.tenant), row.id.as_bytes());
        let (ca, client_certificate) = outward::named(&self.host.ring, row)?;
        Ok(IntegrationView {
            id: row.id,
            name: texts.open_text("name", &row.name)?,
            connector: row.connector.clone(),
            switch: row.switch,
            grant: serde_json::from_slice(&texts.open("grant", &row.grant)?).unwrap_or_default(),
            ca,
            client_certificate,
            has_oauth_client: row.oauth_client.is_some(),
            proxy: row.proxy,
            self_managed: row.self_managed,
            price: row.price.as_ref().map(|text| texts.open_text("price", text)).transpose()?,
            defaults: open_some(&texts, "defaults", row.defaults.as_ref())?,
            etag: etag(row),
        })
    }
}

/// What is asked to be another of an offer; of a client only that there is another one.
fn changes(seen: &IntegrationView, change: &ChangeIntegration) -> Vec<FieldChange> {
    let client = change.oauth_client.as_ref().map(|_| "another one");
    let price = change.price.as_ref().map(|price| Some(price).filter(|price| !price.is_empty()));
    let changes = [
        FieldChange::asked("switch", &seen.switch, change.switch.as_ref()),
        FieldChange::asked("hosts", &seen.grant.hosts, change.hosts.as_ref()),
        FieldChange::asked("proxy", &seen.proxy, change.proxy.as_ref()),
        FieldChange::asked("oauth_client", &seen.has_oauth_client.then_some("one"), client.as_ref()),
        FieldChange::asked("self_managed", &seen.self_managed, change.self_managed.as_ref()),
        FieldChange::asked("price", &seen.price, price.as_ref()),
        FieldChange::asked("defaults", &seen.defaults, change.defaults.as_ref()),
    ];
    changes.into_iter().flatten().collect()
}

/// The change as a document; no path to a file of this machine is ever in it.
fn document(name: &str, connector: &str, change: &ChangeIntegration) -> IntegrationDocument {
    let text = |text: &String| SecretDocument::Text(text.clone());
    IntegrationDocument {
        name: name.to_owned(),
        connector: connector.to_owned(),
        switch: change.switch,
        hosts: change.hosts.clone(),
        networks: None,
        folders: None,
        ca: change.ca.as_ref().map(text),
        client_certificate: None,
        proxy: change.proxy,
        oauth_client: change
            .oauth_client
            .as_ref()
            .map(|client| OAuthClientDocument { id: text(&client.id), secret: client.secret.as_ref().map(text) }),
        self_managed: change.self_managed,
        price: change.price.clone(),
        defaults: change.defaults.clone(),
    }
}
