//! `weighbridge connector new`

use serde_json::json;
use weighbridge_forge::{NewArgs, new};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, asked: &NewArgs) -> anyhow::Result<Exit> {
    let files = new(asked)?;
    if args.json {
        output::json(&json!({ "files": files }));
    } else {
        files.iter().for_each(|file| output::line(file.display()));
        output::line(format_args!(
            "next: weighbridge connector test {0} && weighbridge connector build {0}",
            asked.folder.display()
        ));
    }
    Ok(Exit::Done)
}
