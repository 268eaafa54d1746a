//! `weighbridge batch list | write-off`

use clap::Subcommand;
use serde_json::json;
use weighbridge::model::batch::BatchState;
use weighbridge::model::id::BatchId;

use super::{reading, writing};
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
    /// Give a batch up: nothing is billed for it, its hold goes back, and the transfer goes on from where it began. What did
    /// arrive of it may arrive again.
    WriteOff {
        /// The batch's id.
        batch: BatchId,
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) async fn run(args: &Args, command: &BatchCommand) -> anyhow::Result<Exit> {
    match command {
        BatchCommand::List { of } => list(args, of),
        BatchCommand::WriteOff { batch, yes } => write_off(args, *batch, *yes).await,
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

async fn write_off(args: &Args, batch: BatchId, yes: bool) -> anyhow::Result<Exit> {
    let warning = "what did arrive of this batch at the destination is not billed, and may arrive again";
    if !yes {
        anyhow::bail!("batch.unconfirmed: {warning}; if that is what you want, add --yes");
    }
    let written = writing(args, async |engine| Ok(engine.write_off(batch).await?)).await?;
    if args.json {
        output::json(&json!({ "batch": written.id, "state": written.state }));
    } else {
        output::line(format_args!("gave up {}: {warning}", written.id));
    }
    Ok(Exit::Done)
}
