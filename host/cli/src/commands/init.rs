//! `weighbridge init`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::document::{Document, TenantDocument};
use weighbridge::{Engine, Folder};

use super::writing;
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
    let folder = Folder::at(&args.data);
    Engine::init(&folder).await?;
    if let Some(name) = &init.tenant {
        let tenant = TenantDocument { name: name.clone(), status: None, zone: init.zone.clone(), quota: None };
        let document = Document { tenant, integrations: Vec::new(), connections: Vec::new(), customers: Vec::new() };
        writing(&args.data, async |engine| Ok(engine.apply(&document, folder.path()).await?)).await?;
    }
    if args.json {
        output::json(&json!({ "data": args.data, "keys": folder.keys(), "tenant": init.tenant }));
    } else {
        output::line(format_args!("made {}", args.data.display()));
        output::line(format_args!(
            "keep a copy of {} in a safe: without it nothing opens again",
            folder.keys().display()
        ));
    }
    Ok(Exit::Done)
}
