//! `weighbridge backup restore`

use std::path::Path;

use serde_json::json;
use weighbridge::backup::{RestoreHow, RestoredHost, restore_backup};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(crate) async fn run(args: &Args, folder: &Path, thawed: bool) -> anyhow::Result<Exit> {
    let options = args.options()?;
    let restored = restore_backup(&options, folder, RestoreHow { thawed }).await?;
    if args.json {
        output::json(&json!({
            "host": restored.host,
            "of": restored.backup.manifest.host,
            "taken": restored.backup.manifest.taken,
            "frozen": !thawed,
            "deleted_again": restored.deleted_again,
        }));
        return Ok(Exit::Done);
    }
    tell(args, &restored, thawed);
    Ok(Exit::Done)
}

fn tell(args: &Args, RestoredHost { backup, host, deleted_again }: &RestoredHost, thawed: bool) {
    let (taken, data) = (&backup.manifest.taken, args.data.display());
    output::line(format_args!("restored {data} as it was at {taken}; it is host {host} now"));
    if *deleted_again > 0 {
        output::line(format_args!(
            "{deleted_again} customers that were deleted since stay deleted: serve it, and their deletion ends"
        ));
    }
    output::line("what was switched off, revoked or deleted after that is as it was before: do it again".to_owned());
    if !thawed {
        output::line(
            "nothing moves yet; when the old host is off and all is well, run: weighbridge host thaw".to_owned(),
        );
    }
}
