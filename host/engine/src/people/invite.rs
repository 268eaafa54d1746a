//! Invite somebody: a person without a password, and a link of one use on which they choose one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, Population, Role, kinds};
use weighbridge_model::id::UserId;
use weighbridge_model::people::{LinkPurpose, OneUseLink, Opens, User};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::{Logins, OneUseLinks};
use weighbridge_store::{CustomerScope, HostScope, TenantScope};

use super::list::UserView;
use super::place::House;
use super::secret::{self, SecretKind, ShownOnce};
use crate::account::{At, Edit, inputs, living};
use crate::audit::AuditLine;
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::mail::{self, Mailed, Words};
use crate::texts::Texts;

/// Somebody to be invited.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The e-mail address that they sign in with.
    pub email: String,
    /// What they are called.
    #[serde(default)]
    pub name: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// Somebody who was invited, and the link that lets them in; it is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Invitation {
    /// Who.
    pub user: UserView,
    /// The secret of the link, good for one use.
    pub link: ShownOnce,
    /// Its address, where a host serves one.
    pub address: Option<ShownOnce>,
    /// Until when.
    pub ends_at: At,
    /// What became of the mail with the link.
    pub mail: Mailed,
}

/// How long an invitation is good.
const INVITED_MS: i64 = 7 * 24 * 3_600_000;

impl Engine {
    /// Invites an operator.
    pub async fn invite_operator(
        &self,
        may: &Permission<kinds::OperatorsChange>,
        new: &NewUser,
    ) -> Result<Invitation, Problem> {
        self.invite(House::Host, may.by(), new).await
    }

    /// Invites somebody of the tenant's.
    pub async fn invite_staff(
        &self,
        may: &Permission<kinds::StaffChange>,
        new: &NewUser,
    ) -> Result<Invitation, Problem> {
        self.invite(House::Tenant(TenantScope::of(may)), may.by(), new).await
    }

    /// Invites somebody of a customer's.
    pub async fn invite_user(
        &self,
        may: &Permission<kinds::UsersChange>,
        new: &NewUser,
    ) -> Result<Invitation, Problem> {
        self.invite(House::Customer(CustomerScope::of(may)), may.by(), new).await
    }

    async fn invite(&self, house: House, by: ActorRef, new: &NewUser) -> Result<Invitation, Problem> {
        check(house, new)?;
        let secret = secret::new(SecretKind::Link)?;
        let hash = secret::hash(SecretKind::Link, &secret).ok_or(ProblemCode::Fault)?;
        let (user, ends_at) = self
            .edit(|edit| {
                if let House::Customer(scope) = house {
                    living(edit, scope)?;
                }
                let user = plan(edit, house, new)?;
                let ends_at = self.host.now().plus_millis(INVITED_MS);
                let link = OneUseLink { of: house.standing(user.id), purpose: LinkPurpose::Join, ends_at };
                edit.put::<OneUseLinks>(HostScope::new(), hash, link);
                edit.audit(self.audit_house(
                    house,
                    by,
                    "user.invited",
                    &format!("{}: {}", new.email, new.role.word()),
                )?);
                Ok((user, ends_at))
            })
            .await?;
        let (user, place) = (self.user_view(house, &user)?, self.house_name(house)?);
        let page = |host: &str| format!("{host}/join/{}", *secret);
        let mail = self.mail(&user.email, |host| Words::invitation(&place, &page(host)));
        let address = self.public_address().map(page).map(ShownOnce::from);
        Ok(Invitation { user, link: secret.into(), address, ends_at: At(ends_at), mail })
    }

    pub(super) fn audit_house(
        &self,
        house: House,
        by: ActorRef,
        act: &'static str,
        text: &str,
    ) -> Result<AuditLine, EngineError> {
        match house {
            House::Host => self.audit_on_host(by, act, text.into()),
            House::Tenant(scope) => self.audit_in_tenant(scope, by, act, text.into()),
            House::Customer(scope) => self.audit_customer(scope, by, act, text.into()),
        }
    }
}

fn check(house: House, new: &NewUser) -> Result<(), Problem> {
    mail::address(&new.email)?;
    if let Some(name) = &new.name {
        inputs::name(name)?;
    }
    role(house, new.role)
}

/// A role is of the population that it is given in; whoever owns the data folder is nobody's guest.
pub(super) fn role(house: House, role: Role) -> Result<(), Problem> {
    if role.population() == house.population() && role != Role::Owner {
        return Ok(());
    }
    let known: Vec<_> = Role::ALL
        .into_iter()
        .filter(|one| one.population() == house.population() && *one != Role::Owner)
        .map(Role::word)
        .collect();
    Err(Problem::invalid("role", format!("`{}` is no role here; there is: {}", role.word(), known.join(", "))))
}

fn plan(edit: &mut Edit<'_>, house: House, new: &NewUser) -> Result<User, Problem> {
    let (ring, now, tenant) = (&edit.engine.host.ring, edit.engine.host.now(), house.tenant());
    let email = new.email.trim();
    let id = UserId::new(now, chance::bytes()?);
    let hash = House::login_hash(ring, house.population(), tenant.id(), email)?;
    let place = House::login(house.population(), hash);
    let mut login = edit.read::<Logins>(tenant, place)?.unwrap_or_default();
    if login.opens.iter().any(|one| one.customer == house.customer()) {
        return Err(Problem::from(ProblemCode::AlreadyInvited).at("email", format!("`{email}` was invited already")));
    }
    login.opens.push(Opens { customer: house.customer(), user: id });
    let texts = Texts::new(ring, house.owner(), id.as_bytes());
    let row = User {
        id,
        email: texts.seal("email", email)?,
        name: new.name.as_ref().map(|name| texts.seal("name", name)).transpose()?,
        role: new.role,
        login: hash,
        joined_at: None,
        invited_at: now,
    };
    edit.put::<Logins>(tenant, place, login);
    house.put_user(edit, row.clone());
    Ok(row)
}

/// Whether somebody else could administer the place without this person.
pub(super) fn has_other_admin(users: &[User], population: Population, without: UserId) -> bool {
    let admin = match population {
        Population::Operator => Role::Operator,
        Population::Tenant => Role::TenantAdmin,
        Population::Customer => Role::CustomerAdmin,
    };
    users.iter().any(|user| user.id != without && user.role == admin && user.joined_at.is_some())
}
