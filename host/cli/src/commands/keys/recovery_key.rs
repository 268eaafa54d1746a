//! `weighbridge keys recovery-key`

use std::path::Path;

use serde_json::json;
use weighbridge::recovery_pair;
use zeroize::Zeroizing;

use super::write_new;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &Args, out: &Path) -> anyhow::Result<Exit> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|error| anyhow::anyhow!("system.no_randomness: {error}"))?;
    let (secret, public) = recovery_pair(&seed);
    write_new(out, secret.to_text().as_bytes())?;
    if args.json {
        output::json(&json!({ "public": public.to_string(), "secret_file": out }));
    } else {
        output::line(format_args!("{public}"));
        output::aside(format_args!(
            "take {} to the safe and off this machine; exports need the line above only",
            out.display()
        ));
    }
    Ok(Exit::Done)
}
