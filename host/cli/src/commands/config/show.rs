//! `weighbridge config show`

use serde_json::{Value, json};

use crate::args::Args;
use crate::config::{Config, known};
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let layers = Config::layers(args.config.as_deref())?;
    let all = serde_json::to_value(&layers.config)?;
    let file = serde_json::to_value(&layers.file)?;
    let settings = known::all().into_iter().map(|known| {
        let from = layers.origin(&file, &known.path);
        (known::value(&all, &known.path), from, known.path)
    });
    if args.json {
        let items = settings.map(|(value, from, path)| json!({ "setting": path, "value": value, "from": from }));
        output::json(&json!({ "items": items.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    let shown = |value: Value| if value.is_null() { "-".to_owned() } else { value.to_string() };
    let rows: Vec<_> = settings.map(|(value, from, path)| [path, shown(value), from.to_owned()]).collect();
    output::table(["setting", "value", "from"], &rows);
    Ok(Exit::Done)
}
