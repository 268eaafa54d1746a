//! `weighbridge keys status`

use serde_json::json;
use weighbridge::RingStatus;

use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let RingStatus { path, master, version, since, tenants, customers, burned, leftovers } =
        reading(args)?.key_status();
    if args.json {
        output::json(&json!({
            "ring": path, "master": master, "version": version, "since": since,
            "tenants": tenants, "customers": customers, "burned": burned, "leftovers": leftovers,
        }));
        return Ok(Exit::Done);
    }
    output::line(format_args!("key ring    {}", path.display()));
    output::line(format_args!("master key  version {version}, from a {master}, since {since}"));
    output::line(format_args!("data keys   the host's own, {tenants} of tenants, {customers} of customers"));
    output::line(format_args!("burned      {burned}"));
    if leftovers {
        output::line(
            "an old master key is still in the file: a rotation was cut off. Finish it with: weighbridge keys rotate",
        );
    }
    Ok(Exit::Done)
}
