//! `weighbridge upgrade`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::{Options, Upgraded, rehearse_upgrade, upgrade};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct UpgradeArgs {
    /// Try it on a copy, which is removed again; a host may run meanwhile.
    #[arg(long)]
    dry_run: bool,
    /// Go on where no backup can be taken before; only a copy of your own leads back then.
    #[arg(long, conflicts_with = "dry_run")]
    no_backup: bool,
}

pub(crate) async fn run(args: &Args, UpgradeArgs { dry_run, no_backup }: &UpgradeArgs) -> anyhow::Result<Exit> {
    let options = Options { upgrade_without_backup: *no_backup, ..args.options()? };
    let Upgraded { from, to, took, backup } =
        if *dry_run { rehearse_upgrade(&options).await? } else { upgrade(&options).await? };
    if args.json {
        output::json(
            &json!({ "from": from, "to": to, "dry_run": dry_run, "took_ms": took.as_millis() as u64, "backup": backup }),
        );
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
    match backup {
        Some(backup) => output::line(format_args!("as it was it is kept in {}", backup.display())),
        None if from == to || (*dry_run && options.conduct.backups.is_some()) => {}
        None if *dry_run => {
            output::line(format_args!("`[backup]` names no folder, so nothing would be kept first: {OWN_COPY}"))
        }
        None => output::line(format_args!("nothing was kept of it as it was: {OWN_COPY}")),
    }
    Ok(Exit::Done)
}

const OWN_COPY: &str = "only a copy of your own leads back";
