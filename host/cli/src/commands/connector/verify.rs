//! `weighbridge connector verify`

use std::path::Path;

use serde_json::json;
use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge_forge::{VerifyError, verify};

use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, package: &Path) -> anyhow::Result<Exit> {
    let trust = reading(args)?.trust_store()?;
    match verify(package, &trust, SystemClock.now()) {
        Ok(verified) => {
            let manifest = verified.manifest();
            if args.json {
                output::json(&json!({ "verified": true, "name": manifest.name, "digest": verified.digest() }));
            } else {
                output::line(format_args!(
                    "{} {} is signed by {}",
                    manifest.name,
                    manifest.version,
                    verified.publisher()
                ));
            }
            Ok(Exit::Done)
        }
        Err(VerifyError::Refused(refusal)) => {
            if args.json {
                output::json(&json!({ "verified": false, "code": refusal.code(), "message": refusal.to_string() }));
            } else {
                output::line(format_args!("connector.{}: {refusal}", refusal.code()));
                output::line(format_args!("next: {}", refusal.next_step()));
            }
            Ok(Exit::Invalid)
        }
        Err(error) => Err(error.into()),
    }
}
