//! The spans of a run, for whoever traces it: ids, counts and codes, and nothing of what moves.

use tracing::Span;
use tracing::field::{Empty, display};
use weighbridge_model::id::RunId;
use weighbridge_model::run::{Cause, Run};
use weighbridge_model::trace::TARGET;
use weighbridge_store::CustomerScope;
use weighbridge_store::verbs::{Begun, Held, Intent, PullAsk};

use crate::counters::word;

/// A part of a run, by its name.
macro_rules! part {
    ($name:literal $(, $field:ident = $value:expr)*) => {
        tracing::debug_span!(target: weighbridge_model::trace::TARGET, $name $(, $field = $value)*)
    };
}
pub(super) use part;

/// All of a run that this process does.
pub(super) fn run(scope: CustomerScope, intent: &Intent) -> Span {
    let (tenant, customer) = (scope.tenant_id(), scope.id());
    let (transfer, cause) = (intent.transfer, cause(intent.cause));
    tracing::info_span!(target: TARGET, "run", run = Empty, %transfer, %tenant, %customer, cause, state = Empty, code = Empty)
}

/// A page that a third party asks for.
pub(super) fn pull(scope: CustomerScope, ask: &PullAsk) -> Span {
    let (tenant, customer, service) = (scope.tenant_id(), scope.id(), ask.service);
    tracing::info_span!(target: TARGET, "pull", run = Empty, %service, %tenant, %customer, code = Empty)
}

/// Of one batch, from its hold to the next one's.
pub(super) fn batch(held: &Held) -> Span {
    let (batch, attempt, again) = (held.batch.id, held.batch.reservation.attempt(), held.again);
    part!("batch", batch = display(batch), attempt = attempt, again = again, records = Empty)
}

/// It is known which run it is.
pub(super) fn is_of(run: RunId) {
    Span::current().record("run", display(run));
}

/// How it ended, or what it waits for.
pub(super) fn stands(run: &Run) {
    let span = Span::current();
    span.record("state", word(run.state));
    if let Some(code) = run.code() {
        span.record("code", code);
    }
}

/// A code with which it ended.
pub(super) fn ended_by(code: &str) {
    Span::current().record("code", code);
}

/// How many records it was about.
pub(super) fn counts(records: u64) {
    Span::current().record("records", records);
}

/// The run that was begun, or gone on with.
pub(super) fn run_of(begun: &Begun) -> RunId {
    match begun {
        Begun::Refused(run) | Begun::Wished(run) | Begun::Finish(_, run) | Begun::TooManyRejected(_, run) => run.id,
        Begun::Read(held) | Begun::Resend(held) => held.run.id,
    }
}

const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Schedule => "schedule",
        Cause::Manual => "manual",
        Cause::Pull => "pull",
        Cause::Webhook => "webhook",
        Cause::Backfill => "backfill",
        Cause::Replay => "replay",
    }
}
