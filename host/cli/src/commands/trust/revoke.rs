//! `weighbridge trust revoke`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::model::package::Revocable;

use crate::args::Args;
use crate::commands::writing;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct RevokeArgs {
    /// A key's id (32 hex digits), a package's digest (64), or a publisher's name for all its keys.
    what: String,
    /// Why; it is kept in the audit log.
    #[arg(long)]
    reason: String,
}

pub(super) async fn run(args: &Args, revoke: &RevokeArgs) -> anyhow::Result<Exit> {
    let what = Revocable::parse(&revoke.what);
    let asked = what.clone();
    let revoked = writing(args, async |engine| Ok(engine.revoke(asked, &revoke.reason).await?)).await?;
    if args.json {
        output::json(&json!({
            "revoked": what.to_string(),
            "before": !revoked.fresh,
            "stopped": revoked.stopped,
            "concerned": revoked.concerned,
        }));
        return Ok(Exit::Done);
    }
    let word = match what {
        Revocable::Key(_) => "the key",
        Revocable::Package(_) => "the package",
        Revocable::Publisher(_) => "the publisher",
    };
    let before = if revoked.fresh { "is revoked" } else { "was revoked before" };
    output::line(format_args!("{word} {what} {before}"));
    for name in &revoked.stopped {
        output::line(format_args!("{name} uses it: nothing of it is moved from the next batch on"));
    }
    for name in &revoked.concerned {
        output::line(format_args!("{name} goes on, since another version of it is in use"));
    }
    if revoked.stopped.is_empty() && revoked.concerned.is_empty() {
        output::line("no installed connector is concerned");
    }
    Ok(Exit::Done)
}
