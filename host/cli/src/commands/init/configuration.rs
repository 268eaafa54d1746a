//! The configuration: the example of all settings, with those in force that were asked for.

use std::fs;

use super::InitError;
use super::plan::Plan;
use super::traces::Traces;
use crate::config::{Config, example};

/// What became of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Configured {
    /// None was named.
    NotNamed,
    Written,
    /// It was there, and is as it was.
    AsItWas,
}

/// Writes the file unless somebody has written one, and looks whether a host can serve with it.
pub(super) fn write(plan: &Plan, traces: &mut Traces) -> anyhow::Result<Configured> {
    let Some(path) = &plan.config else { return Ok(Configured::NotNamed) };
    let settings = plan.settings()?;
    let text = example::text_with(&settings);
    let configured = match fs::read_to_string(path) {
        // Packages install the example, to be changed.
        Ok(there) if there == example::text() => {
            traces.change(path, &there, &text)?;
            Configured::Written
        }
        Ok(_) => match settings.first() {
            Some((setting, _)) => {
                return Err(InitError::ConfigurationPresent { path: path.clone(), setting }.into());
            }
            None => Configured::AsItWas,
        },
        Err(_) => {
            traces.write_new(path, &text, 0o644)?;
            Configured::Written
        }
    };
    let faults = Config::read(Some(path))?.faults();
    match faults.first() {
        Some(fault) => Err(InitError::ConfigurationUnfit(fault.clone()).into()),
        None => Ok(configured),
    }
}
