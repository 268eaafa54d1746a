//! `weighbridge upgrade`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::{Upgraded, rehearse_upgrade, upgrade};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct UpgradeArgs {
    /// Try it on a copy, which is removed again; a host may run meanwhile.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(args: &Args, UpgradeArgs { dry_run }: &UpgradeArgs) -> anyhow::Result<Exit> {
    let options = args.options()?;
    let Upgraded { from, to, took } =
        if *dry_run { rehearse_upgrade(&options).await? } else { upgrade(&options).await? };
    if args.json {
        output::json(&json!({ "from": from, "to": to, "dry_run": dry_run, "took_ms": took.as_millis() as u64 }));
        return Ok(Exit::Done);
    }
    let seconds = took.as_secs_f64();
    output::line(match (from == to, dry_run) {
        (true, true) => format!("the store has format {to} already, and a copy of it adds up ({seconds:.1} s)"),
        (true, false) => format!("the store has format {to} already"),
        (false, true) => {
            format!("a copy went from format {from} to {to} and adds up ({seconds:.1} s); the store is as it was")
        }
        (false, false) => format!("the store went from format {from} to {to} ({seconds:.1} s)"),
    });
    Ok(Exit::Done)
}
