//! What uses a connection: endpoints, transfers and third parties, of one customer or, where it is the tenant's own, of all of them.

use std::collections::BTreeSet;

use weighbridge_model::connection::CapabilityKey;
use weighbridge_model::customer::Customer;
use weighbridge_model::endpoint::Endpoint;
use weighbridge_model::id::{ConnectionId, CustomerId, EndpointId, TransferId};
use weighbridge_model::service::ExternalService;
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{Customers, Endpoints, Progresses, Schedules, Services, Transfers};
use weighbridge_store::{CustomerScope, Table, Tx, TxError};

use super::whose::Whose;
use crate::engine::Engine;
use crate::error::EngineError;

const ROWS_MAX: usize = 10_000;

/// The most that are told of by name.
const TOLD_MAX: usize = 200;

impl Engine {
    /// When transfers over a connection last ended, and when one of them is due.
    pub(super) fn runs_over(
        &self,
        whose: Whose,
        id: ConnectionId,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), EngineError> {
        Ok(self.host.store.read(|tx| {
            let (mut last, mut next) = (None, None);
            for (scope, transfer) in transfers_over(tx, whose, id)? {
                let progress = tx.get::<Progresses>(&scope, &transfer)?;
                last = last.max(progress.and_then(|progress| progress.ended_at));
                let due = tx.get::<Schedules>(&scope, &transfer)?.and_then(|row| row.due_at);
                next = [next, due].into_iter().flatten().min();
            }
            Ok((last, next))
        })?)
    }

    /// What stops when a connection, or one function of it, is switched off: transfers and third parties that are on.
    pub(crate) fn stops_with(
        &self,
        whose: Whose,
        id: ConnectionId,
        function: Option<&CapabilityKey>,
    ) -> Result<Vec<String>, EngineError> {
        let rows = self.host.store.read(|tx| {
            let using = endpoints_over(tx, whose, id)?.into_iter().filter(|(_, row)| is_of(row, function));
            let used: Used = using.map(|(scope, row)| (scope.id(), row.id)).collect();
            let mut on = Vec::new();
            for ((scope, _), row) in
                transfers_at(tx, whose, &used)?.into_iter().filter(|(_, row)| row.switch == Switch::On)
            {
                on.push((scope, "transfer", *row.id.as_bytes(), row.name));
            }
            for ((scope, _), row) in
                services_at(tx, whose, &used)?.into_iter().filter(|(_, row)| row.switch == Switch::On)
            {
                on.push((scope, "service", *row.id.as_bytes(), row.name));
            }
            on.truncate(TOLD_MAX);
            let named = on.into_iter().map(|one| Ok((tx.need::<Customers>(&one.0.tenant(), &one.0.id())?, one)));
            named.collect::<Result<Vec<_>, TxError>>()
        })?;
        let told = rows.iter().map(|(customer, (scope, what, id, name))| {
            let name = self.host.name_in(*scope, id, name)?;
            self.told_of(whose, (*scope, customer), &format!("{what} {name}"))
        });
        told.collect()
    }

    /// The names of the endpoints that stand for a stream of a connection.
    pub(super) fn endpoints_at(&self, whose: Whose, id: ConnectionId) -> Result<Vec<String>, EngineError> {
        let rows = self.host.store.read(|tx| {
            let using = endpoints_over(tx, whose, id)?.into_iter().take(TOLD_MAX);
            let named = using.map(|(scope, row)| Ok((scope, row, tx.need::<Customers>(&scope.tenant(), &scope.id())?)));
            named.collect::<Result<Vec<_>, TxError>>()
        })?;
        let told = rows.iter().map(|(scope, row, customer)| {
            let name = self.host.name_in(*scope, row.id.as_bytes(), &row.name)?;
            self.told_of(whose, (*scope, customer), &format!("endpoint {name}"))
        });
        told.collect()
    }

    /// Of a tenant's own connection, whose it is that uses it.
    fn told_of(
        &self,
        whose: Whose,
        (scope, customer): (CustomerScope, &Customer),
        what: &str,
    ) -> Result<String, EngineError> {
        match whose {
            Whose::Customer(_) => Ok(what.to_owned()),
            Whose::Tenant(_) => Ok(format!("{what} of {}", self.customer_name(scope, customer)?)),
        }
    }
}

/// Endpoints, each with its customer.
type Used = BTreeSet<(CustomerId, EndpointId)>;

/// The transfers that read from a connection or write to it.
fn transfers_over(tx: &Tx<'_>, whose: Whose, id: ConnectionId) -> Result<Vec<(CustomerScope, TransferId)>, TxError> {
    let used = endpoints_over(tx, whose, id)?.into_iter().map(|(scope, row)| (scope.id(), row.id)).collect();
    Ok(transfers_at(tx, whose, &used)?.into_iter().map(|(place, _)| place).collect())
}

fn transfers_at(tx: &Tx<'_>, whose: Whose, used: &Used) -> Result<Vec<Row<Transfers>>, TxError> {
    let rows = if used.is_empty() { Vec::new() } else { rows_of::<Transfers>(tx, whose)? };
    let at = |scope: &CustomerScope, endpoint| used.contains(&(scope.id(), endpoint));
    let over = rows.into_iter().filter(|((scope, _), row)| at(scope, row.source) || at(scope, row.destination));
    Ok(over.filter(|(_, row)| row.removed_at.is_none()).collect())
}

/// The third parties that may read one of these endpoints.
fn services_at(tx: &Tx<'_>, whose: Whose, used: &Used) -> Result<Vec<Row<Services>>, TxError> {
    let rows = if used.is_empty() { Vec::new() } else { rows_of::<Services>(tx, whose)? };
    let reads =
        |scope: &CustomerScope, row: &ExternalService| row.scopes.iter().any(|id| used.contains(&(scope.id(), *id)));
    Ok(rows.into_iter().filter(|((scope, _), row)| reads(scope, row)).collect())
}

/// Whether an endpoint stands for this function; each does where none is named.
fn is_of(row: &Endpoint, function: Option<&CapabilityKey>) -> bool {
    let stream = row.place.as_ref().map(|place| &place.stream);
    function.is_none_or(|function| stream == Some(&function.stream) && row.direction == function.direction)
}

fn endpoints_over(tx: &Tx<'_>, whose: Whose, id: ConnectionId) -> Result<Vec<(CustomerScope, Endpoint)>, TxError> {
    let rows = rows_of::<Endpoints>(tx, whose)?.into_iter();
    let using = rows.filter(|(_, row)| row.place.as_ref().is_some_and(|place| place.connection == id));
    Ok(using.map(|((scope, _), row)| (scope, row)).collect())
}

type Row<T> = ((CustomerScope, <T as Table>::Key), <T as Table>::Row);

/// All rows of a customer, or of all customers of the tenant: what is forgotten here would be cut off.
fn rows_of<T: Table<Scope = CustomerScope, Key: Copy>>(tx: &Tx<'_>, whose: Whose) -> Result<Vec<Row<T>>, TxError> {
    let scope = match whose {
        Whose::Customer(scope) => {
            let rows = tx.scan::<T>(&scope, None, ROWS_MAX)?;
            return Ok(rows.into_iter().map(|(key, row)| ((scope, key), row)).collect());
        }
        Whose::Tenant(scope) => scope,
    };
    let mut all = Vec::new();
    loop {
        let after = all.last().map(|(place, _): &Row<T>| *place);
        let page = tx.scan_tenant::<T>(scope, after.as_ref(), ROWS_MAX)?;
        let is_last = page.len() < ROWS_MAX;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}
