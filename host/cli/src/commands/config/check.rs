//! `weighbridge config check`

use serde_json::json;

use crate::args::Args;
use crate::config::Config;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let layers = Config::layers(args.config.as_deref())?;
    let faults = layers.config.faults();
    let (file, exit) = (args.config.as_ref(), if faults.is_empty() { Exit::Done } else { Exit::Invalid });
    if args.json {
        output::json(&json!({ "file": file, "faults": faults }));
        return Ok(exit);
    }
    faults.iter().for_each(output::line);
    if faults.is_empty() {
        let file = file.map_or_else(|| "no file, so the defaults".to_owned(), |file| file.display().to_string());
        let variables = match layers.variables.len() {
            0 => String::new(),
            number => format!(" under {number} of the environment"),
        };
        output::line(format_args!("a host can serve with this configuration: {file}{variables}"));
    }
    Ok(exit)
}
