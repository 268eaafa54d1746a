//! `weighbridge connector rotate`

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge_forge::rotate;

use crate::args::Args;
use crate::commands::trust::window;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct RotateArgs {
    /// The publisher's name, as the manifests have it.
    publisher: String,
    /// The file of the old secret key, which signs the statement.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The file of the new public key.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The first instant at which packages under the new key may be installed.
    #[arg(long, value_name = "TIME")]
    start: Option<String>,
    /// The first instant at which they may no longer be.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Where the statement goes.
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, asked: &RotateArgs) -> anyhow::Result<Exit> {
    let rotation = rotate(&weighbridge_forge::RotateArgs {
        key: asked.key.clone(),
        to: asked.to.clone(),
        publisher: asked.publisher.clone(),
        window: window(asked.start.as_deref(), asked.until.as_deref())?,
        issued_at: SystemClock.now(),
        out: asked.out.clone(),
    })?;
    let (from, to) = (rotation.from, rotation.to.id());
    if args.json {
        output::json(&json!({ "statement": asked.out, "publisher": rotation.publisher, "from": from, "to": to }));
    } else {
        let out = asked.out.display();
        output::line(format_args!("{out} says that the key {to} of {} follows {from}", rotation.publisher));
        output::line(format_args!("operators accept it with: weighbridge trust rotate {out}"));
    }
    Ok(Exit::Done)
}
