//! Which versions of what are at work.

use serde_json::{Map, Value};

use super::pretty;
use crate::doctor::versions;

pub(super) fn text() -> String {
    let machine = [("machine", std::env::consts::ARCH.to_owned()), ("system", std::env::consts::OS.to_owned())];
    let all = versions().into_iter().chain(machine);
    pretty(&all.map(|(name, version)| (name.to_owned(), version.into())).collect::<Map<String, Value>>())
}
