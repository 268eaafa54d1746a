//! Whether the clock of this machine can be right: it has never been later than it is now.

use std::path::Path;

use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{Audit, AuditHeads, RunsOfTenant, Tenants};
use weighbridge_store::{HostScope, TenantScope, Tx, TxError};

use super::{Finding, ROWS_MAX};
use crate::audit::host_chain;
use crate::engine::Host;
use crate::error::EngineError;

const ABOUT: &str = "clock";
/// Clocks are set back by moments when they are kept in step.
const STEP_MS: i64 = 60_000;
/// There once systemd's own client has heard of a server of time.
const IN_STEP: &str = "/run/systemd/timesync/synchronized";

pub(super) fn check(host: &Host) -> Result<Finding, EngineError> {
    Ok(judge(newest(host)?, host.now(), Path::new(IN_STEP).exists()))
}

/// The newest instant that the store knows, by the audit logs and the newest run of each tenant.
fn newest(host: &Host) -> Result<Option<Timestamp>, EngineError> {
    let read = |tx: &Tx<'_>| {
        let mut newest = last_line(tx, host_chain())?;
        for (scope, ()) in tx.keys::<Tenants>(HostScope::new(), None, ROWS_MAX)? {
            let run = tx.scan::<RunsOfTenant>(&scope, None, 1)?.first().map(|(key, _)| key.0.made_at());
            newest = newest.max(run).max(last_line(tx, scope)?);
        }
        Ok(newest)
    };
    Ok(host.store.read(read)?)
}

fn last_line(tx: &Tx<'_>, chain: TenantScope) -> Result<Option<Timestamp>, TxError> {
    let Some(head) = tx.get::<AuditHeads>(&chain, &())? else { return Ok(None) };
    Ok(tx.get::<Audit>(&chain, &head.count)?.map(|row| row.last.unwrap_or(row.at)))
}

fn judge(newest: Option<Timestamp>, now: Timestamp, is_in_step: bool) -> Finding {
    if let Some(newest) = newest.filter(|newest| newest.as_millis() > now.as_millis().saturating_add(STEP_MS)) {
        let sentence = format!("it says {now}, and the store has something of {newest}: it was set back");
        return Finding::failed("doctor.clock_back", ABOUT, sentence)
            .next("set the clock of this machine, and have it kept in step by NTP; nothing is due before its time comes again");
    }
    let sentence = if is_in_step {
        format!("it says {now}, and nothing in the store is later; it is kept in step")
    } else {
        format!("it says {now}, and nothing in the store is later; whether it is kept in step is not known here")
    };
    Finding::ok("doctor.clock", ABOUT, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(newest: i64, now: i64) -> Finding {
        judge(Some(Timestamp::from_millis(newest)), Timestamp::from_millis(now), true)
    }

    #[test]
    fn finds_a_clock_that_was_set_back_by_more_than_a_minute() {
        let found = found(10 * STEP_MS, 9 * STEP_MS - 1);
        assert_eq!((found.code, found.next_step.is_some()), ("doctor.clock_back", true));
    }

    #[test]
    fn says_nothing_of_a_clock_that_goes_on_or_was_put_right_by_a_moment() {
        assert_eq!(found(10 * STEP_MS, 9 * STEP_MS).code, "doctor.clock");
        assert_eq!(judge(None, Timestamp::from_millis(0), false).code, "doctor.clock");
    }
}
