//! `weighbridge list`

use clap::Args as ClapArgs;
use serde_json::json;

use super::reading;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct ListArgs {
    /// The tenant's name; it may be left out where there is only one.
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
}

pub(crate) fn run(args: &Args, list: &ListArgs) -> anyhow::Result<Exit> {
    let listed = reading(args)?.list(list.tenant.as_deref())?;
    if args.json {
        let things = listed.iter().map(|one| json!({ "what": one.what, "name": one.name, "state": one.state }));
        output::json(&json!({ "things": things.collect::<Vec<_>>() }));
    } else {
        let rows = listed.into_iter().map(|one| [one.what.to_owned(), one.name, one.state]);
        output::table(["what", "name", "state"], &rows.collect::<Vec<_>>());
    }
    Ok(Exit::Done)
}
