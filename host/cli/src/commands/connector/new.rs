//! `weighbridge connector new`

use serde_json::json;
use weighbridge_forge::{NewArgs, new};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

/// Where what is not the author's own lies.
const VENDORED: &str = "vendor";

pub(super) fn run(args: &Args, asked: &NewArgs) -> anyhow::Result<Exit> {
    let files = new(asked)?;
    if args.json {
        output::json(&json!({ "files": files }));
    } else {
        // A copy of the SDK is one thing to whoever looks, however many files it has.
        let (sdk, own): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.starts_with(asked.folder.join(VENDORED)));
        own.iter().for_each(|file| output::line(file.display()));
        if !sdk.is_empty() {
            output::line(format_args!("{} (the SDK, {} files)", asked.folder.join(VENDORED).display(), sdk.len()));
        }
        output::line(format_args!(
            "next: weighbridge connector test {0} && weighbridge connector build {0}",
            asked.folder.display()
        ));
    }
    Ok(Exit::Done)
}
