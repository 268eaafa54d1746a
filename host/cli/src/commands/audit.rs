//! `weighbridge audit`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::AuditView;

use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

/// A name alone stands beside the verbs: what it names is looked for among all lines of the tenant.
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct AuditArgs {
    /// An integration, or whatever else of the tenant has this name.
    name: String,
    /// The tenant, where there are several.
    #[arg(long)]
    tenant: Option<String>,
}

pub(crate) fn run(args: &Args, audit: &AuditArgs) -> anyhow::Result<Exit> {
    show(args, reading(args)?.audit_of_tenant(audit.tenant.as_deref(), &audit.name)?);
    Ok(Exit::Done)
}

/// Lines of the audit log, the newest last.
pub(crate) fn show(args: &Args, lines: Vec<AuditView>) {
    if args.json {
        let lines = lines.iter().map(
            |line| json!({ "at": line.at.0.to_string(), "act": line.act, "actor": line.actor, "detail": line.detail }),
        );
        output::json(&json!({ "audit": lines.collect::<Vec<_>>() }));
        return;
    }
    let rows = lines.into_iter().map(|line| [line.at.0.to_string(), line.actor, line.act.to_string(), line.detail]);
    output::table(["when", "who", "act", "detail"], &rows.collect::<Vec<_>>());
}
