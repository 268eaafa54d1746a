//! Whose connected systems a page is about: a customer's, or the organisation's own. The pages are the same; what is asked is not.

use weighbridge::account::{ConnectionView, Page, PlatformFilter, PlatformView};
use weighbridge::model::access::{Population, kinds};
use weighbridge::model::id::ConnectionId;
use weighbridge::model::problem::Problem;

use super::Part;
use crate::console::visit::Visit;

/// Whose connected systems a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A customer's.
    Customer,
    /// The organisation's own.
    Own,
}

/// The operations of connected systems, a customer's and the organisation's own.
const ACTS: [(&str, &str); 6] = [
    ("connection add", "own-connection add"),
    ("connection switch", "own-connection switch"),
    ("connection check", "own-connection check"),
    ("connection sign-in", "own-connection sign-in"),
    ("connection change", "own-connection change"),
    ("connection credential", "own-connection credential"),
];

impl Whose {
    pub(super) fn of(v: &Visit) -> Self {
        let is_staff = v.me.population == Population::Tenant && !v.me.impersonates;
        if is_staff && v.customer().is_none() { Self::Own } else { Self::Customer }
    }

    /// The same operation, for whom the page is about.
    pub(super) fn act(self, name: &'static str) -> &'static str {
        let own = || match ACTS.iter().find(|(one, _)| *one == name) {
            Some((_, own)) => own,
            None => "own-connection remove",
        };
        if self == Self::Own { own() } else { name }
    }

    pub(super) async fn all(self, v: &Visit) -> Result<Page<ConnectionView>, Problem> {
        match self {
            Self::Customer => v.engine.connections(&v.may::<kinds::ConnectionsRead>()?).await,
            Self::Own => v.engine.own_connections(&v.may::<kinds::OwnConnectionsRead>()?).await,
        }
    }

    pub(super) async fn one(self, v: &Visit) -> Result<ConnectionView, Problem> {
        let id: ConnectionId = v.id("connection")?;
        match self {
            Self::Customer => v.engine.connection(&v.may::<kinds::ConnectionsRead>()?, id).await,
            Self::Own => v.engine.show_own_connection(&v.may::<kinds::OwnConnectionsRead>()?, id).await,
        }
    }

    pub(super) async fn platforms(self, v: &Visit) -> Result<Vec<PlatformView>, Problem> {
        let filter = PlatformFilter::default();
        let found = match self {
            Self::Customer => v.engine.platforms(&v.may::<kinds::ConnectionsRead>()?, &filter).await?,
            Self::Own => v.engine.own_platforms(&v.may::<kinds::OwnConnectionsRead>()?, &filter).await?,
        };
        Ok(found.items)
    }

    pub(super) fn can_change(self, v: &Visit) -> bool {
        match self {
            Self::Customer => v.can::<kinds::ConnectionsChange>(),
            Self::Own => v.can::<kinds::OwnConnectionsChange>(),
        }
    }

    pub(super) fn can_enter(self, v: &Visit) -> bool {
        match self {
            Self::Customer => v.can::<kinds::CredentialsEnter>(),
            Self::Own => v.can::<kinds::OwnConnectionsChange>(),
        }
    }

    pub(super) fn can_remove(self, v: &Visit) -> bool {
        match self {
            Self::Customer => v.can::<kinds::ConnectionsDelete>(),
            Self::Own => v.can::<kinds::OwnConnectionsChange>(),
        }
    }

    /// Where the list of them stands.
    pub(super) fn list(self, v: &Visit) -> String {
        if self == Self::Own || v.is_customers() { v.home() } else { format!("{}/systems", v.home()) }
    }

    pub(super) fn title(self, v: &Visit) -> String {
        match self {
            Self::Own => v.t("nav-own"),
            Self::Customer if v.is_customers() => v.t("my-systems"),
            Self::Customer => v.t("tab-systems"),
        }
    }

    /// What stands above a page of these.
    pub(super) fn part<'a>(self, title: String) -> Part<'a> {
        match self {
            Self::Customer => Part::new("systems", "my-integrations", title),
            Self::Own => Part::new("", "own", title),
        }
    }
}
