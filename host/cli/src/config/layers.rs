//! What is written where: the file, and above it the environment.

use std::ffi::OsString;

use serde::Deserialize as _;
use toml::{Table, Value};

use super::{Config, known};

/// Before the name of a setting in the environment; two underscores stand for the dot of a table.
pub(crate) const PREFIX: &str = "WEIGHBRIDGE_SETTING_";

/// A setting that the environment names.
pub(crate) struct Variable {
    /// `WEIGHBRIDGE_SETTING_EGRESS__PROXY`.
    pub(crate) name: String,
    /// `egress.proxy`.
    pub(crate) path: String,
    text: String,
}

/// The settings of the environment; says which one is no text.
pub(crate) fn variables(environment: impl Iterator<Item = (OsString, OsString)>) -> Result<Vec<Variable>, String> {
    let texts = environment.filter_map(|(name, text)| {
        let name = name.to_str().filter(|name| name.starts_with(PREFIX))?.to_owned();
        let path = name[PREFIX.len()..].to_lowercase().replace("__", ".");
        let no_text = format!("the environment's {name} is no text; write it as UTF-8");
        Some(text.into_string().map_err(|_| no_text).map(|text| Variable { name, path, text }))
    });
    texts.collect()
}

/// The configuration of a file's text under these variables, and which table the file is.
pub(crate) fn read(text: &str, variables: &[Variable]) -> Result<(Config, Table), String> {
    let mut config: Config = toml::from_str(text).map_err(|error| unread(&error))?;
    let file: Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut all = file.clone();
    for variable in variables {
        let failed = |what: String| format!("the environment's {}: {what}", variable.name);
        if !known::all().iter().any(|known| known.path == variable.path) {
            return Err(failed(format!("there is no such setting{}", meant(&variable.path))));
        }
        set(&mut all, &variable.path, value(&variable.text)).map_err(failed)?;
        // One after the other, so that an error names its variable. A text may look like a number, such as a name of digits.
        config = Config::deserialize(all.clone()).or_else(|error| {
            set(&mut all, &variable.path, Value::String(variable.text.clone())).map_err(failed)?;
            Config::deserialize(all.clone()).map_err(|_| failed(error.message().to_owned()))
        })?;
    }
    Ok((config, file))
}

/// As TOML has it, else a text.
fn value(text: &str) -> Value {
    let read = toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(|mut table| table.remove("value"));
    read.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn set(all: &mut Table, path: &str, value: Value) -> Result<(), String> {
    let Some((table, name)) = path.split_once('.') else {
        all.insert(path.to_owned(), value);
        return Ok(());
    };
    let within = all.entry(table).or_insert_with(|| Value::Table(Table::new()));
    let within = within.as_table_mut().ok_or_else(|| format!("`{table}` is no table in the file"))?;
    within.insert(name.to_owned(), value);
    Ok(())
}

/// What is wrong and where, and what may have been meant.
fn unread(error: &toml::de::Error) -> String {
    let unknown = error.message().strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
    let said = error.to_string();
    match unknown {
        // The list of all that it could be hides the one that was meant.
        Some((name, _)) => format!("{}{}", said.split(", expected").next().unwrap_or(&said).trim_end(), meant(name)),
        None => said,
    }
}

/// The setting whose name is nearest, where one is near, and where to see all of them.
fn meant(name: &str) -> String {
    let own = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
    let name = own(name);
    let nearness = |path: &str| strsim::jaro_winkler(&name, &own(path));
    let all = known::all();
    let nearest = all.iter().max_by(|one, other| nearness(&one.path).total_cmp(&nearness(&other.path)));
    let nearest = nearest.filter(|known| nearness(&known.path) > 0.8);
    let nearest = nearest.map(|known| match known.path.split_once('.') {
        Some((table, name)) => format!("; did you mean `{name}` of `[{table}]`?"),
        None => format!("; did you mean `{}`?", known.path),
    });
    format!("{} See all settings with: weighbridge config example", nearest.unwrap_or_else(|| ".".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(text: &str, set: &[(&str, &str)]) -> Result<Config, String> {
        let set = set.iter().map(|(name, text)| (format!("{PREFIX}{name}").into(), text.into()));
        let other = std::iter::once(("WEIGHBRIDGE_OTHER".into(), "x".into()));
        read(text, &variables(set.chain(other)).unwrap()).map(|(config, _)| config)
    }

    #[test]
    fn the_environment_stands_above_the_file() {
        let set = [("LISTEN", "127.0.0.2:1"), ("DRAIN_S", "7"), ("LOG_JSON", "true"), ("EGRESS__PROXY", "http://p:1")];
        let config = under("drain_s = 9\nlog = \"warn\"\n[egress]\nca = \"a.pem\"", &set).unwrap();
        assert_eq!((config.listen.to_string().as_str(), config.drain_s, config.log_json), ("127.0.0.2:1", 7, true));
        assert_eq!((config.log.as_str(), config.egress.proxy.as_deref()), ("warn", Some("http://p:1")));
        assert!(config.egress.ca.is_some(), "what it does not name stays");
        let list = under("", &[("BEHIND_PROXY", r#"["10.0.0.0/8"]"#)]).unwrap();
        assert_eq!(list.behind_proxy, ["10.0.0.0/8"]);
        assert_eq!(under("", &[("LOG", "5")]).unwrap().log, "5", "a text may look like a number");
    }

    #[test]
    fn what_is_no_setting_is_refused_with_what_may_have_been_meant() {
        for (text, set, said) in [
            ("lisen = 1", &[][..], "did you mean `listen`?"),
            ("proxi = 1", &[], "did you mean `proxy` of `[egress]`?"),
            ("[egress]\nno_proxies = []", &[], "did you mean `no_proxy` of `[egress]`?"),
            ("quux = 1", &[], "config example"),
            ("", &[("LISEN", "1")], "WEIGHBRIDGE_SETTING_LISEN: there is no such setting; did you mean `listen`?"),
            ("", &[("DRAIN_S", "soon")], "WEIGHBRIDGE_SETTING_DRAIN_S: "),
            ("egress = 1", &[("EGRESS__PROXY", "x")], "egress"),
        ] {
            let what = under(text, set).unwrap_err();
            assert!(what.contains(said), "{text} {set:?}: {what}");
        }
    }
}
