//! The connection's settings, typed by the connector.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Failure;
#[cfg(target_family = "wasm")]
use crate::bindings::weighbridge::connector::config as host;
#[cfg(not(target_family = "wasm"))]
use crate::testing::imports::config as host;

/// The configuration, without the partition: see [`partition`].
pub fn get<C: DeserializeOwned>() -> Result<C, Failure> {
    let mut settings = settings()?;
    settings.remove("partition");
    serde_json::from_value(Value::Object(settings))
        .map_err(|error| Failure::config("config.malformed", format!("the configuration is not as expected: {error}")))
}

/// The customer's number inside a tenant's shared connection, when there is one.
pub fn partition() -> Result<Option<String>, Failure> {
    match settings()?.remove("partition") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(partition)) => Ok(Some(partition)),
        Some(other) => Ok(Some(other.to_string())),
    }
}

fn settings() -> Result<Map<String, Value>, Failure> {
    serde_json::from_str(&host::get())
        .map_err(|error| Failure::system("config.malformed", format!("the host gave no JSON object: {error}")))
}
