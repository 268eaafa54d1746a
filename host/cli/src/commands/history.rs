//! `weighbridge history`

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::reading;
use super::run_transfer::{as_value, state};
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct HistoryArgs {
    /// CUSTOMER or CUSTOMER/TRANSFER; all there are where it is left out.
    #[arg(default_value = "")]
    of: String,
    /// So many of the last runs.
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

pub(crate) fn run(args: &Args, history: &HistoryArgs) -> anyhow::Result<Exit> {
    let runs = reading(args)?.history(&history.of, history.limit)?;
    if args.json {
        let values = runs.iter().map(|view| {
            let mut value = as_value(&view.run, view.message.as_deref());
            value["transfer"] = Value::from(view.transfer.as_str());
            value
        });
        output::json(&json!({ "runs": values.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    let rows = runs.iter().map(|view| {
        let run = &view.run;
        let why = run.refusal.as_ref().map(|refusal| refusal.code.as_str().to_owned());
        let why = why.or_else(|| run.failure.as_ref().map(|failure| failure.code.to_string()));
        [
            view.transfer.clone(),
            run.started_at.to_string(),
            state(run).to_owned(),
            run.counts.read.to_string(),
            run.counts.delivered.to_string(),
            why.unwrap_or_default(),
        ]
    });
    output::table(["transfer", "started", "state", "read", "delivered", "why"], &rows.collect::<Vec<_>>());
    Ok(Exit::Done)
}
