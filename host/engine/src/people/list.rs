//! See, change and remove people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, Population, Role, kinds};
use weighbridge_model::id::UserId;
use weighbridge_model::people::User;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::Logins;
use weighbridge_store::{CustomerScope, TenantScope};

use super::invite::{has_other_admin, role};
use super::place::House;
use crate::account::{At, Edit, Page, etag};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// A person, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UserView {
    /// Their id.
    pub id: UserId,
    /// The address that they sign in with.
    pub email: String,
    /// What they are called.
    pub name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether they took their invitation.
    pub joined: bool,
    /// When they were invited.
    pub invited_at: At,
    /// What the row is known by until it is changed.
    pub etag: String,
}

/// What is to be changed of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeUser {
    /// What they may do.
    pub role: Option<Role>,
}

impl Engine {
    /// The operators.
    pub fn operators(&self, _may: &Permission<kinds::OperatorsRead>) -> Result<Page<UserView>, Problem> {
        self.people_of(House::Host)
    }

    /// A tenant's people.
    pub fn staff(&self, may: &Permission<kinds::StaffRead>) -> Result<Page<UserView>, Problem> {
        self.people_of(House::Tenant(TenantScope::of(may)))
    }

    /// A customer's people.
    pub fn users(&self, may: &Permission<kinds::UsersRead>) -> Result<Page<UserView>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        self.people_of(House::Customer(scope))
    }

    /// Changes what an operator may do.
    pub async fn change_operator(
        &self,
        may: &Permission<kinds::OperatorsChange>,
        user: UserId,
        change: &ChangeUser,
    ) -> Result<UserView, Problem> {
        self.change_user(House::Host, may.by(), user, change).await
    }

    /// Changes what somebody of the tenant's may do.
    pub async fn change_staff(
        &self,
        may: &Permission<kinds::StaffChange>,
        user: UserId,
        change: &ChangeUser,
    ) -> Result<UserView, Problem> {
        self.change_user(House::Tenant(TenantScope::of(may)), may.by(), user, change).await
    }

    /// Changes what somebody of a customer's may do.
    pub async fn change_customer_user(
        &self,
        may: &Permission<kinds::UsersChange>,
        user: UserId,
        change: &ChangeUser,
    ) -> Result<UserView, Problem> {
        self.change_user(House::Customer(CustomerScope::of(may)), may.by(), user, change).await
    }

    /// Removes an operator: their sessions and tokens end with this.
    pub async fn remove_operator(&self, may: &Permission<kinds::OperatorsChange>, user: UserId) -> Result<(), Problem> {
        self.remove_user(House::Host, may.by(), user).await
    }

    /// Removes somebody of the tenant's.
    pub async fn remove_staff(&self, may: &Permission<kinds::StaffChange>, user: UserId) -> Result<(), Problem> {
        self.remove_user(House::Tenant(TenantScope::of(may)), may.by(), user).await
    }

    /// Removes somebody of a customer's; what else their address opens stays.
    pub async fn remove_customer_user(
        &self,
        may: &Permission<kinds::UsersChange>,
        user: UserId,
    ) -> Result<(), Problem> {
        self.remove_user(House::Customer(CustomerScope::of(may)), may.by(), user).await
    }

    fn people_of(&self, house: House) -> Result<Page<UserView>, Problem> {
        let rows = self.users_in(house)?;
        let mut items: Vec<_> =
            rows.iter().map(|row| self.user_view(house, row)).collect::<Result<_, EngineError>>()?;
        items.sort_by(|one, other| one.email.cmp(&other.email));
        Ok(Page { items, next: None })
    }

    async fn change_user(
        &self,
        house: House,
        by: ActorRef,
        id: UserId,
        change: &ChangeUser,
    ) -> Result<UserView, Problem> {
        let row = self
            .edit(|edit| {
                let mut row = house.read_user(edit, id)?.ok_or(ProblemCode::NotThere)?;
                let wanted = change.role.unwrap_or(row.role);
                role(house, wanted)?;
                if wanted != row.role {
                    self.keep_an_admin(house, &row)?;
                    let view = self.user_view(house, &row)?;
                    let text = format!("{}: {} instead of {}", view.email, wanted.word(), row.role.word());
                    row.role = wanted;
                    house.put_user(edit, row.clone());
                    edit.audit(self.audit_house(house, by, "user.changed", &text)?);
                }
                Ok(row)
            })
            .await?;
        Ok(self.user_view(house, &row)?)
    }

    async fn remove_user(&self, house: House, by: ActorRef, id: UserId) -> Result<(), Problem> {
        self.edit(|edit| {
            let row = house.read_user(edit, id)?.ok_or(ProblemCode::NotThere)?;
            self.keep_an_admin(house, &row)?;
            let view = self.user_view(house, &row)?;
            close_login(edit, house, &row)?;
            house.remove_user(edit, id);
            edit.audit(self.audit_house(house, by, "user.removed", &view.email)?);
            Ok(())
        })
        .await
    }

    /// A tenant and a host keep somebody who can administer them; a customer's tenant can always help.
    fn keep_an_admin(&self, house: House, row: &User) -> Result<(), Problem> {
        let was_admin = matches!(row.role, Role::Operator | Role::TenantAdmin) && row.joined_at.is_some();
        if house.population() == Population::Customer || !was_admin {
            return Ok(());
        }
        let others = has_other_admin(&self.users_in(house)?, house.population(), row.id);
        if others { Ok(()) } else { Err(ProblemCode::LastAdmin.into()) }
    }

    pub(super) fn user_view(&self, house: House, row: &User) -> Result<UserView, EngineError> {
        let texts = Texts::new(&self.host.ring, house.owner(), row.id.as_bytes());
        Ok(UserView {
            id: row.id,
            email: texts.open_text("email", &row.email)?,
            name: row.name.as_ref().map(|name| texts.open_text("name", name)).transpose()?,
            role: row.role,
            joined: row.joined_at.is_some(),
            invited_at: At(row.invited_at),
            etag: etag(row),
        })
    }
}

/// Takes an account off an address; with the last one the address is forgotten.
pub(crate) fn close_login(edit: &mut Edit<'_>, house: House, row: &User) -> Result<(), Problem> {
    let (tenant, place) = (house.tenant(), House::login(house.population(), row.login));
    let Some(mut login) = edit.read::<Logins>(tenant, place)? else { return Ok(()) };
    login.opens.retain(|one| one.user != row.id);
    if login.opens.is_empty() {
        edit.remove::<Logins>(tenant, place);
    } else {
        edit.put::<Logins>(tenant, place, login);
    }
    Ok(())
}
