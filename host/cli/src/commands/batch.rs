//! `weighbridge batch list`. Giving a batch up is an operation of the API.

use clap::Subcommand;
use serde_json::json;
use weighbridge::model::batch::BatchState;

use super::reading;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum BatchCommand {
    /// Show batches whose hold still counts.
    List {
        /// CUSTOMER or CUSTOMER/TRANSFER; all there are where it is left out.
        #[arg(default_value = "")]
        of: String,
    },
}

pub(crate) fn run(args: &Args, command: &BatchCommand) -> anyhow::Result<Exit> {
    match command {
        BatchCommand::List { of } => list(args, of),
    }
}

fn list(args: &Args, of: &str) -> anyhow::Result<Exit> {
    let batches = reading(args)?.open_batches(of)?;
    if args.json {
        let values = batches.iter().map(|view| {
            json!({
                "batch": view.batch.id,
                "transfer": view.transfer,
                "state": view.batch.state,
                "held_at": view.batch.held_at.to_string(),
                "hold": view.batch.reservation.hold(),
            })
        });
        output::json(&json!({ "batches": values.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    let rows = batches.iter().map(|view| {
        let state = if view.batch.state == BatchState::Dispatched { "dispatched" } else { "held" };
        let records = view.batch.reservation.hold().records.to_string();
        [view.batch.id.to_string(), view.transfer.clone(), state.into(), view.batch.held_at.to_string(), records]
    });
    output::table(["batch", "transfer", "state", "held since", "records on hold"], &rows.collect::<Vec<_>>());
    Ok(Exit::Done)
}
