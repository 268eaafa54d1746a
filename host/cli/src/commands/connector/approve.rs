//! `weighbridge connector approve`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::Proposal;
use weighbridge::model::digest::Digest;

use crate::args::Args;
use crate::commands::{reading, writing};
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct ApproveArgs {
    /// The connector.
    name: String,
    /// The version that waits.
    version: String,
    /// Take it, whatever it asks for.
    #[arg(long)]
    yes: bool,
    /// Take it if it asks for what was read: the difference that this command printed.
    #[arg(long, value_name = "DIGEST")]
    difference: Option<Digest>,
}

pub(super) async fn run(args: &Args, approve: &ApproveArgs) -> anyhow::Result<Exit> {
    let ApproveArgs { name, version, yes, difference } = approve;
    let taken = *yes || difference.is_some();
    let proposal = if taken {
        writing(args, async |engine| Ok(engine.approve(name, version, *difference).await?)).await?
    } else {
        reading(args)?.proposal(name, version).await?
    };
    if args.json {
        output::json(&json!({
            "name": proposal.name,
            "version": proposal.version,
            "used": proposal.used,
            "approved": taken,
            "asks_for": output::additions(&proposal.difference),
            "notes": proposal.difference.notes,
            "capped": proposal.capped.map(|(memory, call)| json!({ "memory_mib": memory, "call_ms": call })),
            "connections_invalid": proposal.connections_invalid,
            "difference": proposal.digest,
        }));
    } else {
        show(&proposal, taken);
    }
    Ok(Exit::Done)
}

fn show(proposal: &Proposal, taken: bool) {
    let Proposal { name, version, .. } = proposal;
    match &proposal.used {
        Some(used) => output::line(format_args!("what {name} {version} asks for beyond version {used}:")),
        None => output::line(format_args!("what {name} {version} asks for:")),
    }
    proposal.difference.additions.iter().for_each(|one| output::line(format_args!("  {one}")));
    proposal.difference.notes.iter().for_each(|note| output::line(format_args!("note: {note}")));
    if let Some((memory, call)) = proposal.capped {
        output::line(format_args!("note: this host gives it at most {memory} MiB, and {call} ms for a call"));
    }
    if proposal.connections_invalid > 0 {
        let count = proposal.connections_invalid;
        output::line(format_args!("note: {count} connections have a configuration that it does not take"));
    }
    if taken {
        output::line("approved: every new run uses it, and a running one from its next batch on");
    } else {
        output::line("nothing was changed; take exactly this with:");
        let difference = proposal.digest;
        output::line(format_args!("  weighbridge connector approve {name} {version} --difference {difference}"));
    }
}
