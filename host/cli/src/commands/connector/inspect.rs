//! `weighbridge connector inspect`

use std::path::Path;

use serde_json::json;
use weighbridge::model::package::Manifest;
use weighbridge_forge::{Inspection, inspect};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, package: &Path) -> anyhow::Result<Exit> {
    let inspection = inspect(package)?;
    if args.json {
        output::json(&json!({
            "digest": inspection.digest,
            "bytes": inspection.bytes,
            "key": inspection.key_id,
            "manifest": inspection.manifest.as_ref().ok(),
            "malformed": inspection.manifest.as_ref().err().map(ToString::to_string),
        }));
        return Ok(if inspection.manifest.is_ok() { Exit::Done } else { Exit::Invalid });
    }
    show(&inspection);
    Ok(if inspection.manifest.is_ok() { Exit::Done } else { Exit::Invalid })
}

fn show(inspection: &Inspection) {
    output::line("nothing here was verified: this is what the package says of itself");
    output::line(format_args!("digest      {}", inspection.digest));
    output::line(format_args!("size        {} bytes", inspection.bytes));
    match inspection.key_id {
        Some(key) => output::line(format_args!("signed with {key}")),
        None => output::line("not signed"),
    }
    match &inspection.manifest {
        Ok(manifest) => show_manifest(manifest),
        Err(error) => output::line(format_args!("malformed: {error}")),
    }
}

/// Nobody answers for these texts yet, and a terminal obeys what it is shown: nothing goes there as it is.
fn show_manifest(manifest: &Manifest) {
    output::line(format_args!("name        {} {} by {}", manifest.name, manifest.version, manifest.publisher));
    output::line(format_args!("summary     {}", manifest.summary.escape_debug()));
    let hosts = manifest.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    output::line(format_args!("may reach   {hosts}"));
    for folder in &manifest.folders {
        let (name, access) = (&folder.name, folder.access.word());
        output::line(format_args!("folder      {name} ({access}) {}", folder.purpose.escape_debug()));
    }
    for capability in &manifest.capabilities {
        let modes = capability.modes.iter().map(|mode| format!("{mode:?}")).collect::<Vec<_>>().join(", ");
        output::line(format_args!(
            "capability  {:?} {} ({modes}) {}",
            capability.direction,
            capability.stream.escape_debug(),
            capability.purpose.escape_debug()
        ));
    }
    for scheme in &manifest.auth {
        output::line(format_args!("signs in    {} ({})", scheme.name.escape_debug(), scheme.title.escape_debug()));
    }
}
