//! `weighbridge connector build`

use std::path::Path;

use serde_json::json;
use weighbridge_forge::{BuildArgs, build};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;
use crate::watch::Watch;

pub(super) fn run(args: &Args, folder: &Path, key: Option<&Path>, out: &Path, locked: bool) -> anyhow::Result<Exit> {
    let watch = Watch::spinner("building".into(), args.json);
    let asked = BuildArgs {
        folder: folder.to_owned(),
        out: out.to_owned(),
        key: key.map(Path::to_owned),
        target: None,
        locked,
    };
    let built = build(&asked, &mut |step| watch.say(step.to_string()))?;
    drop(watch);
    if args.json {
        output::json(&json!({
            "package": built.package,
            "name": built.manifest.name,
            "version": built.manifest.version.to_string(),
            "digest": built.digest,
            "key": built.key_id,
            "bytes": built.bytes,
            "unchanged": built.unchanged,
        }));
        return Ok(Exit::Done);
    }
    let state = if built.unchanged { "unchanged" } else { "built" };
    output::line(format_args!("{state} {} ({} bytes, {})", built.package.display(), built.bytes, built.digest));
    if built.key_id.is_none() {
        output::line("it is not signed: add --key FILE, or run: weighbridge connector sign");
    }
    Ok(Exit::Done)
}
