//! One's own account: who am I, another password, out everywhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Action, Actor, Permission, Population, Role, Who, kinds};
use weighbridge_model::id::{CustomerId, TenantId, UserId};
use weighbridge_model::people::Standing;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::self_managed::Policy;
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Customers, Logins};

use super::join::strong;
use super::place::{House, ON_HOST};
use super::reset::forget_reset;
use crate::engine::Engine;
use crate::error::EngineError;

/// Who asks, and what they may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Me {
    /// The population.
    pub population: Population,
    /// The role.
    pub role: Role,
    /// The person; nothing for whoever owns the data folder.
    pub user: Option<UserId>,
    /// The address.
    pub email: Option<String>,
    /// What they are called.
    pub name: Option<String>,
    /// The organisation.
    pub tenant: Option<TenantId>,
    /// What it is called.
    pub tenant_name: Option<String>,
    /// The zone in which the organisation means its dates.
    pub zone: Option<String>,
    /// Whether customers of the organisation give third parties access by themselves.
    pub own_services: Option<Policy>,
    /// The customer that they belong to, or whose account they opened.
    pub customer: Option<CustomerId>,
    /// What it is called.
    pub customer_name: Option<String>,
    /// Whether they opened somebody else's account.
    pub impersonates: bool,
    /// What they may do.
    pub actions: Vec<String>,
}

/// Another password.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present one.
    pub password: String,
    /// The new one.
    pub new_password: String,
}

impl Engine {
    /// Who asks.
    pub fn me(&self, may: &Permission<kinds::SelfRead>) -> Result<Me, Problem> {
        let actor = may.actor();
        let of = standing(actor);
        let (mut email, mut name) = (None, None);
        if let Some(of) = of
            && let Some(user) = self.user(House::of(of), of.user)?
        {
            let view = self.user_view(House::of(of), &user)?;
            (email, name) = (Some(view.email), view.name);
        }
        let tenant = actor.tenant.map(|tenant| HostScope::new().tenant(tenant));
        let customer =
            actor.tenant.zip(actor.customer).map(|(tenant, id)| HostScope::new().tenant(tenant).customer(id));
        let customer_name = match customer {
            None => None,
            Some(scope) => {
                let row = self.host.store.read(|tx| tx.get::<Customers>(&scope.tenant(), &scope.id()));
                let row = row.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
                Some(self.customer_name(scope, &row)?)
            }
        };
        let may_do = |action: &&Action| {
            action.roles().contains(&actor.role)
                && actor.scopes.permit(**action)
                && (!actor.impersonates || action.is_done_as_other())
        };
        Ok(Me {
            population: actor.role.population(),
            role: actor.role,
            user: of.map(|of| of.user),
            email,
            name,
            tenant: actor.tenant,
            tenant_name: tenant.map(|scope| self.tenant_name(scope)).transpose()?,
            zone: tenant.map(|scope| self.zone_of(scope)).transpose()?.map(|zone| zone.name().to_owned()),
            own_services: tenant.map(|scope| self.own_services_of(scope)).transpose()?,
            customer: actor.customer,
            customer_name,
            impersonates: actor.impersonates,
            actions: Action::ALL.iter().filter(may_do).map(|action| action.code().to_owned()).collect(),
        })
    }

    /// Sets another password; whatever else is signed in is out.
    pub async fn change_password(
        &self,
        may: &Permission<kinds::SelfChange>,
        change: &ChangePassword,
    ) -> Result<(), Problem> {
        let of = standing(may.actor()).ok_or_else(nobody)?;
        let house = House::of(of);
        let user = self.user(house, of.user)?.ok_or(ProblemCode::NotThere)?;
        let mark = self.login_password(of, &user)?.ok_or(ProblemCode::SignInWrong)?;
        let email = self.user_view(house, &user)?.email;
        self.ask_password(of.tenant, &email, (&mark, &change.password)).await?;
        strong(&change.new_password, &email)?;
        let mark = self.mark(&change.new_password).await?;
        self.renew_login(of, may, "user.password_changed", Some(&mark)).await
    }

    /// Ends every session and token of one's address in this population.
    pub async fn sign_out_everywhere(&self, may: &Permission<kinds::SelfChange>) -> Result<(), Problem> {
        let of = standing(may.actor()).ok_or_else(nobody)?;
        self.renew_login(of, may, "user.signed_out_everywhere", None).await
    }

    async fn renew_login(
        &self,
        of: Standing,
        may: &Permission<kinds::SelfChange>,
        act: &'static str,
        mark: Option<&weighbridge_vault::PasswordMark>,
    ) -> Result<(), Problem> {
        let house = House::of(of);
        self.edit(|edit| {
            let user = house.read_user(edit, of.user)?.ok_or(ProblemCode::NotThere)?;
            let place = House::login(of.population, user.login);
            let mut login = edit.need::<Logins>(house.tenant(), place)?;
            login.generation += 1;
            if let Some(mark) = mark {
                login.password = Some(self.seal_mark(of, mark)?);
                forget_reset(edit, login.reset.take());
            }
            edit.put::<Logins>(house.tenant(), place, login);
            edit.audit(self.audit_house(house, may.by(), act, &of.user.to_string())?);
            Ok(())
        })
        .await?;
        self.host.choices.forget(of.user);
        Ok(())
    }
}

/// Whoever owns the data folder is none of the people who sign in, and has nothing that is a person's own.
pub(super) fn nobody() -> Problem {
    let what =
        "the command line asks as whoever owns the data folder, who has no account; sign in over the API for this";
    Problem::from(ProblemCode::NotThere).at("", what)
}

/// Where the asking person stands themselves, whichever account they opened.
pub(super) fn standing(actor: &Actor) -> Option<Standing> {
    let Who::User(user) = actor.who else { return None };
    let (population, customer) = match (actor.impersonates, actor.tenant, actor.customer) {
        (true, ..) => (Population::Tenant, None),
        (false, None, _) => (Population::Operator, None),
        (false, Some(_), None) => (Population::Tenant, None),
        (false, Some(_), customer) => (Population::Customer, customer),
    };
    Some(Standing { population, tenant: actor.tenant.unwrap_or(ON_HOST), customer, user })
}
