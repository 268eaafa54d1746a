//! `weighbridge trust add`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::TrustChange;
use weighbridge::model::package::NamePattern;

use super::{read_key, window};
use crate::args::Args;
use crate::commands::writing;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct AddArgs {
    /// The publisher's name.
    publisher: String,
    /// The file with the public key, or the key itself.
    key: String,
    /// The connectors it may sign: `acme.*`, or one whole name. `PUBLISHER.*` where it is left out.
    #[arg(long = "name", value_name = "PATTERN")]
    names: Vec<String>,
    /// The first instant at which packages under the key may be installed.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// The first instant at which they may no longer be.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl AddArgs {
    pub(super) fn key(&self) -> &str {
        &self.key
    }
}

pub(super) async fn run(args: &Args, add: &AddArgs) -> anyhow::Result<Exit> {
    let AddArgs { publisher, key, names, from, until } = add;
    let key = read_key(key)?;
    let names = if names.is_empty() { vec![format!("{publisher}.*")] } else { names.clone() };
    let names = names.iter().map(|name| NamePattern::parse(name)).collect::<Result<_, _>>()?;
    let window = window(from.as_deref(), until.as_deref())?;
    let change = TrustChange { publisher: publisher.clone(), names, key, window };
    let id = writing(args, async |engine| Ok(engine.trust(change).await?)).await?;
    if args.json {
        output::json(&json!({ "publisher": publisher, "key": id }));
    } else {
        output::line(format_args!("connectors of {publisher} may be signed with the key {id}"));
    }
    Ok(Exit::Done)
}
