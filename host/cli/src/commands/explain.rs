//! `weighbridge explain TRANSFER`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::model::gate::{Answer, LevelAnswer};

use super::reading;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

/// A path alone stands beside the verb, and always has a `/`.
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct ExplainArgs {
    /// CUSTOMER/TRANSFER, or TENANT/CUSTOMER/TRANSFER.
    transfer: String,
    /// As of another instant or date, such as 2026-03-31 or 2026-03-31T08:00:00Z.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

pub(crate) fn run(args: &Args, explain: &ExplainArgs) -> anyhow::Result<Exit> {
    let explained = reading(args)?.explain(&explain.transfer, explain.at.as_deref())?;
    let explanation = &explained.explanation;
    let changes = explanation.changes_at.map(|at| at.to_string());
    if args.json {
        let levels = explanation.levels.iter().map(|level| {
            let (allowed, code) = said(level);
            let until = level.answer.until().map(|at| at.to_string());
            json!({ "level": level.place.to_string(), "allowed": allowed, "code": code, "until": until })
        });
        output::json(&json!({
            "at": explained.at.to_string(),
            "allowed": explanation.refusal.is_none(),
            "refusal": explanation.refusal.as_ref().map(|refusal| refusal.code.as_str()),
            "changes_at": changes,
            "levels": levels.collect::<Vec<_>>(),
            "approval_needed": explained.waiting.iter().map(|(name, version)| json!({ "name": name, "version": version }))
                .collect::<Vec<_>>(),
            "open_batch": explained.progress.open,
        }));
        return Ok(Exit::Done);
    }
    let rows = explanation.levels.iter().map(|level| {
        let (allowed, code) = said(level);
        let until = level.answer.until().map_or(String::new(), |at| format!("until {at}"));
        [level.place.to_string(), if allowed { "yes" } else { "no" }.into(), code.unwrap_or_default().into(), until]
    });
    output::table(["level", "allowed", "code", ""], &rows.collect::<Vec<_>>());
    match &explanation.refusal {
        None => output::line("it may run"),
        Some(refusal) => {
            output::line(format_args!("it may not run: {}", refusal.code.sentence()));
            output::line(format_args!("next: {}", refusal.code.next_step()));
        }
    }
    for (name, version) in &explained.waiting {
        output::line(format_args!(
            "{name} {version} is installed and not used: approval_needed; next: weighbridge connector approve {name} {version}"
        ));
    }
    if let Some(at) = changes {
        output::line(format_args!("this changes by itself at {at}"));
    }
    Ok(Exit::Done)
}

const fn said(level: &LevelAnswer) -> (bool, Option<&'static str>) {
    match level.answer {
        Answer::Yes(_) => (true, None),
        Answer::No(code, _) => (false, Some(code.as_str())),
    }
}
