//! `weighbridge connector new`

use std::path::Path;

use serde_json::json;
use weighbridge_forge::{NewArgs, Pattern, new};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, folder: &Path, name: &str, from: Pattern, sdk: Option<&Path>) -> anyhow::Result<Exit> {
    let asked = NewArgs { folder: folder.to_owned(), name: name.to_owned(), from, sdk: sdk.map(Path::to_owned) };
    let files = new(&asked)?;
    if args.json {
        output::json(&json!({ "files": files }));
    } else {
        files.iter().for_each(|file| output::line(file.display()));
        output::line(format_args!(
            "next: weighbridge connector test {0} && weighbridge connector build {0}",
            folder.display()
        ));
    }
    Ok(Exit::Done)
}
