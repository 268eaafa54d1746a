//! `weighbridge backup check`

use std::path::Path;

use serde_json::json;
use weighbridge::backup::check_backup;

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &Args, folder: &Path) -> anyhow::Result<Exit> {
    let found = check_backup(folder)?;
    let manifest = &found.manifest;
    if args.json {
        output::json(&json!({ "sound": true, "manifest": manifest }));
    } else {
        let (files, mib) = (manifest.files.len(), manifest.bytes() >> 20);
        output::line(format_args!(
            "sound: the host as it was at {}, {} rows, {files} files with {mib} MiB, by version {}",
            manifest.taken, manifest.rows, manifest.version
        ));
    }
    Ok(Exit::Done)
}
