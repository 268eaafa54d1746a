//! `weighbridge connector keygen`

use std::path::Path;

use serde_json::json;
use weighbridge_forge::{KeygenArgs, keygen};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, path: &Path) -> anyhow::Result<Exit> {
    let keys = keygen(&KeygenArgs { path: path.to_owned() })?;
    if args.json {
        output::json(&json!({ "secret": keys.secret_path, "public": keys.public_path, "key": keys.id }));
    } else {
        output::line(format_args!("secret key: {} (keep it to yourself)", keys.secret_path.display()));
        output::line(format_args!("public key: {}", keys.public_path.display()));
        output::line(format_args!("next: weighbridge trust add PUBLISHER {}", keys.public_path.display()));
    }
    Ok(Exit::Done)
}
