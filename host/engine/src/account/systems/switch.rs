//! Switch many things of many customers at once. Off asks to be confirmed, and says what stops; on does not.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, authorize, kinds};
use weighbridge_model::connection::Connection;
use weighbridge_model::id::CustomerId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{Connections, Endpoints, Transfers};

use super::{Reference, SystemFilter, SystemRow, reference};
use crate::account::edit::Edit;
use crate::account::{Whose, living};
use crate::engine::Engine;

/// What is switched, and which way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchSystems {
    /// Which way.
    pub switch: Switch,
    /// What, by the references of the list; at most 200 at once.
    pub items: Vec<String>,
    /// That all of it stops was read.
    #[serde(default)]
    pub confirm: bool,
}

/// What was switched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SystemsSwitched {
    /// By their references; what was so already is not among them.
    pub switched: Vec<String>,
}

const ITEMS_MAX: usize = 200;

impl Engine {
    /// Switches many things in one transaction. The tenant's own connections stop transfers of many customers, so they are
    /// for those who may change them.
    pub async fn switch_systems(
        &self,
        may: &Permission<kinds::SystemsChange>,
        switch: &SwitchSystems,
    ) -> Result<SystemsSwitched, Problem> {
        let scope = TenantScope::of(may);
        let rows = self.rows_named(scope, &switch.items)?;
        if rows.iter().any(|(_, row)| row.customer.is_none()) {
            authorize::<kinds::OwnConnectionsChange>(may.actor(), may.place())?;
        }
        if switch.switch == Switch::Off && !switch.confirm {
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", self.stops(scope, &rows)?));
        }
        let switched = self
            .edit(|edit| {
                let mut turned = Vec::new();
                for (place, row) in &rows {
                    if let Some(customer) = row.customer {
                        living(edit, scope.customer(customer))?;
                    }
                    if turn(edit, scope, *place, switch.switch)? {
                        turned.push((*place, row));
                    }
                }
                self.tell_switched(edit, (scope, may), switch.switch, &turned)?;
                Ok(turned.iter().map(|(place, _)| place.to_string()).collect())
            })
            .await?;
        Ok(SystemsSwitched { switched })
    }

    /// What the references name; one that names nothing is refused before anything is switched.
    fn rows_named(&self, scope: TenantScope, items: &[String]) -> Result<Vec<(Reference, SystemRow)>, Problem> {
        if items.len() > ITEMS_MAX {
            return Err(Problem::invalid("items", format!("at most {ITEMS_MAX} are switched at once")));
        }
        let row = |item: &String| {
            let place = reference(item)?;
            let row = self.system_row(scope, place, &SystemFilter::default())?;
            let absent = || Problem::invalid("items", format!("`{item}` is not in this list any more"));
            Ok((place, row.ok_or_else(absent)?))
        };
        items.iter().map(row).collect()
    }

    /// What is named, and the transfers that stop because it does.
    fn stops(&self, scope: TenantScope, rows: &[(Reference, SystemRow)]) -> Result<Vec<String>, Problem> {
        let mut stops = Vec::new();
        for (place, row) in rows {
            let over = match (*place, row.customer) {
                (Reference::Connection(id), None) => self.stops_with(Whose::Tenant(scope), id, None)?,
                (Reference::Connection(id), Some(customer)) => {
                    let over = self.stops_with(Whose::Customer(scope.customer(customer)), id, None)?;
                    over.into_iter().map(|what| of_owner(&what, row)).collect()
                }
                (Reference::Endpoint(customer, id), _) => {
                    let at = self.transfers_at_endpoint(scope.customer(customer), id)?;
                    at.into_iter().map(|what| of_owner(&what, row)).collect()
                }
                (Reference::Transfer(..), _) => Vec::new(),
            };
            for one in std::iter::once(named(row)).chain(over) {
                if !stops.contains(&one) {
                    stops.push(one);
                }
            }
        }
        Ok(stops)
    }

    /// A line for every customer of whose something was switched, where its own people read it, and one for the tenant's own.
    fn tell_switched(
        &self,
        edit: &mut Edit<'_>,
        (scope, may): (TenantScope, &Permission<kinds::SystemsChange>),
        switch: Switch,
        turned: &[(Reference, &SystemRow)],
    ) -> Result<(), Problem> {
        let act = if switch == Switch::On { "systems.on" } else { "systems.off" };
        let mut told: BTreeMap<Option<CustomerId>, Vec<String>> = BTreeMap::new();
        for (_, row) in turned {
            told.entry(row.customer).or_default().push(format!("{} {}", row.kind.word(), row.name));
        }
        for (customer, what) in told {
            let text = what.join(", ");
            edit.audit(match customer {
                Some(customer) => self.audit_customer(scope.customer(customer), may.by(), act, text.as_str().into())?,
                None => self.audit_in_tenant(scope, may.by(), act, text.as_str().into())?,
            });
        }
        Ok(())
    }
}

fn named(row: &SystemRow) -> String {
    of_owner(&format!("{} {}", row.kind.word(), row.name), row)
}

fn of_owner(what: &str, row: &SystemRow) -> String {
    match &row.customer_name {
        Some(customer) => format!("{what} of {customer}"),
        None => format!("{what} of your own"),
    }
}

/// Whether anything was another way.
fn turn(edit: &mut Edit<'_>, scope: TenantScope, place: Reference, switch: Switch) -> Result<bool, Problem> {
    match place {
        Reference::Connection(id) => {
            let row = edit.need::<Connections>(scope, id)?;
            let turned = row.switch != switch;
            if turned {
                edit.put::<Connections>(scope, id, Connection { switch, ..row });
            }
            Ok(turned)
        }
        Reference::Endpoint(customer, id) => {
            let mut row = edit.need::<Endpoints>(scope.customer(customer), id)?;
            let turned = std::mem::replace(&mut row.switch, switch) != switch;
            if turned {
                edit.put::<Endpoints>(scope.customer(customer), id, row);
            }
            Ok(turned)
        }
        Reference::Transfer(customer, id) => {
            let mut row = edit.need::<Transfers>(scope.customer(customer), id)?;
            let turned = std::mem::replace(&mut row.switch, switch) != switch;
            if turned {
                edit.put::<Transfers>(scope.customer(customer), id, row);
            }
            Ok(turned)
        }
    }
}
