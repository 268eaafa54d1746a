//! Runs of a customer and of all customers.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{BatchFilter, CancelRun, LogFilter, OfCustomers, RunFilter};
use weighbridge::model::access::kinds::{RunsRead, TransfersRead, TransfersRun};
use weighbridge::model::id::RunId;

use super::Nothing;
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

const DOUBT_COLUMNS: &[&str] =
    &["since", "customer_name", "transfer_name", "records", "bytes", "dispatched", "waits_for", "code", "run", "batch"];

pub(super) fn all() -> Vec<Operation> {
    [lists(), control(), doubts()].into_iter().flatten().collect()
}

fn lists() -> Vec<Operation> {
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
            ("run log", Method::GET, "/customers/{customer}/runs/{run}/log"),
            "Show what connectors said in a run; while it goes on, up to now.",
            async |it: Context<TransfersRead>, asked: LogOfRun| it.engine.run_log(&it.may, asked.run, &asked.filter),
        )
        .columns(&["at", "attempt", "level", "connector", "text"])
        .followed(),
    ]
}

fn control() -> Vec<Operation> {
    vec![
        Operation::new(
            ("run retry", Method::POST, "/customers/{customer}/runs/{run}/retry"),
            "Begin another run where one did not do its work; it goes on after the last batch that was settled.",
            async |it: Context<TransfersRun>, which: WhichRun| it.engine.retry_run(&it.may, which.run).await,
        )
        .unaudited("the run itself is kept, with who or what wanted it"),
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
    ]
}

fn doubts() -> Vec<Operation> {
    vec![
        Operation::new(
            ("doubt list", Method::GET, "/customers/{customer}/in-doubt"),
            "Show a customer's batches in doubt: what may have arrived while nobody is at work on it.",
            async |it: Context<TransfersRead>, _: Nothing| it.engine.in_doubt(&it.may),
        )
        .columns(DOUBT_COLUMNS)
        .followed(),
        Operation::new(
            ("doubt list-all", Method::GET, "/in-doubt"),
            "Show the batches in doubt of all customers.",
            async |it: Context<RunsRead>, _: Nothing| it.engine.in_doubt_of_all(&it.may),
        )
        .columns(DOUBT_COLUMNS)
        .followed(),
    ]
}
