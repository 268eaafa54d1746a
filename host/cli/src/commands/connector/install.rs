//! `weighbridge connector install | upgrade`

use std::path::Path;

use serde_json::{Value, json};
use weighbridge::Installed;

use crate::args::Args;
use crate::commands::writing;
use crate::exit::Exit;
use crate::file;
use crate::output;
use crate::watch::Watch;

pub(super) async fn run(args: &Args, package: &Path, follows: bool) -> anyhow::Result<Exit> {
    let watch = Watch::spinner(format!("verifying and compiling {}", package.display()), args.json);
    let package = file::bytes("connector.file", package)?;
    let installed = writing(args, async |engine| {
        Ok(if follows { engine.upgrade(package).await? } else { engine.install(package).await? })
    });
    let installed = installed.await?;
    drop(watch);
    if args.json {
        output::json(&as_value(&installed));
    } else {
        show(&installed);
    }
    Ok(Exit::Done)
}

fn as_value(installed: &Installed) -> Value {
    json!({
        "name": installed.name,
        "version": installed.version,
        "publisher": installed.publisher,
        "key": installed.key,
        "digest": installed.digest,
        "pinned": installed.pinned,
        "used": installed.used,
        "before": installed.before,
        "hosts": installed.hosts,
        "asks_for": output::additions(&installed.difference),
        "notes": installed.difference.notes,
    })
}

fn show(installed: &Installed) {
    let Installed { name, version, publisher, .. } = installed;
    output::line(format_args!("installed {name} {version}"));
    output::line(format_args!("digest     {}", installed.digest));
    output::line(format_args!("publisher  {publisher}, by the key {}", installed.key));
    if installed.pinned {
        output::line(format_args!("pinned     only {publisher} may follow {name} up from now on"));
    }
    output::line(format_args!("may reach  {}", installed.hosts.join(" ")));
    let additions = &installed.difference.additions;
    match &installed.before {
        _ if additions.is_empty() => {}
        None => output::line("what it asks for:"),
        Some(before) => output::line(format_args!("what it asks for beyond version {before}:")),
    }
    additions.iter().for_each(|one| output::line(format_args!("  {one}")));
    installed.difference.notes.iter().for_each(|note| output::line(format_args!("note: {note}")));
    match (installed.used, &installed.before) {
        (true, None) => output::line("it is in use"),
        (true, Some(before)) if before == version => output::line("it is in use, as it was"),
        (true, Some(before)) => output::line(format_args!(
            "it is in use instead of {before}: by every new run, and by a running one from its next batch on"
        )),
        (false, before) => {
            let before = before.as_ref().map_or("nothing runs", |_| "the version before goes on running");
            output::line(format_args!("it is not used until it is approved; until then {before}"));
            output::line(format_args!("next: weighbridge connector approve {name} {version}"));
        }
    }
}
