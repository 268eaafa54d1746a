//! Settings as a connector sees them.

use serde::Deserialize;
use serde_json::json;
use weighbridge_sdk::testing::ScriptedHost;
use weighbridge_sdk::{FailureClass, config};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    shop: String,
}

#[test]
fn gives_the_settings_without_the_partition() {
    let host = ScriptedHost::install();
    host.configure(json!({"shop": "north", "partition": "42"}));
    assert_eq!(config::get::<Settings>().unwrap().shop, "north");
    assert_eq!(config::partition().unwrap().as_deref(), Some("42"));
}

#[test]
fn fails_as_config_when_the_settings_do_not_fit() {
    let host = ScriptedHost::install();
    host.configure(json!({"shop": 7}));
    let failure = config::get::<Settings>().unwrap_err();
    assert!(matches!(failure.class, FailureClass::Config));
}
