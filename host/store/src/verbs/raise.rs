//! Write down what a tenant is to be told of, in the transaction in which it happens: so nothing is told of that was not
//! done, and nothing that was done is forgotten by a crash.

use weighbridge_model::connection::{Connection, Owner};
use weighbridge_model::event::{About, Event, EventKind, EventOf, Failed, ToldFailure, Used};
use weighbridge_model::failing::Failing;
use weighbridge_model::id::{EventAddressId, TransferId};
use weighbridge_model::meter::{Account, Accounts, Meter};
use weighbridge_model::name::Code;
use weighbridge_model::run::{Run, RunState};
use weighbridge_model::time::Timestamp;

use super::route::WHOLE_TENANT;
use crate::error::TxError;
use crate::key::NewestInstant;
use crate::scope::{CustomerScope, HostScope, TenantScope};
use crate::tables::{Balances, EventTimes, Events, Marked, Outbox, ServiceBalances, ToldFailures, Transfers};
use crate::tx::Tx;

/// Stands for all addresses of a tenant.
pub const EVERY_ADDRESS: EventAddressId = EventAddressId::from_bytes([0; 16]);

/// Keeps an event, to be sent to whoever wants it; answers whether it was new.
pub fn raise(tx: &mut Tx<'_>, scope: TenantScope, event: &Event) -> Result<bool, TxError> {
    if tx.get::<Events>(&scope, &event.id)?.is_some() {
        return Ok(false);
    }
    keep_event(tx, scope, event)?;
    tx.put::<Outbox>(&HostScope::new(), &(scope.id(), event.id, EVERY_ADDRESS), &Marked {})?;
    Ok(true)
}

/// Keeps an event without sending it.
pub fn keep_event(tx: &mut Tx<'_>, scope: TenantScope, event: &Event) -> Result<(), TxError> {
    tx.put::<Events>(&scope, &event.id, event)?;
    let time = (NewestInstant(event.at), event.id);
    tx.put::<EventTimes>(&scope, &time, &EventOf { customer: event.about.customer })
}

/// What a run that ended has to tell: the first failure of its transfer, another reason, a rung of its failures, or that it is
/// over. A transfer that fails every minute for the same reason is told of once, and then at the rungs.
pub(super) fn raise_about_run(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    run: &Run,
    failing: &Failing,
    now: Timestamp,
) -> Result<(), TxError> {
    let is_told_of = run.ended_at.is_some() && !matches!(run.state, RunState::Stopped | RunState::Cancelled);
    let transfer = tx.get::<Transfers>(&scope, &run.transfer)?;
    let Some(transfer) = transfer.filter(|_| is_told_of) else { return Ok(()) };
    let told = tx.get::<ToldFailures>(&scope, &run.transfer)?;
    let rung = failing.rung(transfer.failures_max);
    let failed = Failed { runs: failing.runs, of: transfer.failures_max };
    let about = About {
        customer: Some(scope.id()),
        transfer: Some(run.transfer),
        run: Some(run.id),
        failed: run.failure.is_some().then_some(failed),
        ..About::default()
    };
    match (&run.failure, told) {
        (Some(failure), told) if rung.is_some() || told.as_ref().is_none_or(|told| told.code != failure.code) => {
            let code = failure.code.clone();
            tx.put::<ToldFailures>(&scope, &run.transfer, &ToldFailure { code: code.clone() })?;
            raise(tx, scope.tenant(), &Event::new(EventKind::RunFailed, now, about, Some(code)))?;
        }
        (None, Some(told)) => {
            tx.remove::<ToldFailures>(&scope, &run.transfer)?;
            raise(tx, scope.tenant(), &Event::new(EventKind::RunRecovered, now, about, Some(told.code)))?;
        }
        (Some(_), _) | (None, None) => {}
    }
    Ok(())
}

/// That a transfer was suspended: to be called in the transaction that does it.
pub fn raise_suspended(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    code: Code,
    now: Timestamp,
) -> Result<(), TxError> {
    let about = About { customer: Some(scope.id()), transfer: Some(transfer), ..About::default() };
    raise(tx, scope.tenant(), &Event::new(EventKind::TransferSuspended, now, about, Some(code))).map(|_| ())
}

