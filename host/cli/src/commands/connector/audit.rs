//! `weighbridge connector audit`

use crate::args::Args;
use crate::commands::{audit, reading};
use crate::exit::Exit;

pub(super) fn run(args: &Args, name: &str) -> anyhow::Result<Exit> {
    audit::show(args, reading(args)?.audit_of(name)?);
    Ok(Exit::Done)
}
