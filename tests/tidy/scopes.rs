//! Who asks for the host's own scope: it shows whose rows there are, so the list of those who may is short.

use super::{Source, check_bites, check_rust, root};

const WORD: &str = "HostScope";

/// Where it is made, and where tests and benchmarks may name it as they like.
const FREE: &[&str] = &["host/store/", "tests/", "host/engine/tests/", "host/cli/benches/"];

/// Each with what it needs it for.
const MAY: &[(&str, &str)] = &[
    ("host/engine/src/account/connections/check.rs", "an offer's connector is looked up among the installed ones"),
    ("host/engine/src/account/audit/checkpoint.rs", "a checkpoint names every chain of the host"),
    ("host/engine/src/account/audit/walk.rs", "every chain of the host is verified"),
    ("host/engine/src/account/connections/link.rs", "a connect link is found by its hash"),
    ("host/engine/src/account/connections/platforms.rs", "an offer's connector is looked up among the installed ones"),
    (
        "host/engine/src/account/connections/view.rs",
        "why a connection stands still may be the host's or the connector's",
    ),
    ("host/engine/src/account/customers/view.rs", "whether a customer is there is asked before anything of it"),
    (
        "host/engine/src/account/deletion/begin.rs",
        "a customer that comes back by itself stands among those of everyone",
    ),
    ("host/engine/src/account/rejected/sweep.rs", "rejected records of everyone are let go of at their age"),
    ("host/engine/src/account/deletion/mod.rs", "deletions of everyone are gone on with"),
    (
        "host/engine/src/account/deletion/sweep.rs",
        "sessions, links and times of everyone are looked through for the customer's",
    ),
    ("host/engine/src/account/customers/switch.rs", "customers come back by themselves when their date comes"),
    ("host/engine/src/account/host/addresses.rs", "the operator sees what the offers of all tenants may reach"),
    ("host/engine/src/account/host/connector.rs", "the operator sees how many tenants offer a connector"),
    ("host/engine/src/account/host/explain.rs", "the operator comes with nothing but an id"),
    ("host/engine/src/account/host/freeze.rs", "whether everything is frozen is the host's"),
    ("host/engine/src/account/host/show.rs", "the operator sees how much is unfinished on the host"),
    ("host/engine/src/account/integrations.rs", "the operator says how an offer of any tenant leaves"),
    ("host/engine/src/account/services/index.rs", "a third party is found by its Connection ID alone"),
    ("host/engine/src/account/tenants.rs", "the operator makes tenants, and no two of one name"),
    ("host/engine/src/apply/connection.rs", "the connector's manifest is looked up among the installed ones"),
    ("host/engine/src/apply/integration.rs", "an offer is of an installed connector"),
    ("host/engine/src/apply/plan.rs", "a customer's plan ends in its tenant's rows"),
    ("host/engine/src/apply/tenant.rs", "a tenant is found and made by its name"),
    ("host/engine/src/audit.rs", "the operator's own acts have a log of their own"),
    ("host/engine/src/backup/check.rs", "the ledger of every tenant is added up"),
    ("host/engine/src/backup/restore.rs", "what is restored is another host, whose keys must all be there"),
    ("host/engine/src/backup/take.rs", "a backup is of everything, sealed as it is"),
    ("host/engine/src/crossings.rs", "windows of everyone begin and end, with nobody asking"),
    ("host/engine/src/doctor/mod.rs", "the operator's doctor looks at every integration"),
    ("host/engine/src/doctor/places.rs", "a connection's manifest is looked up among the installed ones"),
    ("host/engine/src/doctor/standing.rs", "the operator's doctor looks at what stands still, and tells ids"),
    ("host/engine/src/doctor/time.rs", "the newest instant is looked for among those of everyone"),
    ("host/engine/src/doctor/zones.rs", "the zones of everyone are to be among those that are known"),
    ("host/engine/src/events/courier/attempt.rs", "what is due is the host's, and says whose it is"),
    ("host/engine/src/events/courier/fan_out.rs", "events of everyone leave by one outbox"),
    ("host/engine/src/events/courier/mod.rs", "one task carries the events of everyone"),
    ("host/engine/src/events/networks.rs", "the operator says where a tenant's events may be sent"),
    ("host/engine/src/events/replay.rs", "events leave by the host's one outbox"),
    ("host/engine/src/events/sweep.rs", "events of everyone are let go of at their age"),
    ("host/engine/src/figures.rs", "what the host holds of everybody is counted, and not read"),
    ("host/engine/src/find.rs", "names given on a command line are found from the tenant inwards"),
    ("host/engine/src/history.rs", "the operator asks for every transfer's runs"),
    ("host/engine/src/hooks/movement.rs", "what waits at the hooks of everyone moves, with nobody asking"),
    ("host/engine/src/hooks/overdue.rs", "deliveries to everyone are let go of at their age"),
    ("host/engine/src/hooks/receive.rs", "a platform comes with an address that nobody guesses, and with nothing else"),
    (
        "host/engine/src/hooks/registration.rs",
        "a hook is found by its address alone, and a connection's row says whose it is",
    ),
    ("host/engine/src/hooks/view.rs", "another address of a hook is found by it alone"),
    (
        "host/engine/src/idempotency.rs",
        "whoever repeats a request comes with a key of their own, and is found by its hash",
    ),
    ("host/engine/src/keys.rs", "the version of the master key is the host's"),
    (
        "host/engine/src/oauth/complete.rs",
        "a person comes back with a state that this host signed, and with nothing else",
    ),
    ("host/engine/src/oauth/keeper.rs", "a connection's row says whose it is"),
    ("host/engine/src/oauth/mod.rs", "a connection's manifest is looked up among the installed ones"),
    ("host/engine/src/packages/approve.rs", "approving puts another version in use"),
    ("host/engine/src/packages/install.rs", "installing writes the package and pins it in the trust store"),
    ("host/engine/src/packages/leave.rs", "a connection's connector is looked up among the installed ones"),
    ("host/engine/src/packages/native.rs", "connectors of the embedding program stand among the installed ones"),
    ("host/engine/src/packages/rollback.rs", "going back puts another version in use"),
    ("host/engine/src/packages/side.rs", "a package is verified against the trust store at every load"),
    (
        "host/engine/src/packages/view.rs",
        "the operator lists the connectors, and counts the connections a version breaks",
    ),
    ("host/engine/src/people/actor.rs", "whoever asks is found by the hash of a secret, and then where they stand"),
    ("host/engine/src/people/invite.rs", "the link of an invitation is found by its hash"),
    ("host/engine/src/people/join.rs", "a link of one use is found by its hash"),
    ("host/engine/src/people/me.rs", "who asks is told where they stand"),
    ("host/engine/src/people/place.rs", "people stand on the host, in a tenant, or in a customer"),
    ("host/engine/src/people/reset.rs", "the link for another password is found by its hash"),
    ("host/engine/src/people/sign_in.rs", "sessions are found by the hash of their secret"),
    ("host/engine/src/people/tokens.rs", "tokens are found by the hash of their secret"),
    (
        "host/engine/src/pull/authenticate.rs",
        "a third party comes with a Connection ID, and nothing else says whose data it may ask for",
    ),
    ("host/engine/src/pull/sweep.rs", "pages of everyone are dropped when their time is over"),
    ("host/engine/src/recovery.rs", "unfinished transfers of everyone are gone on with"),
    ("host/engine/src/retention.rs", "history of everyone goes when it is old"),
    ("host/engine/src/scheduler.rs", "due transfers of everyone are begun"),
    ("host/engine/src/space.rs", "the disk is the host's"),
    ("host/engine/src/support/runs.rs", "whoever helps is shown the last runs of everyone by their ids"),
    ("host/engine/src/support/tables.rs", "rows of everyone are counted, and not read"),
    ("host/engine/src/trust/mod.rs", "the trust store is the host's"),
];

fn faults(source: &Source) -> Vec<String> {
    let free = FREE.iter().any(|folder| source.path.starts_with(folder));
    if free || MAY.iter().any(|(path, _)| *path == source.path) {
        return Vec::new();
    }
    let named = source.lines().find(|(_, line)| line.contains(WORD));
    named.map(|(number, _)| source.fault(number, "this file may not ask for the host's scope")).into_iter().collect()
}

#[test]
fn only_the_files_of_the_list_ask_for_the_hosts_scope() {
    check_rust(faults);
}

#[test]
fn every_file_of_the_list_does() {
    for (path, _) in MAY {
        let text = std::fs::read_to_string(root().join(path)).unwrap_or_default();
        assert!(text.contains(WORD), "{path} needs no place in the list");
    }
}

#[test]
fn another_file_is_caught() {
    let text = "use weighbridge_store::Store;\nuse weighbridge_store::HostScope;\n";
    let wanted = ["host/server/src/pull.rs:2: this file may not ask for the host's scope"];
    check_bites(faults, "host/server/src/pull.rs", text, &wanted);
    check_bites(faults, "host/store/src/tables.rs", text, &[]);
}
