//! `weighbridge connector rollback`

use serde_json::json;

use crate::args::Args;
use crate::commands::writing;
use crate::exit::Exit;
use crate::output;

pub(super) async fn run(args: &Args, name: &str, version: &str) -> anyhow::Result<Exit> {
    let before = writing(args, async |engine| Ok(engine.roll_back(name, version).await?)).await?;
    if args.json {
        output::json(&json!({ "name": name, "version": version, "before": before }));
    } else {
        let before = before.as_deref().unwrap_or("none");
        output::line(format_args!("{name} is at {version} again; before, it was at {before}"));
    }
    Ok(Exit::Done)
}
