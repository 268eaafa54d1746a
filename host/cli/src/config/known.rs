//! What settings there are: as the structures that are read say it, and nowhere else.

use serde_json::{Map, Value};

use super::Config;

/// One setting of the configuration.
pub(crate) struct Known {
    /// `egress.proxy`: its table and its name, or its name alone.
    pub(crate) path: String,
    /// What it is for, in Markdown.
    pub(crate) about: String,
    /// What holds where it is left out; null where there is nothing then.
    pub(crate) default: Value,
    /// What it may look like where there is no default.
    pub(crate) example: Option<Value>,
    /// Whether a host that serves takes it over when it reads its configuration again; what does not say so waits for the
    /// next start.
    pub(crate) by_reload: bool,
}

impl Known {
    /// What it may be written as.
    pub(crate) fn sample(&self) -> Value {
        self.example.clone().filter(|_| self.default.is_null()).unwrap_or_else(|| self.default.clone())
    }
}

/// All settings, those of no table first.
pub(crate) fn all() -> Vec<Known> {
    let settings =
        schemars::generate::SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<Config>().to_value();
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let (tables, own): (Vec<_>, Vec<_>) = properties(&schema).partition(|(_, about)| table(about).is_some());
    let own = own.into_iter().map(|(name, about)| known(name.clone(), about, defaults.get(name)));
    let within = tables.into_iter().flat_map(|(name, about)| {
        let (inner, defaults) = (table(about).unwrap_or(about), defaults.get(name));
        let setting = move |(inner, about): (&String, &Value)| {
            known(format!("{name}.{inner}"), about, defaults.and_then(|all| all.get(inner)))
        };
        properties(inner).map(setting).collect::<Vec<_>>()
    });
    own.chain(within).collect()
}

/// The value of a setting in what a configuration was written as.
pub(crate) fn value(all: &Value, path: &str) -> Value {
    path.split('.').try_fold(all, |value, name| value.get(name)).cloned().unwrap_or_default()
}

fn known(path: String, about: &Value, default: Option<&Value>) -> Known {
    let text = about.get("description").and_then(Value::as_str).unwrap_or_default();
    let own = about.get("default").cloned();
    Known {
        path,
        about: text.to_owned(),
        default: default.filter(|value| !value.is_null()).cloned().or(own).unwrap_or_default(),
        example: about.pointer("/examples/0").cloned(),
        by_reload: about.get("x-reload").and_then(Value::as_bool).unwrap_or_default(),
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The schema of a table, which may be left out as a whole.
fn table(about: &Value) -> Option<&Value> {
    let choices = about.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    std::iter::once(about).chain(choices).find(|schema| schema.get("properties").is_some())
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn every_setting_says_what_it_is_for_and_what_it_may_look_like() {
        for known in all() {
            assert!(known.about.ends_with('.'), "{}: {}", known.path, known.about);
            assert!(!known.sample().is_null(), "{} has neither a default nor an example", known.path);
        }
    }

    #[test]
    fn the_example_is_a_configuration_as_it_is_and_with_every_setting_taken() {
        let text = example::text();
        let as_it_is: Config = toml::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(as_it_is).unwrap(), serde_json::to_value(Config::default()).unwrap());
        let taken: String = text.lines().map(|line| format!("{}\n", line.strip_prefix('#').unwrap_or(line))).collect();
        let taken: String =
            taken.lines().filter(|line| !line.starts_with(' ')).map(|line| format!("{line}\n")).collect();
        let taken = serde_json::to_value(toml::from_str::<Config>(&taken).unwrap()).unwrap();
        for known in all() {
            assert_eq!(value(&taken, &known.path), known.sample(), "{}", known.path);
        }
    }
}
