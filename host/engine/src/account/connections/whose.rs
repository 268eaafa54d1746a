//! Whose connections are meant, and who asks: a tenant's own and a customer's are kept by the same verbs.

use weighbridge_model::access::{ActionKind, ActorRef, OfCustomer, OfTenant, Permission, Role};
use weighbridge_model::problem::Problem;
use weighbridge_store::tables::{CustomerIndex, Kind, Named, TenantIndex};
use weighbridge_store::{CustomerScope, TenantScope};

use super::platforms::is_of_customer;
use crate::account::edit::Edit;
use crate::audit::AuditLine;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::people::Reader;
use crate::texts::customer_owner;

/// Whose connections are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The tenant's own.
    Tenant(TenantScope),
    /// One customer's.
    Customer(CustomerScope),
}

/// Who asks, about whose connections: made of a permission only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asks {
    pub(crate) whose: Whose,
    pub(crate) by: ActorRef,
    pub(crate) role: Role,
    pub(crate) reader: Reader,
}

impl Asks {
    pub(crate) fn in_tenant<A: ActionKind<Level = OfTenant>>(may: &Permission<A>) -> Self {
        let whose = Whose::Tenant(TenantScope::of(may));
        Self { whose, by: may.by(), role: may.actor().role, reader: Reader::of(may.actor()) }
    }

    pub(crate) fn in_customer<A: ActionKind<Level = OfCustomer>>(may: &Permission<A>) -> Self {
        let whose = Whose::Customer(CustomerScope::of(may));
        Self { whose, by: may.by(), role: may.actor().role, reader: Reader::of(may.actor()) }
    }

    /// Whether it is one of a customer's own people.
    pub(crate) fn is_of_customer(&self) -> bool {
        is_of_customer(self.role)
    }
}

impl Whose {
    pub(crate) const fn tenant(self) -> TenantScope {
        match self {
            Self::Tenant(scope) => scope,
            Self::Customer(scope) => scope.tenant(),
        }
    }

    pub(crate) const fn customer(self) -> Option<CustomerScope> {
        match self {
            Self::Tenant(_) => None,
            Self::Customer(scope) => Some(scope),
        }
    }

    /// As the parts of a document say it.
    pub(crate) const fn parts(self) -> (TenantScope, Option<CustomerScope>) {
        (self.tenant(), self.customer())
    }
}

impl Engine {
    /// What a connection of this label is found by, if it is there.
    pub(crate) fn connection_named(&self, whose: Whose, label: &str) -> Result<Option<Named>, EngineError> {
        let kind = Kind::Connection.number();
        let hash = self.label_hash(whose, label)?;
        Ok(self.host.store.read(|tx| match whose {
            Whose::Tenant(scope) => tx.get::<TenantIndex>(&scope, &(kind, hash)),
            Whose::Customer(scope) => tx.get::<CustomerIndex>(&scope, &(kind, hash)),
        })?)
    }

    /// What stands in the index for a label, read for a change.
    pub(super) fn read_label(&self, edit: &mut Edit<'_>, whose: Whose, label: &str) -> Result<Option<Named>, Problem> {
        let place = (Kind::Connection.number(), self.label_hash(whose, label)?);
        match whose {
            Whose::Tenant(scope) => edit.read::<TenantIndex>(scope, place),
            Whose::Customer(scope) => edit.read::<CustomerIndex>(scope, place),
        }
    }

    /// Writes what stands in the index for a label; nothing takes it away.
    pub(super) fn put_label(
        &self,
        edit: &mut Edit<'_>,
        whose: Whose,
        (label, named): (&str, Option<Named>),
    ) -> Result<(), Problem> {
        let place = (Kind::Connection.number(), self.label_hash(whose, label)?);
        match (whose, named) {
            (Whose::Tenant(scope), Some(named)) => edit.put::<TenantIndex>(scope, place, named),
            (Whose::Tenant(scope), None) => edit.remove::<TenantIndex>(scope, place),
            (Whose::Customer(scope), Some(named)) => edit.put::<CustomerIndex>(scope, place, named),
            (Whose::Customer(scope), None) => edit.remove::<CustomerIndex>(scope, place),
        }
        Ok(())
    }

    /// A line of the audit log about a connection.
    pub(crate) fn line_about(
        &self,
        whose: Whose,
        by: ActorRef,
        act: &'static str,
        text: &str,
    ) -> Result<AuditLine, EngineError> {
        match whose {
            Whose::Tenant(scope) => self.audit_in_tenant(scope, by, act, text.into()),
            Whose::Customer(scope) => self.audit_customer(scope, by, act, text.into()),
        }
    }

    fn label_hash(&self, whose: Whose, label: &str) -> Result<weighbridge_model::name::NameHash, EngineError> {
        let owner = match whose {
            Whose::Tenant(scope) => weighbridge_vault::Owner::Tenant(scope.id()),
            Whose::Customer(scope) => customer_owner(scope),
        };
        Ok(self.host.ring.name_hash(owner, Kind::Connection.word(), label)?)
    }
}
