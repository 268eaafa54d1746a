//! `weighbridge connector lint`

use std::path::Path;

use serde_json::json;
use weighbridge_forge::{Remark, inspect, lint};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, folder: &Path, against: Option<&Path>) -> anyhow::Result<Exit> {
    let manifest = weighbridge_forge::lint::manifest(folder)?;
    let older = against.map(|package| Ok::<_, anyhow::Error>(inspect(package)?.manifest?.version)).transpose()?;
    let remarks = lint(&manifest, older.as_ref());
    show(args, &remarks);
    Ok(if remarks.is_empty() { Exit::Done } else { Exit::Failed })
}

fn show(args: &Args, remarks: &[Remark]) {
    if args.json {
        let remarks = remarks
            .iter()
            .map(|remark| json!({ "code": remark.code, "what": remark.what, "next_step": remark.next_step }));
        output::json(&json!({ "remarks": remarks.collect::<Vec<_>>() }));
        return;
    }
    for Remark { code, what, next_step } in remarks {
        output::line(format_args!("{code}: {what}. {next_step}"));
    }
    if remarks.is_empty() {
        output::line("nothing to remark");
    }
}
