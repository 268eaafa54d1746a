//! `weighbridge connector pin`

use serde_json::json;

use crate::args::Args;
use crate::commands::writing;
use crate::exit::Exit;
use crate::output;

pub(super) async fn run(args: &Args, name: &str, publisher: &str) -> anyhow::Result<Exit> {
    let before = writing(args, async |engine| Ok(engine.pin(name, publisher).await?)).await?;
    if args.json {
        output::json(&json!({ "name": name, "publisher": publisher, "before": before }));
        return Ok(Exit::Done);
    }
    output::line(format_args!("only {publisher} may sign {name} from now on"));
    if let Some(before) = before.filter(|before| before != publisher) {
        output::line(format_args!("it was pinned to {before}, whose packages of it are not used any more"));
    }
    Ok(Exit::Done)
}
