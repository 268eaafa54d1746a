//! `weighbridge keys export`

use std::path::Path;

use serde_json::json;
use weighbridge::RecoveryPublic;

use super::write_new;
use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &Args, to: &str, out: &Path) -> anyhow::Result<Exit> {
    let to: RecoveryPublic = to.parse().map_err(|error| anyhow::anyhow!("keys.recovery_key_malformed: {error}"))?;
    let export = reading(args)?.export_keys(&to)?;
    write_new(out, &export)?;
    if args.json {
        output::json(&json!({ "file": out, "recipient": to.to_string() }));
    } else {
        output::line(format_args!("made {}: it opens with the secret half of the recovery key only", out.display()));
        output::line(
            "customers that are added later are not in it: export again after onboarding, and with every backup",
        );
    }
    Ok(Exit::Done)
}
