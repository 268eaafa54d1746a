//! Whatever a platform answers, the connector has a word for it.

use weighbridge_sandbox::Ended;

use super::case::Case;
use super::twist::{Twist, status};
use super::{Check, Verdict};
use crate::bench::BenchError;
use crate::cassette::{Answered, Body, Drill};
use crate::deck::Played;
use crate::walk::{Gait, walk};
use crate::write::write;

pub(super) const CHECK: Check = Check {
    code: "conformance.hostile_answer",
    rule: "answers a platform that sends nonsense with a failure, and never crashes",
    next_step: "Turn whatever cannot be read into a `Failure`; `unwrap`, indexing and deep recursion end the connector.",
    run: |case| Box::pin(run(case)),
};

async fn run(case: &Case<'_>) -> Result<Verdict, BenchError> {
    let Some(first) = case.seen.exchanges.first() else {
        return Ok(Verdict::Moot("it asks the platform for nothing".into()));
    };
    let own = match &first.answer {
        Answered::Response { body, .. } => body.bytes(),
        Answered::Refused(_) => Vec::new(),
    };
    for (what, answer) in answers(&own) {
        let twist = Twist { played: Played::new(case.cassette), answer, spares_reads: false };
        let act = case.act_at(&twist);
        let ended = match &case.cassette.header.drill {
            Drill::Read(drill) => walk(case.bench, &act, drill, Gait::ONCE).await?.ended,
            Drill::Write(drill) => write(case.bench, &act, drill, 1).await?.ended,
        };
        if let Some(Ended::Stopped(stopped)) = ended {
            return Ok(Verdict::Failed(format!("where the platform answers {what}, it is stopped: {stopped}")));
        }
    }
    Ok(Verdict::Passed)
}

fn answers(own: &[u8]) -> Vec<(&'static str, Answered)> {
    let page = |body: &str| status(200, &[("content-type", "application/json")], body);
    let bytes = |bytes: &[u8]| Answered::Response { status: 200, headers: Vec::new(), body: Body::of(bytes) };
    vec![
        ("nothing at all", page("")),
        ("half of its answer", bytes(&own[..own.len() / 2])),
        ("a page of HTML", status(200, &[("content-type", "text/html")], "<html><body>Sign in</body></html>")),
        ("`null`", page("null")),
        ("an empty object", page("{}")),
        ("a list of numbers", page("[1, 2, 3]")),
        ("a list of `null`", page("[null]")),
        ("numbers of 400 digits", page(&format!(r#"[{{"id": {}}}]"#, "9".repeat(400)))),
        ("lists in lists, 100,000 deep", page(&"[".repeat(100_000))),
        ("what is no UTF-8", bytes(b"[{\"id\": \"\xff\xfe\"}]")),
        ("a redirect to nowhere", status(302, &[("location", "::")], "")),
        ("headers that say nothing", status(200, &[("link", "<"), ("retry-after", "soon")], "[]")),
    ]
}
