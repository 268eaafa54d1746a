//! `weighbridge connector sign`

use std::path::Path;

use serde_json::json;
use weighbridge_forge::{SignArgs, sign};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, package: &Path, key: &Path) -> anyhow::Result<Exit> {
    let signed = sign(&SignArgs { package: package.to_owned(), key: key.to_owned(), out: package.to_owned() })?;
    if args.json {
        output::json(&json!({ "package": signed.package, "digest": signed.digest, "key": signed.key_id }));
    } else {
        output::line(format_args!("signed {} with {} ({})", signed.package.display(), signed.key_id, signed.digest));
    }
    Ok(Exit::Done)
}
