//! The settings of the program around the engine, as it handed them over.

use serde::Serialize;
use serde_json::Value;

use super::pretty;
use crate::error::EngineError;

/// A setting that somebody who helps may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownSetting {
    /// Its name.
    pub setting: String,
    /// What it is set to, or that it is.
    pub value: Value,
    /// Whether that is the default, the file's or the environment's.
    pub from: String,
}

pub(super) fn text(settings: &[ShownSetting]) -> Result<String, EngineError> {
    Ok(pretty(&settings))
}
