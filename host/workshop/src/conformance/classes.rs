//! A failure says what the host should do about it.

use weighbridge_sandbox::{Ended, FailureClass, HttpRefusal};

use super::case::Case;
use super::twist::{Twist, status};
use super::{Check, Verdict};
use crate::bench::BenchError;
use crate::cassette::{Answered, Drill};
use crate::deck::Played;
use crate::walk::{Gait, walk};
use crate::write::write;

pub(super) const CHECK: Check = Check {
    code: "conformance.failure_class",
    rule: "calls a refused credential `auth`, a platform that is busy `rate_limited`, and one that stumbles `transient`",
    next_step: "Make failures by `Response::ok` or `failure_of`, which know what each status means.",
    run: |case| Box::pin(run(case)),
};

/// What the platform does, the classes that a host understands for it, and whether the wait must be passed on.
fn rows() -> Vec<(&'static str, Answered, &'static [FailureClass], bool)> {
    use FailureClass::{Auth, Config, Denied, RateLimited, System, Transient};
    vec![
        ("401", status(401, &[], "{}"), &[Auth], false),
        ("403", status(403, &[], "{}"), &[Auth, Config, Denied], false),
        ("429 with `Retry-After: 7`", status(429, &[("retry-after", "7")], "{}"), &[RateLimited], true),
        ("500", status(500, &[], "{}"), &[Transient, System], false),
        ("503", status(503, &[], "{}"), &[Transient], false),
        ("no answer in time", Answered::Refused(HttpRefusal::TimedOut), &[Transient], false),
        ("nobody", Answered::Refused(HttpRefusal::Unreachable("nobody is there".into())), &[Transient], false),
    ]
}

async fn run(case: &Case<'_>) -> Result<Verdict, BenchError> {
    if case.seen.exchanges.is_empty() {
        return Ok(Verdict::Moot("it asks the platform for nothing".into()));
    }
    for (what, answer, classes, passes_on) in rows() {
        let fault = match ended(case, answer).await? {
            // It may have tried again by itself, and got through.
            None if classes.contains(&FailureClass::Transient) || passes_on => None,
            None => Some("goes on as if nothing were".to_owned()),
            Some(Ended::Stopped(stopped)) => Some(format!("is stopped: {stopped}")),
            Some(Ended::Failure(failure)) if !classes.contains(&failure.class) => {
                Some(format!("calls it {} ({})", failure.class.word(), failure.code))
            }
            Some(Ended::Failure(failure)) if passes_on && failure.retry_after_ms != Some(7_000) => {
                Some(format!("says to wait {:?} ms", failure.retry_after_ms))
            }
            Some(Ended::Failure(_)) => None,
        };
        if let Some(fault) = fault {
            return Ok(Verdict::Failed(format!("where the platform answers {what}, it {fault}")));
        }
    }
    Ok(Verdict::Passed)
}

async fn ended(case: &Case<'_>, answer: Answered) -> Result<Option<Ended>, BenchError> {
    let twist = Twist { played: Played::new(case.cassette), answer, spares_reads: false };
    let act = case.act_at(&twist);
    Ok(match &case.cassette.header.drill {
        Drill::Read(drill) => walk(case.bench, &act, drill, Gait::ONCE).await?.ended,
        Drill::Write(drill) => write(case.bench, &act, drill, 1).await?.ended,
    })
}
