//! Whether customers connect systems by themselves: the tenant's setting, a customer's own, and what turning it on costs whom.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::integration::Integration;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::self_managed::{self, Acknowledgement, Choice, Policy, TenantSelfManaged};
use weighbridge_model::tenant::{Switch, Tenant};
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{Connections, Customers, Integrations, Tenants};
use weighbridge_store::{CustomerScope, TenantScope};
use weighbridge_vault::{KeyRing, Owner};

use super::customers::living;
use super::inputs;
use super::view::At;
use crate::apply::named::seal_changed;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::people::{Naming, Reader};
use crate::texts::{Texts, connection_owner, customer_owner};

/// A tenant's setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SetSelfManaged {
    /// Whether customers without a setting of their own may connect systems by themselves.
    pub policy: Option<Policy>,
    /// What customers read before they connect something; an empty text brings the usual sentence back.
    pub text: Option<String>,
    /// That what it costs was read.
    pub confirm: bool,
}

/// A customer's setting.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseSelfManaged {
    /// As the tenant's, or its own.
    pub choice: Choice,
    /// Where it is no longer allowed: switch what the customer connected off too.
    #[serde(default)]
    pub switch_off: bool,
    /// That what it costs, or what goes on, was read.
    #[serde(default)]
    pub confirm: bool,
}

/// Both settings side by side, and what comes of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SelfManagedView {
    /// The tenant's.
    pub policy: Policy,
    /// The customer's own, where one was asked for.
    pub choice: Option<Choice>,
    /// What customers read.
    pub text: String,
    /// Who took the tenant's upon it, and when.
    pub acknowledged: Option<AcknowledgedView>,
    /// Who took the customer's upon the tenant, and when.
    pub customer_acknowledged: Option<AcknowledgedView>,
    /// Each offer, its price, and whether a customer may connect by it.
    pub offers: Vec<OfferView>,
}

/// That somebody was told what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AcknowledgedView {
    /// When.
    pub at: At,
    /// Who.
    pub by: String,
    /// What they are called, if they are here still.
    pub by_name: Option<String>,
    /// What they were told.
    pub told: String,
}

/// An offer, as far as it concerns who connects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfferView {
    /// What it is called.
    pub name: String,
    /// Whether it is offered to be connected by customers.
    pub offered: bool,
    /// What it costs the tenant.
    pub price: Option<String>,
    /// What comes of it.
    pub result: Policy,
}

const ROWS_MAX: usize = 10_000;
const BILLED: &str = "your organisation is billed for what its customers connect";

impl Engine {
    /// A tenant's setting.
    pub fn self_managed(&self, may: &Permission<kinds::IntegrationsRead>) -> Result<SelfManagedView, Problem> {
        self.self_managed_view(TenantScope::of(may), None, Reader::of(may.actor()))
    }

