//! `weighbridge connector install`

use std::path::Path;

use serde_json::json;

use crate::args::Args;
use crate::commands::writing;
use crate::exit::Exit;
use crate::output;
use crate::watch::Watch;

pub(super) async fn run(args: &Args, package: &Path) -> anyhow::Result<Exit> {
    let watch = Watch::spinner(format!("verifying and compiling {}", package.display()), args.json);
    let installed = writing(args, async |engine| Ok(engine.install(package).await?)).await?;
    drop(watch);
    if args.json {
        output::json(&json!({
            "name": installed.name,
            "version": installed.version,
            "publisher": installed.publisher,
            "digest": installed.digest,
        }));
    } else {
        output::line(format_args!("installed {} {} by {}", installed.name, installed.version, installed.publisher));
    }
    Ok(Exit::Done)
}
