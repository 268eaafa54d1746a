//! The recording gives what it gave.

use super::case::Case;
use super::{Check, Verdict};
use crate::replay::difference;

pub(super) const CHECK: Check = Check {
    code: "conformance.replay_differs",
    rule: "gives from the recording what it gave when it was recorded, byte for byte",
    next_step: "Where the change is meant, record the case again; else mend what changed.",
    run: |case| Box::pin(std::future::ready(Ok(Verdict::of(fault(case))))),
};

fn fault(case: &Case<'_>) -> Option<String> {
    let difference = difference(case.cassette, &case.usual, &case.act)?;
    let shown = |line: &Option<String>| line.as_deref().map_or("nothing".into(), super::case::clipped);
    let why = difference.absent.map(|absent| format!("; {absent}")).unwrap_or_default();
    let (recorded, came) = (shown(&difference.recorded), shown(&difference.came));
    Some(format!("outcome {} was {recorded}, and is {came}{why}", difference.place))
}
