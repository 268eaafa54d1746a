//! `weighbridge connector audit`

use serde_json::json;

use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, name: &str) -> anyhow::Result<Exit> {
    let lines = reading(args)?.audit_of(name)?;
    if args.json {
        let lines = lines.iter().map(
            |line| json!({ "at": line.at.to_string(), "act": line.act, "actor": line.actor, "detail": line.detail }),
        );
        output::json(&json!({ "audit": lines.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    let rows = lines.into_iter().map(|line| [line.at.to_string(), line.actor, line.act.to_string(), line.detail]);
    output::table(["when", "who", "act", "detail"], &rows.collect::<Vec<_>>());
    Ok(Exit::Done)
}
