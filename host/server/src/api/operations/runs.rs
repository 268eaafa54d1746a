//! Runs of a customer and of all customers.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{BatchFilter, CancelRun, LogFilter, OfCustomers, RunFilter, RunList};
use weighbridge::model::access::kinds::{RecordsRead, RunsRead, TransfersRead, TransfersRun};
use weighbridge::model::id::RunId;

use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
struct AllRuns {
    #[serde(flatten)]
    of: OfCustomers,
    #[serde(flatten)]
    filter: RunFilter,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OneRun {
    run: RunId,
    #[serde(flatten)]
    filter: BatchFilter,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct WhichRun {
    run: RunId,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Cancelled {
    run: RunId,
    #[serde(flatten)]
    how: CancelRun,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct LogOfRun {
    run: RunId,
    #[serde(flatten)]
    filter: LogFilter,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct RejectedInRun {
    run: RunId,
    #[serde(flatten)]
    list: RunList,
}

const COLUMNS: &[&str] = &[
    "started_at",
    "transfer_name",
    "service_name",
    "state",
    "cause",
    "read",
    "delivered",
    "filtered",
    "rejected",
    "code",
    "id",
];

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("run list", Method::GET, "/customers/{customer}/runs"),
            "Show a customer's runs of all transfers, and of third parties' pulls, the newest first.",
            async |it: Context<TransfersRead>, filter: RunFilter| it.engine.runs_of_customer(&it.may, &filter),
        )
        .columns(COLUMNS)
        .followed(),
        Operation::new(
            ("run list-all", Method::GET, "/runs"),
            "Show the runs of all customers, the newest first.",
            async |it: Context<RunsRead>, asked: AllRuns| it.engine.runs_of_all(&it.may, &asked.of, &asked.filter),
        )
        .columns(&[
            "started_at",
            "customer_name",
            "transfer_name",
            "service_name",
            "state",
            "cause",
            "delivered",
            "code",
            "id",
        ])
        .followed(),
        Operation::new(
            ("run show", Method::GET, "/customers/{customer}/runs/{run}"),
            "Show a run: why it stands where it stands, its attempts and its batches.",
            async |it: Context<TransfersRead>, one: OneRun| it.engine.run_shown(&it.may, one.run, &one.filter),
        )
        .followed(),
        Operation::new(
            ("run pause", Method::POST, "/customers/{customer}/runs/{run}/pause"),
            "Let a run hold no further batch until it is resumed.",
            async |it: Context<TransfersRun>, which: WhichRun| it.engine.pause_run(&it.may, which.run).await,
        )
        .audits("run.paused"),
        Operation::new(
            ("run resume", Method::POST, "/customers/{customer}/runs/{run}/resume"),
            "Let a paused run go on.",
            async |it: Context<TransfersRun>, which: WhichRun| it.engine.resume_run(&it.may, which.run).await,
        )
        .audits("run.resumed"),
        Operation::new(
            ("run cancel", Method::POST, "/customers/{customer}/runs/{run}/cancel"),
            "End a run, after the batch that is being moved or at once.",
            async |it: Context<TransfersRun>, asked: Cancelled| {
                it.engine.cancel_run(&it.may, asked.run, asked.how).await
            },
        )
        .audits("run.cancelled"),
        Operation::new(
            ("run log", Method::GET, "/customers/{customer}/runs/{run}/log"),
            "Show what connectors said in a run; while it goes on, up to now.",
            async |it: Context<TransfersRead>, asked: LogOfRun| it.engine.run_log(&it.may, asked.run, &asked.filter),
        )
        .columns(&["at", "attempt", "level", "connector", "text"])
        .followed(),
        Operation::new(
            ("run rejected", Method::GET, "/customers/{customer}/runs/{run}/rejected"),
            "Show the records that were rejected in a run.",
            async |it: Context<RecordsRead>, asked: RejectedInRun| {
                it.engine.rejected_in_run(&it.may, asked.run, &asked.list)
            },
        )
        .columns(&["at", "code", "message", "record"]),
    ]
}