/// That somebody has to sign in again at a connection.
pub(super) fn raise_sign_in(
    tx: &mut Tx<'_>,
    scope: TenantScope,
    connection: &Connection,
    now: Timestamp,
) -> Result<(), TxError> {
    let code = Some(Code::known("connection.sign_in_needed"));
    raise(tx, scope, &Event::new(EventKind::SignInNeeded, now, about_connection(connection), code)).map(|_| ())
}

/// That a customer's people connected a system.
pub fn raise_connected(
    tx: &mut Tx<'_>,
    scope: TenantScope,
    connection: &Connection,
    now: Timestamp,
) -> Result<(), TxError> {
    let event = Event::new(EventKind::ConnectionCreated, now, about_connection(connection), None);
    raise(tx, scope, &event).map(|_| ())
}

fn about_connection(connection: &Connection) -> About {
    let customer = match connection.owner {
        Owner::Tenant => None,
        Owner::Customer(customer) => Some(customer),
    };
    About { customer, connection: Some(connection.id), ..About::default() }
}

/// What accounts that are about to be written have passed since they were: 80 and 100 % of what is granted. It is spent that
/// counts, since a hold may go back.
pub(super) fn raise_quota(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    accounts: &Accounts,
    now: Timestamp,
) -> Result<(), TxError> {
    let Accounts { tenant, customer, service } = accounts;
    let balance = |owner, account: &Account| tx.get::<Balances>(&scope.tenant(), &(owner, account.period));
    let of_customer = About { customer: Some(scope.id()), ..About::default() };
    let mut found = vec![
        (About::default(), *tenant, balance(WHOLE_TENANT, tenant)?),
        (of_customer, *customer, balance(scope.id(), customer)?),
    ];
    if let Some(service) = service {
        let before = tx.get::<ServiceBalances>(&scope, &(service.id, service.account.period))?;
        found.push((About { service: Some(service.id), ..of_customer }, service.account, before));
    }
    for (about, account, before) in found {
        for (kind, used) in passed(&account, before.unwrap_or_default().spent) {
            raise(tx, scope.tenant(), &Event::new(kind, now, About { used: Some(used), ..about }, None))?;
        }
    }
    Ok(())
}

/// The marks between what was spent and what is.
fn passed(account: &Account, before: weighbridge_model::meter::Amounts) -> Vec<(EventKind, Used)> {
    let mut found = Vec::new();
    for meter in Meter::ALL {
        let Some(granted) = account.quota.granted(meter).filter(|granted| *granted > 0) else { continue };
        let (was, spent) = (before.of(meter), account.balance.spent.of(meter));
        let used = Used { meter, period: account.period, granted, spent };
        for (kind, percent) in [(EventKind::Quota80, 80), (EventKind::Quota100, 100)] {
            let is_past = |amount: u64| u128::from(amount) * 100 >= u128::from(granted) * percent;
            found.extend((!is_past(was) && is_past(spent)).then_some((kind, used)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use weighbridge_model::meter::{Amounts, Balance, Quota};

    use super::*;

    fn check(was: u64, is: u64, expected: &[EventKind]) {
        let records = |records| Amounts { records, ..Amounts::ZERO };
        let quota = Quota { records: Some(10), ..Quota::default() };
        let balance = Balance { spent: records(is), held: records(3) };
        let account = Account { quota, period: Timestamp::from_millis(0), balance };
        let kinds: Vec<EventKind> = passed(&account, records(was)).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, expected, "from {was} to {is} of 10");
    }

    #[test]
    fn a_mark_is_told_when_it_is_passed() {
        check(7, 8, &[EventKind::Quota80]);
        check(8, 10, &[EventKind::Quota100]);
        check(0, 12, &[EventKind::Quota80, EventKind::Quota100]);
    }

    #[test]
    fn nothing_is_told_before_a_mark_and_after_it() {
        check(0, 7, &[]);
        check(8, 9, &[]);
        check(10, 12, &[]);
    }
}
