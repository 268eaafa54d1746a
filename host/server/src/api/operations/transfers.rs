//! Endpoints, mappings, transfers and their runs.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{
    ChangeEndpoint, ChangeTransfer, ExplainAt, MappingEnds, NewBackfill, NewEndpoint, NewTransfer, OccurrenceList,
    ResetTransfer, RunList, SetMapping, SwitchTransfer, TryMapping, TrySchedule,
};
use weighbridge::model::access::kinds::{RecordsRead, TransfersChange, TransfersRead, TransfersRun};
use weighbridge::model::id::{EndpointId, MappingId, TransferId};
use weighbridge::model::tenant::Switch;

use super::{Done, Nothing};
use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
struct WhichEndpoint {
    endpoint: EndpointId,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OneEndpoint {
    endpoint: EndpointId,
    #[serde(flatten)]
    change: ChangeEndpoint,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct WhichMapping {
    mapping: MappingId,
    /// The version; the newest one where it is left out.
    #[serde(default)]
    version: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct WhichTransfer {
    transfer: TransferId,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OneTransfer {
    transfer: TransferId,
    #[serde(flatten)]
    change: ChangeTransfer,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Turn {
    transfer: TransferId,
    /// Which way.
    switch: Switch,
    /// That what stops was read.
    #[serde(default)]
    confirm: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Runs {
    transfer: TransferId,
    #[serde(flatten)]
    list: RunList,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Reset {
    transfer: TransferId,
    #[serde(flatten)]
    how: ResetTransfer,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Range {
    transfer: TransferId,
    #[serde(flatten)]
    new: NewBackfill,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Times {
    transfer: TransferId,
    #[serde(flatten)]
    list: OccurrenceList,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Explain {
    transfer: TransferId,
    #[serde(flatten)]
    at: ExplainAt,
}

pub(super) fn all() -> Vec<Operation> {
    [endpoints(), mappings(), transfers(), errands(), runs()].into_iter().flatten().collect()
}

fn endpoints() -> Vec<Operation> {
    vec![
        Operation::new(
            ("endpoint list", Method::GET, "/customers/{customer}/endpoints"),
            "Show a customer's endpoints.",
            async |it: Context<TransfersRead>, _: Nothing| it.engine.endpoints(&it.may),
        )
        .columns(&["name", "direction", "status", "connection_label", "stream", "used_by", "id"]),
        Operation::new(
            ("endpoint add", Method::POST, "/customers/{customer}/endpoints"),
            "Make an endpoint; a name and a description suffice, and the rest can come later.",
            async |it: Context<TransfersChange>, new: NewEndpoint| it.engine.create_endpoint(&it.may, &new).await,
        )
        .creates()
        .audits("endpoint.created"),
        Operation::new(
            ("endpoint show", Method::GET, "/customers/{customer}/endpoints/{endpoint}"),
            "Show an endpoint.",
            async |it: Context<TransfersRead>, which: WhichEndpoint| it.engine.endpoint(&it.may, which.endpoint),
        ),
        Operation::new(
            ("endpoint change", Method::PATCH, "/customers/{customer}/endpoints/{endpoint}"),
            "Change an endpoint; its name and direction stay.",
            async |it: Context<TransfersChange>, one: OneEndpoint| {
                it.engine.change_endpoint(&it.may, one.endpoint, &one.change, it.seen()).await
            },
        )
        .audits("endpoint.changed"),
        Operation::new(
            ("endpoint remove", Method::DELETE, "/customers/{customer}/endpoints/{endpoint}"),
            "Delete an endpoint that no transfer uses and no third party may read; its name is not given again.",
            async |it: Context<TransfersChange>, which: WhichEndpoint| {
                it.engine.delete_endpoint(&it.may, which.endpoint, it.seen()).await.map(Done::from)
            },
        )
        .audits("endpoint.deleted"),
        Operation::new(
            ("endpoint schema", Method::GET, "/customers/{customer}/endpoints/{endpoint}/schema"),
            "Show which fields are accepted of the stream that an endpoint reads, and what was found beyond them.",
            async |it: Context<TransfersRead>, which: WhichEndpoint| it.engine.stream_schema(&it.may, which.endpoint),
        ),
        Operation::new(
            ("endpoint accept-schema", Method::POST, "/customers/{customer}/endpoints/{endpoint}/schema/accept"),
            "Accept what was found in records beyond what was accepted; what stopped because of it goes on with the next run.",
            async |it: Context<TransfersChange>, which: WhichEndpoint| {
                it.engine.accept_schema(&it.may, which.endpoint, it.seen()).await
            },
        )
        .audits("endpoint.schema_accepted"),
    ]
}

fn mappings() -> Vec<Operation> {
    vec![
        Operation::new(
            ("mapping list", Method::GET, "/customers/{customer}/mappings"),
            "Show a customer's mappings, each in its newest version.",
            async |it: Context<TransfersRead>, _: Nothing| it.engine.mappings(&it.may),
        )
        .columns(&["name", "version", "created_at", "used_by", "id"]),
        Operation::new(
            ("mapping set", Method::POST, "/customers/{customer}/mappings"),
            "Make a mapping, or a new version of one; nothing is read again because of it.",
            async |it: Context<TransfersChange>, set: SetMapping| it.engine.set_mapping(&it.may, &set).await,
        )
        .audits("mapping.changed"),
        Operation::new(
            ("mapping fields", Method::GET, "/customers/{customer}/mappings/fields"),
            "Show the fields between which a mapping goes, and a record to look at.",
            async |it: Context<TransfersRead>, ends: MappingEnds| it.engine.mapping_fields(&it.may, ends).await,
        ),
        Operation::new(
            ("mapping show", Method::GET, "/customers/{customer}/mappings/{mapping}"),
            "Show a mapping in its newest version, or in another one.",
            async |it: Context<TransfersRead>, which: WhichMapping| {
                it.engine.mapping(&it.may, which.mapping, which.version)
            },
        ),
        Operation::new(
            ("mapping try", Method::POST, "/customers/{customer}/mappings/try"),
            "Try rules on sample records; nothing is written.",
            async |it: Context<RecordsRead>, asked: TryMapping| it.engine.try_mapping(&it.may, &asked).await,
        )
        .unaudited("it changes nothing, and the samples are the asker's own"),
    ]
}

fn transfers() -> Vec<Operation> {
    vec![
        Operation::new(
            ("transfer list", Method::GET, "/customers/{customer}/transfers"),
            "Show a customer's transfers.",
            async |it: Context<TransfersRead>, _: Nothing| it.engine.transfers(&it.may),
        )
        .columns(&["name", "source", "destination", "mapping", "switch", "suspended", "running", "last_run", "id"])
        .followed(),
        Operation::new(
            ("transfer add", Method::POST, "/customers/{customer}/transfers"),
            "Make a transfer.",
            async |it: Context<TransfersChange>, new: NewTransfer| it.engine.create_transfer(&it.may, &new).await,
        )
        .creates()
        .audits("transfer.created"),
        Operation::new(
            ("transfer show", Method::GET, "/customers/{customer}/transfers/{transfer}"),
            "Show a transfer.",
            async |it: Context<TransfersRead>, which: WhichTransfer| it.engine.transfer(&it.may, which.transfer),
        )
        .followed(),
        Operation::new(
            ("transfer change", Method::PATCH, "/customers/{customer}/transfers/{transfer}"),
            "Change how a transfer moves, and when; how far it has come stays.",
            async |it: Context<TransfersChange>, one: OneTransfer| {
                it.engine.change_transfer(&it.may, one.transfer, &one.change, it.seen()).await
            },
        )
        .audits("transfer.changed"),
        Operation::new(
            ("transfer switch", Method::POST, "/customers/{customer}/transfers/{transfer}/switch"),
            "Switch a transfer; off is confirmed, and says what stops.",
            async |it: Context<TransfersChange>, Turn { transfer, switch, confirm }: Turn| {
                it.engine.switch_transfer(&it.may, transfer, SwitchTransfer { switch, confirm }, it.seen()).await
            },
        )
        .audits("transfer.changed"),
        Operation::new(
            ("transfer resume", Method::POST, "/customers/{customer}/transfers/{transfer}/resume"),
            "Let a transfer go on that was suspended after many failures.",
            async |it: Context<TransfersChange>, which: WhichTransfer| {
                it.engine.resume_transfer(&it.may, which.transfer).await
            },
        )
        .audits("transfer.resumed"),
        Operation::new(
            ("transfer fires", Method::POST, "/customers/{customer}/transfers/fires"),
            "Show when a schedule would run a transfer; nothing is written.",
            async |it: Context<TransfersRead>, asked: TrySchedule| it.engine.try_schedule(&it.may, &asked),
        )
        .unaudited("it changes nothing"),
        Operation::new(
            ("transfer remove", Method::DELETE, "/customers/{customer}/transfers/{transfer}"),
            "Take a transfer away that is not running; its runs stay in the history.",
            async |it: Context<TransfersChange>, which: WhichTransfer| {
                it.engine.delete_transfer(&it.may, which.transfer, it.seen()).await.map(Done::from)
            },
        )
        .audits("transfer.deleted"),
    ]
}

/// What a transfer does beside its own walk.
fn errands() -> Vec<Operation> {
    vec![
        Operation::new(
            ("transfer reset", Method::POST, "/customers/{customer}/transfers/{transfer}/reset"),
            "Forget how far a transfer has come, so that its next run reads from the beginning; this is confirmed.",
            async |it: Context<TransfersChange>, Reset { transfer, how }: Reset| {
                it.engine.reset_transfer(&it.may, transfer, how).await
            },
        )
        .audits("transfer.reset"),
        Operation::new(
            ("transfer try", Method::POST, "/customers/{customer}/transfers/{transfer}/try"),
            "Read and shape what the next run would move first, and deliver none of it.",
            async |it: Context<RecordsRead>, which: WhichTransfer| {
                it.engine.try_transfer(&it.may, which.transfer).await
            },
        )
        .unaudited("it delivers nothing; the requests that it makes are in the ledger"),
        Operation::new(
            ("backfill begin", Method::POST, "/customers/{customer}/transfers/{transfer}/backfills"),
            "Move what changed in a range once more; the transfer's own walk goes on as before.",
            async |it: Context<TransfersRun>, Range { transfer, new }: Range| {
                it.engine.begin_backfill(&it.may, transfer, &new).await
            },
        )
        .audits("transfer.backfilled"),
        Operation::new(
            ("backfill list", Method::GET, "/customers/{customer}/transfers/{transfer}/backfills"),
            "Show the ranges of a transfer that are, or were, moved once more.",
            async |it: Context<TransfersRead>, which: WhichTransfer| it.engine.backfills(&it.may, which.transfer),
        )
        .columns(&["at", "since", "until", "state", "delivered", "code", "run"])
        .followed(),
    ]
}

fn runs() -> Vec<Operation> {
    vec![
        Operation::new(
            ("transfer start", Method::POST, "/customers/{customer}/transfers/{transfer}/start"),
            "Begin a run in the host that serves, and do not wait for it.",
            async |it: Context<TransfersRun>, which: WhichTransfer| {
                it.engine.start_transfer(&it.may, which.transfer).await
            },
        )
        .unaudited("the run itself is kept, with who or what wanted it"),
        Operation::new(
            ("transfer explain", Method::GET, "/customers/{customer}/transfers/{transfer}/explain"),
            "Say why a transfer is (not) running, and when that changes.",
            async |it: Context<TransfersRead>, ask: Explain| {
                it.engine.explain_transfer(&it.may, ask.transfer, ask.at.at.as_deref())
            },
        ),
        Operation::new(
            ("transfer runs", Method::GET, "/customers/{customer}/transfers/{transfer}/runs"),
            "Show the last runs of a transfer.",
            async |it: Context<TransfersRead>, asked: Runs| it.engine.runs(&it.may, asked.transfer, &asked.list),
        )
        .columns(&["started_at", "state", "cause", "read", "delivered", "filtered", "rejected", "code", "id"])
        .followed(),
        Operation::new(
            ("transfer times", Method::GET, "/customers/{customer}/transfers/{transfer}/times"),
            "Show the last times of a transfer's schedule: the run that each made, or why it made none.",
            async |it: Context<TransfersRead>, asked: Times| {
                it.engine.occurrences(&it.may, asked.transfer, &asked.list)
            },
        )
        .columns(&["at", "reason", "count", "run"]),
    ]
}
