//! The settings as whoever helps may see them.

use serde_json::Value;
use weighbridge::support::ShownSetting;

use super::{Layers, known};

/// Texts that say nothing of who runs this host and whom it serves.
const TEXTS: [&str; 4] = ["listen", "log", "metrics", "mail.tls"];

impl Layers {
    /// Every setting, with its value where that is a number, a yes or no, or one of a few texts.
    pub(crate) fn shown(&self) -> Result<Vec<ShownSetting>, serde_json::Error> {
        let (all, file) = (serde_json::to_value(&self.config)?, serde_json::to_value(&self.file)?);
        let shown = known::all().into_iter().map(|known| {
            let (value, from) = (known::value(&all, &known.path), self.origin(&file, &known.path).to_owned());
            ShownSetting { value: shown(&known.path, value), setting: known.path, from }
        });
        Ok(shown.collect())
    }

    /// Where a setting comes from.
    pub(crate) fn origin(&self, file: &Value, path: &str) -> &'static str {
        if self.variables.iter().any(|variable| variable.path == path) {
            "environment"
        } else if known::value(file, path).is_null() {
            "default"
        } else {
            "file"
        }
    }
}

/// Of anything else only that it is set: paths, addresses and names stay here.
fn shown(path: &str, value: Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
        Value::String(_) if TEXTS.contains(&path) => value,
        Value::Array(list) => format!("({} are set)", list.len()).into(),
        _ => "(it is set)".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;

    fn shown(text: &str) -> std::collections::BTreeMap<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("weighbridge.toml");
        std::fs::write(&file, text).unwrap();
        let shown = Config::layers(Some(&file)).unwrap().shown().unwrap();
        shown.into_iter().map(|one| (one.setting, format!("{} {}", one.value, one.from))).collect()
    }

    #[test]
    fn numbers_and_the_way_of_listening_are_shown() {
        let shown = shown("drain_s = 7\nlisten = \"127.0.0.1:1\"\nlog_json = true");
        assert_eq!((shown["drain_s"].as_str(), shown["listen"].as_str()), ("7 file", "\"127.0.0.1:1\" file"));
        assert_eq!((shown["log_json"].as_str(), shown["inbox_days"].as_str()), ("true file", "7 default"));
    }

    #[test]
    fn names_addresses_and_paths_are_not() {
        let text = "public_url = \"https://ada.example.com\"\nbehind_proxy = [\"10.9.0.0/16\"]\n\
                    [egress]\nproxy = \"http://ada.example.com:3128\"\nproxy_credential = \"ada\"\n\
                    [mail]\nserver = \"ada.example.com:587\"\nfrom = \"Ada <ada@example.com>\"\nuser = \"ada\"";
        let shown = shown(text);
        assert_eq!(
            (shown["mail.from"].as_str(), shown["behind_proxy"].as_str()),
            ("\"(it is set)\" file", "\"(1 are set)\" file")
        );
        let all = format!("{shown:?}");
        assert!(!all.contains("ada") && !all.contains("10.9"), "{all}");
    }
}
