//! Whose people a page is about: the host's, the organisation's, or a customer's. The pages are the same; what is asked is not.

use maud::Markup;
use weighbridge::model::access::{Population, Role, kinds};
use weighbridge::model::id::UserId;
use weighbridge::model::problem::{Problem, ProblemCode};
use weighbridge::people::UserView;

use crate::console::customer::Part;
use crate::console::parts::Head;
use crate::console::screen::{Drawn, Sheet};
use crate::console::visit::Visit;

/// Whose people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum House {
    Host,
    Organisation,
    Customer,
}

/// The operations of one house.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acts {
    pub(super) invite: &'static str,
    pub(super) change: &'static str,
    pub(super) remove: &'static str,
}

impl House {
    /// Where the pages of all of them stand.
    pub(super) const PATHS: [&'static str; 4] =
        ["/operate/people", "/console/people", "/console/customers/{customer}/people", "/my/people"];

    /// Whose people stand at an address.
    pub(super) fn at(path: &str) -> Self {
        match path {
            "/operate/people" => Self::Host,
            "/console/people" => Self::Organisation,
            _ => Self::Customer,
        }
    }

    pub(super) fn of(v: &Visit) -> Self {
        match (v.me.population, v.customer()) {
            (Population::Operator, _) => Self::Host,
            (Population::Tenant, None) => Self::Organisation,
            (Population::Tenant | Population::Customer, _) => Self::Customer,
        }
    }

    pub(super) const fn acts(self) -> Acts {
        match self {
            Self::Host => Acts { invite: "operator invite", change: "operator change", remove: "operator remove" },
            Self::Organisation => Acts { invite: "staff invite", change: "staff change", remove: "staff remove" },
            Self::Customer => Acts { invite: "user invite", change: "user change", remove: "user remove" },
        }
    }

    /// The roles that somebody there may have, the one that may least first.
    pub(super) const fn roles(self) -> &'static [Role] {
        match self {
            Self::Host => &[Role::Operator],
            Self::Organisation => &[Role::TenantViewer, Role::TenantSupport, Role::TenantOperator, Role::TenantAdmin],
            Self::Customer => &[Role::CustomerViewer, Role::CustomerAdmin],
        }
    }

    pub(super) fn people(self, v: &Visit) -> Result<Vec<UserView>, Problem> {
        let found = match self {
            Self::Host => v.engine.operators(&v.may::<kinds::OperatorsRead>()?)?,
            Self::Organisation => v.engine.staff(&v.may::<kinds::StaffRead>()?)?,
            Self::Customer => v.engine.users(&v.may::<kinds::UsersRead>()?)?,
        };
        Ok(found.items)
    }

    /// The person whom the address names, for whoever may change them.
    pub(super) fn one(self, v: &Visit) -> Result<UserView, Problem> {
        self.must_change(v)?;
        let id: UserId = v.id("user")?;
        self.people(v)?.into_iter().find(|one| one.id == id).ok_or_else(|| ProblemCode::NotThere.into())
    }

    pub(super) fn must_change(self, v: &Visit) -> Result<(), Problem> {
        match self {
            Self::Host => v.may::<kinds::OperatorsChange>().map(drop),
            Self::Organisation => v.may::<kinds::StaffChange>().map(drop),
            Self::Customer => v.may::<kinds::UsersChange>().map(drop),
        }
    }

    pub(super) fn can_change(self, v: &Visit) -> bool {
        match self {
            Self::Host => v.can::<kinds::OperatorsChange>(),
            Self::Organisation => v.can::<kinds::StaffChange>(),
            Self::Customer => v.can::<kinds::UsersChange>(),
        }
    }

    /// Where the list of them stands.
    pub(super) fn base(self, v: &Visit) -> String {
        match self {
            Self::Host => "/operate/people".to_owned(),
            Self::Organisation => "/console/people".to_owned(),
            Self::Customer => format!("{}/people", v.home()),
        }
    }

    pub(super) fn title(self, v: &Visit) -> String {
        match self {
            Self::Host => v.t("nav-operators"),
            Self::Organisation => v.t("nav-staff"),
            Self::Customer => v.t("tab-people"),
        }
    }

    pub(super) fn about(self, v: &Visit) -> &'static str {
        match self {
            Self::Host => "people-about-host",
            Self::Organisation => "people-about-organisation",
            Self::Customer if v.is_customers() => "people-about-own",
            Self::Customer => "people-about-customer",
        }
    }

    pub(super) fn whom_to_ask(self, v: &Visit) -> &'static str {
        match self {
            Self::Customer if v.me.impersonates => "ask-leave-account",
            _ => "ask-tenant-admin",
        }
    }

    /// A page of these, with a title and a sentence, the pages above it and what can be done.
    pub(super) fn sheet(
        self,
        v: &Visit,
        (title, about): (String, Option<String>),
        (above, actions): (&[(String, String)], Markup),
        body: &Markup,
    ) -> Drawn {
        let nav = match self {
            Self::Host => "operators",
            Self::Organisation => "staff",
            Self::Customer => {
                return Part { above, about, actions, ..Part::new("people", "my-people", title) }.sheet(v, body);
            }
        };
        let head = Head { above, about: about.as_deref(), actions, ..Head::new(&title) }.show(v);
        Ok(Sheet::new(nav, title, maud::html! { (head) (body) }))
    }
}
