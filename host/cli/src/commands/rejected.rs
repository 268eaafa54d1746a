//! `weighbridge rejected`

use clap::Args as ClapArgs;
use serde_json::json;

use super::reading;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct RejectedArgs {
    /// `CUSTOMER/TRANSFER`.
    transfer: String,
    /// At most so many.
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

pub(super) fn run(args: &Args, rejected: &RejectedArgs) -> anyhow::Result<Exit> {
    let records = reading(args)?.rejected_records(&rejected.transfer, rejected.limit)?;
    if args.json {
        let values = records.iter().map(|one| {
            json!({ "at": one.at.to_string(), "code": one.code.to_string(), "message": one.message, "record": one.record })
        });
        output::json(&json!({ "rejected": values.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    let rows: Vec<_> =
        records.into_iter().map(|one| [one.at.to_string(), one.code.to_string(), one.message, one.record]).collect();
    output::table(["when", "code", "why", "record"], &rows);
    Ok(Exit::Done)
}
