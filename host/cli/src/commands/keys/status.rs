//! `weighbridge keys status`

use serde_json::json;
use weighbridge::RingStatus;

use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let engine = reading(args)?;
    let RingStatus { path, master, version, since, tenants, customers, burned, leftovers, generation, exports } =
        engine.key_status();
    let public_key = engine.statement_public_key()?;
    if args.json {
        output::json(&json!({
            "ring": path, "master": master, "version": version, "since": since,
            "tenants": tenants, "customers": customers, "burned": burned, "leftovers": leftovers,
            "generation": generation, "public_key": public_key,
            "exports": exports.iter().map(|one| json!({ "at": one.at, "recovery": one.recovery })).collect::<Vec<_>>(),
        }));
        return Ok(Exit::Done);
    }
    output::line(format_args!("key ring    {}", path.display()));
    output::line(format_args!("master key  version {version}, from a {master}, since {since}"));
    output::line(format_args!("data keys   the host's own, {tenants} of tenants, {customers} of customers"));
    output::line(format_args!("burned      {burned}"));
    output::line(format_args!("generation  {generation}: so often the ring was replaced"));
    output::line(format_args!("statements  of this host are signed by {public_key}"));
    for one in exports {
        output::line(format_args!("exported    {}, to the recovery key {}", one.at, one.recovery));
    }
    if leftovers {
        output::line(
            "an old master key is still in the file: a rotation was cut off. Finish it with: weighbridge keys rotate",
        );
    }
    Ok(Exit::Done)
}
