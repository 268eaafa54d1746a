//! Third parties' access, as people see it: who pulls, what, from when to when, and when they last did.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::gate::{self, Explanation, admit_service};
use weighbridge_model::id::{EndpointId, ExternalServiceId};
use weighbridge_model::meter::{Amounts, Quota};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::service::{AccessId, ApiKey, ExternalService, MadeBy, Pull};
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::Zone;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Endpoints, LastUses, ServiceBalances, Services};
use weighbridge_store::verbs::gather_pull;
use zeroize::Zeroizing;

use super::message::MessageLanguage;
use crate::account::view::{At, Page, WindowView, etag};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// A third party's access, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServiceView {
    /// Its id.
    pub id: ExternalServiceId,
    /// The Connection ID that the third party comes with.
    pub access_id: AccessId,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its switch.
    pub switch: Switch,
    /// Who switched it off; what the tenant switched off, its customer does not switch on.
    pub off_by: Option<MadeBy>,
    /// Why it cannot pull at the moment: the gate's code for the access itself, and nothing where it can.
    pub refused: Option<String>,
    /// From when to when.
    pub window: WindowView,
    /// The names of the endpoints that it may read.
    pub endpoints: Vec<String>,
    /// The most requests in a minute; none is without a limit.
    pub rate_per_minute: Option<u32>,
    /// What it may use.
    pub quota: Quota,
    /// What it used in the present period of its quota.
    pub used: Amounts,
    /// Until when the key before the present one works.
    pub previous_key_until: Option<At>,
    /// Who made it.
    pub made_by: MadeBy,
    /// When it was made.
    pub created_at: At,
    /// When it last came, to a minute.
    pub last_used_at: Option<At>,
    /// What it is known by until it is changed.
    pub etag: String,
}

/// An external service with its new key, which is never shown again.
#[derive(Serialize, JsonSchema)]
pub struct ShownKey {
    /// The service.
    pub service: ServiceView,
    /// Its key.
    #[serde(serialize_with = "reveal")]
    #[schemars(with = "String")]
    pub key: ApiKey,
    /// What the third party is told, with the key in it, to be copied as it is.
    #[serde(serialize_with = "copied")]
    #[schemars(with = "String")]
    pub message: Zeroizing<String>,
}

impl std::fmt::Debug for ShownKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShownKey({}, ..)", self.service.access_id)
    }
}

fn copied<S: Serializer>(text: &Zeroizing<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

fn reveal<S: Serializer>(key: &ApiKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.reveal())
}

/// The most external services of one customer that a list shows.
const SERVICES_MAX: usize = 10_000;

impl Engine {
    /// Who pulls a customer's data.
    pub fn services(&self, may: &Permission<kinds::ServicesRead>) -> Result<Page<ServiceView>, Problem> {
        let scope = CustomerScope::of(may);
        let zone = self.zone_of(scope.tenant())?;
        let rows = self.host.store.read(|tx| tx.scan::<Services>(&scope, None, SERVICES_MAX));
        let rows = rows.map_err(EngineError::from)?;
        let views = rows.iter().map(|(_, row)| self.service_view(scope, row, &zone));
        let mut items = views.collect::<Result<Vec<_>, EngineError>>()?;
        items.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Ok(Page { items, next: None })
    }

    /// One external service.
    pub fn service(
        &self,
        may: &Permission<kinds::ServicesRead>,
        id: ExternalServiceId,
    ) -> Result<ServiceView, Problem> {
        let scope = CustomerScope::of(may);
        let found = self.host.store.read(|tx| tx.get::<Services>(&scope, &id));
        let row = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        Ok(self.service_view(scope, &row, &self.zone_of(scope.tenant())?)?)
    }

    /// Why an external service gets records of an endpoint at the moment, or why it does not.
    pub fn explain_service(
        &self,
        may: &Permission<kinds::ServicesRead>,
        id: ExternalServiceId,
        endpoint: EndpointId,
    ) -> Result<Explanation, Problem> {
        let (scope, now) = (CustomerScope::of(may), self.host.now());
        let found = self.host.store.read(|tx| match tx.get::<Endpoints>(&scope, &endpoint)? {
            Some(_) => gather_pull(tx, scope, Pull::new(id, endpoint), now).map(Some),
            None => Ok(None),
        });
        let route = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        Ok(gate::explain(&route.facts(true, None), now))
    }

    /// A new key with what is to be copied of it.
    pub(super) fn shown_key(&self, service: ServiceView, key: ApiKey, language: MessageLanguage) -> ShownKey {
        let message = self.message(&service, Some(&key), language);
        ShownKey { service, key, message }
    }

    pub(super) fn service_view(
        &self,
        scope: CustomerScope,
        row: &ExternalService,
        zone: &Zone,
    ) -> Result<ServiceView, EngineError> {
        let now = self.host.now();
        let texts = Texts::new(&self.host.ring, customer_owner(scope), row.id.as_bytes());
        let key = (row.id, row.quota.period_start(zone, now));
        let (used, last) = self
            .host
            .store
            .read(|tx| Ok((tx.get::<ServiceBalances>(&scope, &key)?, tx.get::<LastUses>(&scope, &row.id)?)))?;
        let facts = row.facts(EndpointId::from_bytes([0; 16]));
        let refusal = admit_service(Some(&gate::ExternalServiceFacts { in_scope: true, ..facts }), now).err();
        let previous = row.keys.previous.filter(|previous| now < previous.until);
        Ok(ServiceView {
            id: row.id,
            access_id: row.access_id,
            name: texts.open_text("name", &row.name)?,
            description: texts.open_text("description", &row.description)?,
            switch: row.switch,
            off_by: row.off_by,
            refused: refusal.map(|refusal| refusal.code.as_str().to_owned()),
            window: WindowView::new(row.window, zone),
            endpoints: self.endpoint_names(scope, row)?,
            rate_per_minute: row.rate_per_minute.map(std::num::NonZeroU32::get),
            quota: row.quota,
            used: used.unwrap_or_default().spent,
            previous_key_until: previous.map(|previous| At(previous.until)),
            made_by: row.made_by,
            created_at: At(row.created_at),
            last_used_at: last.map(|last| At(last.at)),
            etag: etag(row),
        })
    }

    /// The third parties that may read an endpoint, as what uses it is told of.
    pub(crate) fn services_that_read(
        &self,
        scope: CustomerScope,
        endpoint: EndpointId,
    ) -> Result<Vec<String>, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Services>(&scope, None, SERVICES_MAX))?;
        let reading = rows.into_iter().filter(|(_, row)| row.scopes.contains(&endpoint));
        reading
            .map(|(_, row)| {
                let texts = Texts::new(&self.host.ring, customer_owner(scope), row.id.as_bytes());
                Ok(format!("service {}", texts.open_text("name", &row.name)?))
            })
            .collect()
    }

    /// The names of the endpoints that a service may read, in their order.
    pub(crate) fn endpoint_names(
        &self,
        scope: CustomerScope,
        service: &ExternalService,
    ) -> Result<Vec<String>, EngineError> {
        let mut names = Vec::new();
        for id in &service.scopes {
            let Some(endpoint) = self.host.store.read(|tx| tx.get::<Endpoints>(&scope, id))? else { continue };
            names.push(self.host.name_in(scope, id.as_bytes(), &endpoint.name)?);
        }
        names.sort();
        Ok(names)
    }
}
