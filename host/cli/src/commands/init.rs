//! `weighbridge init`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::Engine;
use weighbridge::document::Document;

use super::with;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct InitArgs {
    /// The first tenant's name.
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// The first tenant's IANA time zone.
    #[arg(long, value_name = "ZONE", requires = "tenant")]
    zone: Option<String>,
}

pub(crate) async fn run(args: &Args, init: &InitArgs) -> anyhow::Result<Exit> {
    let options = args.new_options()?;
    Engine::init(&options).await?;
    let folder = options.folder.clone();
    if let Some(name) = &init.tenant {
        let document = Document::parse(&json!({ "tenant": { "name": name, "zone": init.zone } }).to_string())?;
        with(options, async |engine| Ok(engine.apply(&document, folder.path()).await?)).await?;
    }
    if args.json {
        output::json(&json!({ "data": args.data, "keys": folder.keys(), "tenant": init.tenant }));
    } else {
        output::line(format_args!("made {}", args.data.display()));
        output::line(format_args!(
            "without {} and its master key nothing opens again. Make a copy for the safe:",
            folder.keys().display()
        ));
        output::line("  weighbridge keys recovery-key --out FILE     (the secret half: off this machine)");
        output::line("  weighbridge keys export --to KEY --out FILE  (with every backup)");
    }
    Ok(Exit::Done)
}