    /// A customer's setting beside its tenant's.
    pub fn customer_self_managed(&self, may: &Permission<kinds::SelfManagedRead>) -> Result<SelfManagedView, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        self.self_managed_view(scope.tenant(), Some(scope), Reader::of(may.actor()))
    }

    /// Changes a tenant's setting. Turning it on names what it costs, and is confirmed.
    pub async fn set_self_managed(
        &self,
        may: &Permission<kinds::TenantChange>,
        set: &SetSelfManaged,
    ) -> Result<SelfManagedView, Problem> {
        let scope = TenantScope::of(may);
        let told = self.told_of_costs(scope)?;
        self.edit(|edit| {
            let mut row = edit.need::<Tenants>(scope, ())?;
            let before = row.self_managed.policy;
            row.self_managed = turned(&self.host, &row, set, &told, may.by())?;
            let policy = row.self_managed.policy;
            edit.put::<Tenants>(scope, (), row);
            let text = format!("self-managed: {policy:?} instead of {before:?}").to_lowercase();
            edit.audit(self.audit_in_tenant(scope, may.by(), "self_managed.changed", text.as_str().into())?);
            Ok(())
        })
        .await?;
        self.self_managed_view(scope, None, Reader::of(may.actor()))
    }

    /// Changes a customer's setting. What it connected goes on and goes on costing, unless it is switched off with this.
    pub async fn choose_self_managed(
        &self,
        may: &Permission<kinds::SelfManagedChange>,
        choose: &ChooseSelfManaged,
    ) -> Result<SelfManagedView, Problem> {
        let scope = CustomerScope::of(may);
        let (told, own) = (self.told_of_costs(scope.tenant())?, self.self_connected(scope)?);
        self.edit(|edit| {
            let mut row = living(edit, scope)?;
            let policy = edit.need::<Tenants>(scope.tenant(), ())?.self_managed.policy;
            let (before, after) =
                (self_managed::result(policy, row.self_managed.choice), self_managed::result(policy, choose.choice));
            let texts = Texts::new(&self.host.ring, customer_owner(scope), row.id.as_bytes());
            match (before, after) {
                (Policy::Deny, Policy::Allow) => {
                    let acknowledged = acknowledge(&texts, may.by(), choose.confirm, &told, self.host.now())?;
                    row.self_managed.acknowledged = Some(acknowledged);
                }
                (Policy::Allow, Policy::Deny) if !own.is_empty() && !choose.confirm => {
                    let goes_on = own.iter().map(|(_, label)| format!("{label} keeps running and costing"));
                    return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", goes_on.collect()));
                }
                _ => {}
            }
            row.self_managed.choice = choose.choice;
            edit.put::<Customers>(scope.tenant(), scope.id(), row);
            let text = format!("self-managed: {:?}", choose.choice).to_lowercase();
            edit.audit(self.audit_customer(scope, may.by(), "self_managed.changed", text.as_str().into())?);
            for (id, label) in own.iter().filter(|_| choose.switch_off && after == Policy::Deny) {
                let mut connection = edit.need::<Connections>(scope.tenant(), *id)?;
                connection.switch = Switch::Off;
                edit.put::<Connections>(scope.tenant(), *id, connection);
                edit.audit(self.audit_customer(scope, may.by(), "connection.off", label.as_str().into())?);
            }
            Ok(())
        })
        .await?;
        self.self_managed_view(scope.tenant(), Some(scope), Reader::of(may.actor()))
    }

    /// What a customer's own people connected.
    fn self_connected(&self, scope: CustomerScope) -> Result<Vec<(ConnectionId, String)>, Problem> {
        let mut found = Vec::new();
        for id in self.connections_of(scope)? {
            let row = self.host.store.read(|tx| tx.get::<Connections>(&scope.tenant(), &id));
            let Some(row) = row.map_err(EngineError::from)? else { continue };
            let is_theirs = row.made_by.and_then(|by| by.role).is_none_or(super::connections::is_of_customer);
            if is_theirs && row.made_by.is_some() && row.switch == Switch::On {
                let texts = Texts::new(&self.host.ring, connection_owner(&row), row.id.as_bytes());
                found.push((id, texts.open_text("label", &row.label)?));
            }
        }
        Ok(found)
    }

    fn offers(&self, scope: TenantScope) -> Result<Vec<Integration>, EngineError> {
        Ok(self
            .host
            .store
            .read(|tx| tx.scan::<Integrations>(&scope, None, ROWS_MAX))?
            .into_iter()
            .map(|(_, row)| row)
            .collect())
    }

    /// What whoever turns it on is told.
    fn told_of_costs(&self, scope: TenantScope) -> Result<Vec<String>, EngineError> {
        costs(&self.host.ring, &self.offers(scope)?)
    }

    fn self_managed_view(
        &self,
        scope: TenantScope,
        of: Option<CustomerScope>,
        reader: Reader,
    ) -> Result<SelfManagedView, Problem> {
        let mut naming = Naming::new(self, scope, reader);
        let (tenant, customer) = self
            .host
            .store
            .read(|tx| {
                let customer = of.map(|of| tx.need::<Customers>(&scope, &of.id())).transpose()?;
                Ok((tx.need::<Tenants>(&scope, &())?, customer))
            })
            .map_err(EngineError::from)?;
        let (policy, choice) =
            (tenant.self_managed.policy, customer.as_ref().map(|customer| customer.self_managed.choice));
        let mut offers = Vec::new();
        for row in self.offers(scope)? {
            let (name, price) = named_offer(&self.host.ring, &row)?;
            let allowed = self_managed::allows(row.self_managed, policy, choice.unwrap_or_default());
            let result = if allowed { Policy::Allow } else { Policy::Deny };
            offers.push(OfferView { name, offered: row.self_managed, price, result });
        }
        let texts = Texts::new(&self.host.ring, Owner::Tenant(tenant.id), tenant.id.as_bytes());
        let own = customer.as_ref().zip(of).and_then(|(row, of)| Some((row.self_managed.acknowledged.as_ref()?, of)));
        Ok(SelfManagedView {
            policy,
            choice,
            text: self.notice(scope)?,
            acknowledged: tenant
                .self_managed
                .acknowledged
                .as_ref()
                .map(|one| shown(&texts, one, &mut naming))
                .transpose()?,
            customer_acknowledged: own
                .map(|(one, of)| {
                    let id = of.id();
                    let texts = Texts::new(&self.host.ring, customer_owner(of), id.as_bytes());
                    shown(&texts, one, &mut naming)
                })
                .transpose()?,
            offers,
        })
    }
}

