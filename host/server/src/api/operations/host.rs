//! The host, for its operators: how it is, whom it trusts, what may be reached, and why anything stands still.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::SetReload;
use weighbridge::account::{AddressFilter, ExplainAny, SetFrozen, WriteOff};
use weighbridge::model::access::kinds::{ConnectorsRead, HostChange, HostRead, TenantsRead, TrustRead};
use weighbridge::model::id::BatchId;

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;
use crate::support::bundle;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichConnector {
    /// The connector's name.
    connector: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct GivenUp {
    /// The batch.
    batch: BatchId,
    #[serde(flatten)]
    how: WriteOff,
}

pub(super) fn all() -> Vec<Operation> {
    [of_the_host(), of_its_files(), around_it()].into_iter().flatten().collect()
}

fn of_the_host() -> Vec<Operation> {
    vec![
        Operation::new(
            ("host show", Method::GET, "/host"),
            "Show how this host is: frozen or not, since when it runs, what is unfinished, and its keys.",
            async |it: Context<HostRead>, _: Nothing| it.engine.host_view(&it.may),
        ),
        Operation::new(
            ("host findings", Method::GET, "/host/findings"),
            "Look whether keys, offers and the ways to platforms are as they should be; at most once a minute anew.",
            async |it: Context<HostRead>, _: Nothing| it.engine.host_findings(&it.may).await,
        )
        .columns(&["health", "about", "sentence", "next_step", "code"]),
        Operation::new(
            ("support show", Method::GET, "/host/support"),
            "Show what this host tells whoever helps its operator: versions, settings, findings, figures, counts and codes; no records, \
             names or keys.",
            async |it: Context<HostRead>, _: Nothing| bundle(&it.engine, &it.may).await,
        ),
        Operation::new(
            ("host freeze", Method::POST, "/host/freeze"),
            "Stop everything of every organisation before its next batch.",
            async |it: Context<HostChange>, set: SetFrozen| it.engine.freeze_host(&it.may, &set).await,
        )
        .audits("host.frozen"),
        Operation::new(
            ("host thaw", Method::POST, "/host/thaw"),
            "Let everything go on.",
            async |it: Context<HostChange>, _: Nothing| it.engine.thaw_host(&it.may).await,
        )
        .audits("host.thawed"),
        Operation::new(
            ("doubt list-host", Method::GET, "/host/in-doubt"),
            "Show the batches in doubt of every organisation, without names of customers.",
            async |it: Context<HostRead>, _: Nothing| it.engine.in_doubt_on_host(&it.may),
        )
        .columns(&[
            "since",
            "tenant_name",
            "records",
            "bytes",
            "dispatched",
            "waits_for",
            "code",
            "transfer",
            "run",
            "batch",
        ])
        .followed(),
        Operation::new(
            ("batch write-off", Method::POST, "/host/batches/{batch}/write-off"),
            "Give a batch in doubt up: nothing of it is billed, and what did arrive may arrive again; this is confirmed.",
            async |it: Context<HostChange>, GivenUp { batch, how }: GivenUp| {
                it.engine.write_off(&it.may, batch, how).await
            },
        )
        .audits("batch.written_off"),
        Operation::new(
            ("key status", Method::GET, "/host/keys"),
            "Show the key ring from outside: its versions and how many keys it wraps, and no key.",
            async |it: Context<HostRead>, _: Nothing| it.engine.key_status_view(&it.may),
        ),
    ]
}

fn of_its_files() -> Vec<Operation> {
    vec![
        Operation::new(
            ("host reload", Method::POST, "/host/reload"),
            "Have the serving host read its configuration again: say what holds otherwise from now on, and what waits for the next start; where any \
             of it is wrong nothing changes.",
            async |it: Context<HostChange>, set: SetReload| it.engine.reload_host(&it.may, set).await,
        )
        .audits("host.reloaded"),
        Operation::new(
            ("backup list", Method::GET, "/host/backups"),
            "Show the backups that are there, the newest first.",
            async |it: Context<HostRead>, _: Nothing| it.engine.backups(&it.may).await,
        )
        .columns(&["taken_at", "bytes", "rows", "own", "version", "name"]),
        Operation::new(
            ("backup take", Method::POST, "/host/backups"),
            "Take a backup now, check it, and keep it; work goes on meanwhile.",
            async |it: Context<HostChange>, _: Nothing| it.engine.back_up(&it.may).await,
        )
        .audits("host.backed_up"),
    ]
}

fn around_it() -> Vec<Operation> {
    vec![
        Operation::new(
            ("connector show", Method::GET, "/connectors/{connector}"),
            "Show an installed connector: its versions, what waits to be approved, and how many organisations offer it.",
            async |it: Context<ConnectorsRead>, which: WhichConnector| {
                it.engine.connector_shown(&it.may, &which.connector).await
            },
        ),
        Operation::new(
            ("trust show", Method::GET, "/trust"),
            "Show whom this host trusts: publishers, their keys, pins, and what was revoked.",
            async |it: Context<TrustRead>, _: Nothing| it.engine.trust_shown(&it.may),
        ),
        Operation::new(
            ("address list", Method::GET, "/addresses"),
            "Show which addresses the offers of all organisations may reach.",
            async |it: Context<TenantsRead>, filter: AddressFilter| it.engine.addresses(&it.may, &filter),
        )
        .columns(&[
            "tenant_name",
            "integration_name",
            "connector",
            "hosts",
            "networks",
            "folders",
            "proxy",
            "integration",
        ]),
        Operation::new(
            ("explain any", Method::GET, "/explain"),
            "Say why a transfer or a third party's access of any organisation does (not) move, by its id.",
            async |it: Context<HostRead>, asked: ExplainAny| it.engine.explain_any(&it.may, &asked),
        ),
    ]
}
