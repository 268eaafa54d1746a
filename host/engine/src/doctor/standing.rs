//! What stands still until somebody does something: transfers that were suspended or fail without end, connected systems that
//! want a sign-in, connectors that wait to be approved.

use weighbridge_model::connection::{Connection, ConnectionState};
use weighbridge_model::package::{PackageRow, TrustStore};
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{Progress, Transfer};
use weighbridge_store::tables::{Connections, Packages, Progresses, Transfers};
use weighbridge_store::{HostScope, Tx};

use super::{Finding, ROWS_MAX};
use crate::engine::Host;
use crate::error::EngineError;

const ABOUT: &str = "what stands still";
/// A transfer that has failed for so long will not mend by itself.
const DEAD_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// So many are named.
const NAMED_MAX: usize = 5;

pub(super) fn check(host: &Host) -> Result<Vec<Finding>, EngineError> {
    let (now, trust) = (host.now(), host.trust()?);
    let read = |tx: &Tx<'_>| {
        let mut still = Still::default();
        for (scope, id) in tx.keys::<Transfers>(HostScope::new(), None, ROWS_MAX)? {
            let progress = tx.get::<Progresses>(&scope, &id)?.unwrap_or_default();
            tx.get::<Transfers>(&scope, &id)?.iter().for_each(|row| still.see_transfer(row, &progress, now));
        }
        for (scope, id) in tx.keys::<Connections>(HostScope::new(), None, ROWS_MAX)? {
            tx.get::<Connections>(&scope, &id)?.iter().for_each(|row| still.see_connection(row));
        }
        for (name, row) in tx.scan::<Packages>(&HostScope::new(), None, ROWS_MAX)? {
            still.see_package(name.as_str(), &row, &trust);
        }
        Ok(still)
    };
    Ok(host.store.read(read)?.findings())
}

/// Ids of what stands still, and names of connectors.
#[derive(Debug, Default)]
struct Still {
    suspended: Vec<String>,
    dead: Vec<String>,
    systems: Vec<String>,
    sign_ins: Vec<String>,
    unconfigured: Vec<String>,
    approvals: Vec<String>,
    revoked: Vec<String>,
}

impl Still {
    fn see_transfer(&mut self, row: &Transfer, progress: &Progress, now: Timestamp) {
        if row.switch == Switch::Off || row.removed_at.is_some() {
            return;
        }
        if row.suspended {
            self.suspended.push(row.id.to_string());
        } else if is_dead(progress.failing.since, now) {
            self.dead.push(row.id.to_string());
        }
    }

    fn see_connection(&mut self, row: &Connection) {
        if row.switch == Switch::Off {
            return;
        }
        match row.state {
            ConnectionState::Ready => {}
            ConnectionState::Suspended => self.systems.push(row.id.to_string()),
            ConnectionState::NeedsSignIn => self.sign_ins.push(row.id.to_string()),
            ConnectionState::NeedsConfiguration => self.unconfigured.push(row.id.to_string()),
        }
    }

    fn see_package(&mut self, name: &str, row: &PackageRow, trust: &TrustStore) {
        self.approvals.extend(row.waiting.iter().map(|waiting| format!("{name} {}", waiting.version)));
        let refused = row.used.as_ref().is_some_and(|used| trust.check_release(name, used).is_err());
        self.revoked.extend(refused.then(|| name.to_owned()));
    }

    fn findings(&self) -> Vec<Finding> {
        let why = "see why with: weighbridge explain any --of ID; then let it go on with: weighbridge transfer resume";
        let all = [
            (&self.suspended, "doctor.transfers_suspended", "suspended transfers", why),
            (
                &self.dead,
                "doctor.transfers_failing",
                "transfers that have failed at every run for a week",
                "see what they say with: weighbridge run list-all --state failed; correct it, or switch them off",
            ),
            (
                &self.systems,
                "doctor.systems_suspended",
                "suspended connected systems",
                "see why with: weighbridge system list; then switch them on again",
            ),
            (
                &self.sign_ins,
                "doctor.sign_ins_needed",
                "connected systems whose platform wants a new sign-in",
                "have whoever connected them sign in again, or send a link with: weighbridge connect-link add",
            ),
            (
                &self.unconfigured,
                "doctor.systems_unconfigured",
                "connected systems whose settings are not complete",
                "have whoever connected them complete the settings; see them with: weighbridge system list",
            ),
            (
                &self.approvals,
                "doctor.approvals_waiting",
                "versions of connectors that wait to be approved",
                "look at what they ask for with: weighbridge connector show NAME; then: weighbridge connector approve NAME",
            ),
            (
                &self.revoked,
                "doctor.connectors_untrusted",
                "connectors that may not be used any more",
                "see why with: weighbridge trust list; install a version that is trusted",
            ),
        ];
        let found: Vec<_> = all.into_iter().filter(|(which, ..)| !which.is_empty()).map(finding).collect();
        if found.is_empty() {
            return vec![Finding::ok("doctor.standing", ABOUT, "nothing is suspended, and nothing waits for a person")];
        }
        found
    }
}

/// Whether it has failed without end since then.
fn is_dead(failing_since: Option<Timestamp>, now: Timestamp) -> bool {
    failing_since.is_some_and(|since| since.plus_millis(DEAD_MS) <= now)
}

fn finding((which, code, what, next): (&Vec<String>, &'static str, &str, &str)) -> Finding {
    let mut named = which.iter().take(NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    if which.len() > NAMED_MAX {
        named.push_str(", …");
    }
    Finding::warning(code, what, format!("there are {}: {named}", which.len())).next(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(still: &Still) -> Vec<&'static str> {
        still.findings().iter().map(|one| one.code).collect()
    }

    #[test]
    fn finds_each_kind_of_thing_that_stands_still_and_names_the_first_of_them() {
        let one = || vec!["one".to_owned()];
        let many = (0..7).map(|number| format!("id{number}")).collect();
        let (dead, systems, sign_ins, unconfigured, approvals, revoked) = (one(), one(), one(), one(), one(), one());
        let still = Still { suspended: many, dead, systems, sign_ins, unconfigured, approvals, revoked };
        let found = still.findings();
        assert_eq!((found.len(), found[0].sentence.as_str()), (7, "there are 7: id0, id1, id2, id3, id4, …"));
        assert!(found.iter().all(|one| one.next_step.is_some()));
        assert_eq!(found[1].sentence, "there are 1: one");
    }

    #[test]
    fn says_that_nothing_stands_still_where_nothing_does() {
        assert_eq!(codes(&Still::default()), ["doctor.standing"]);
    }

    #[test]
    fn a_transfer_is_dead_after_a_week_of_failures_and_not_before() {
        let now = Timestamp::from_millis(DEAD_MS);
        assert!(is_dead(Some(Timestamp::from_millis(0)), now));
        assert!(!is_dead(Some(Timestamp::from_millis(1)), now) && !is_dead(None, now));
    }
}
