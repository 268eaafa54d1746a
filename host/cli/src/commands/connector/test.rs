//! `weighbridge connector test`

use std::path::Path;

use serde_json::json;
use weighbridge_forge::{TestArgs, test};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;
use crate::watch::Watch;

pub(super) fn run(args: &Args, folder: &Path) -> anyhow::Result<Exit> {
    let watch = Watch::spinner("testing".into(), args.json);
    let tested = test(&TestArgs { folder: folder.to_owned() }, &mut |step| watch.say(step.to_string()))?;
    drop(watch);
    if args.json {
        output::json(&json!({ "passed": tested.passed, "failed": tested.failed }));
    } else {
        if !tested.failed.is_empty() {
            output::line(&tested.output);
        }
        output::line(format_args!("{} passed, {} failed", tested.passed, tested.failed.len()));
    }
    Ok(if tested.failed.is_empty() { Exit::Done } else { Exit::Failed })
}
