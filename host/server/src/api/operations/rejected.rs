//! Rejected records of a customer.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{DiscardRejected, RejectedList, ReplayRejected};
use weighbridge::model::access::kinds::{RecordsDiscard, RecordsRead};
use weighbridge::model::id::DeadLetterId;

use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
struct OneRejected {
    /// The rejected record.
    rejected: DeadLetterId,
}

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("rejected list", Method::GET, "/customers/{customer}/rejected"),
            "Show a customer's rejected records, the newest first.",
            async |it: Context<RecordsRead>, list: RejectedList| it.engine.rejected_list(&it.may, &list),
        )
        .columns(&["at", "transfer_name", "code", "message", "record", "id"]),
        Operation::new(
            ("rejected show", Method::GET, "/customers/{customer}/rejected/{rejected}"),
            "Show a rejected record.",
            async |it: Context<RecordsRead>, one: OneRejected| it.engine.rejected_shown(&it.may, one.rejected),
        ),
        Operation::new(
            ("rejected discard", Method::POST, "/customers/{customer}/rejected/discard"),
            "Forget one rejected record, or all that a filter finds.",
            async |it: Context<RecordsDiscard>, asked: DiscardRejected| {
                it.engine.discard_rejected(&it.may, &asked).await
            },
        )
        .audits("rejected.discarded"),
        Operation::new(
            ("rejected replay", Method::POST, "/customers/{customer}/rejected/replay"),
            "Hand one rejected record over again, or all that a filter finds, shaped by the present mapping.",
            async |it: Context<RecordsDiscard>, asked: ReplayRejected| it.engine.replay_rejected(&it.may, &asked).await,
        )
        .audits("rejected.replayed"),
    ]
}