/// A tenant's setting as it is to be: turning it on is confirmed, and what was told is kept.
pub(crate) fn turned(
    host: &Host,
    tenant: &Tenant,
    set: &SetSelfManaged,
    told: &[String],
    by: ActorRef,
) -> Result<TenantSelfManaged, Problem> {
    let texts = Texts::new(&host.ring, Owner::Tenant(tenant.id), tenant.id.as_bytes());
    let mut row = tenant.self_managed.clone();
    let policy = set.policy.unwrap_or(row.policy);
    if (row.policy, policy) == (Policy::Deny, Policy::Allow) {
        row.acknowledged = Some(acknowledge(&texts, by, set.confirm, told, host.now())?);
    }
    row.policy = policy;
    row.text = match set.text.as_deref() {
        None => row.text,
        Some("") => None,
        Some(text) => {
            inputs::text(text, "text")?;
            Some(seal_changed(&texts, "notice", row.text.as_ref(), text.as_bytes())?)
        }
    };
    Ok(row)
}

/// What whoever turns it on is told: what of these offers customers could connect, and its price.
pub(crate) fn costs(ring: &KeyRing, offers: &[Integration]) -> Result<Vec<String>, EngineError> {
    let mut told = vec![BILLED.to_owned()];
    for row in offers.iter().filter(|row| row.self_managed) {
        let (name, price) = named_offer(ring, row)?;
        told.push(format!("{name}: {}", price.unwrap_or_else(|| "no price is written for it".into())));
    }
    Ok(told)
}

fn named_offer(ring: &KeyRing, row: &Integration) -> Result<(String, Option<String>), EngineError> {
    let texts = crate::connector::integration_texts(ring, row);
    let price = row.price.as_ref().map(|text| texts.open_text("price", text)).transpose()?;
    Ok((texts.open_text("name", &row.name)?, price))
}

fn acknowledge(
    texts: &Texts<'_>,
    by: ActorRef,
    confirmed: bool,
    told: &[String],
    now: Timestamp,
) -> Result<Acknowledgement, Problem> {
    if !confirmed {
        return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", told.to_vec()));
    }
    Ok(Acknowledgement { at: now, by, told: texts.seal("acknowledged", told.join("; "))? })
}

fn shown(texts: &Texts<'_>, one: &Acknowledgement, naming: &mut Naming<'_>) -> Result<AcknowledgedView, EngineError> {
    let told = texts.open_text("acknowledged", &one.told)?;
    let by = naming.call(one.by, None)?;
    Ok(AcknowledgedView { at: At(one.at), by: by.word, by_name: by.name, told })
}
