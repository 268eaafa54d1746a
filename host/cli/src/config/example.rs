//! Every setting, as a file that is to be changed by hand.

use std::fmt::Write as _;

use serde_json::Value;

use super::known;
use super::layers::PREFIX;

/// The file: all settings with their defaults, as comments.
pub(crate) fn text() -> String {
    text_with(&[])
}

/// The same, with some settings of no table in force.
pub(crate) fn text_with(settings: &[(&str, Value)]) -> String {
    let mut text = format!(
        "# Every setting of a host that serves, with its default, or with an example where it has none. Take the `#` away from what\n\
         # is to differ. `{PREFIX}LISTEN` in the environment stands above `listen` here, and `{PREFIX}EGRESS__PROXY` above\n\
         # `proxy` of `[egress]`. Paths are relative to this file. Look at it with: weighbridge config check --config FILE\n\
         # A host that serves reads it again by `weighbridge host reload`, or at SIGHUP; each setting says whether that takes it over.\n",
    );
    let mut table = "";
    let all = known::all();
    for known in &all {
        let (of, name) = known.path.rsplit_once('.').unwrap_or(("", &known.path));
        if of != table {
            let _ = write!(text, "\n#[{of}]\n");
            table = of;
        }
        let about = known.about.lines().map(|line| format!("# {line}\n")).collect::<String>();
        let taken = if known.by_reload { "A reload takes it over." } else { "It holds from the next start on." };
        let set = settings.iter().find(|(path, _)| *path == known.path);
        let _ = match set {
            Some((_, value)) => write!(text, "\n{about}# {taken}\n{name} = {value}\n"),
            None => write!(text, "\n{about}# {taken}\n#{name} = {}\n", known.sample()),
        };
    }
    text
}
