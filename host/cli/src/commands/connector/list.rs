//! `weighbridge connector list`

use serde_json::json;

use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let connectors = reading(args)?.connectors()?;
    if args.json {
        let values = connectors.iter().map(|one| {
            json!({
                "name": one.name,
                "version": one.used,
                "state": one.standing.word(),
                "publisher": one.publisher,
                "approval_needed": one.waiting,
                "earlier": one.earlier,
            })
        });
        output::json(&json!({ "connectors": values.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    let rows = connectors.into_iter().map(|one| {
        let (used, publisher) = (one.used.unwrap_or_default(), one.publisher.unwrap_or_default());
        let waiting = one.waiting.unwrap_or_default();
        [one.name, used, one.standing.word().into(), publisher, waiting, one.earlier.join(" ")]
    });
    let headings = ["connector", "version", "state", "publisher", "approval needed", "used before"];
    output::table(headings, &rows.collect::<Vec<_>>());
    Ok(Exit::Done)
}
