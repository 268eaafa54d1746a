//! A configuration that is read again while a host serves: what of it holds at once, and what waits for the next start.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::Value;
use weighbridge::model::digest::Digest;

use super::{Config, ConfigError, Layers, known};

/// Settings that wait where one that they go with waits: alone they would not fit what holds.
const TOGETHER: [(&str, &str); 4] = [
    ("listen", "behind_proxy"),
    ("tls_certificate", "behind_proxy"),
    ("metrics", "metrics_key"),
    ("public_url", "mail"),
];

/// What is to hold from now on, and how it differs.
pub(crate) struct Again {
    /// All of it, with what waits as it was.
    pub(crate) layers: Layers,
    /// What the files say that it names.
    pub(crate) contents: Contents,
    /// The settings that are taken over.
    pub(crate) changed: Vec<String>,
    /// Those that hold from the next start only.
    pub(crate) waiting: Vec<String>,
}

/// What files say, by the settings that name them.
pub(crate) type Contents = BTreeMap<&'static str, Option<Digest>>;

impl Config {
    /// Reads the same file again; says everything that is wrong with it.
    pub(crate) fn again(&self, contents: &Contents) -> Result<Again, Vec<String>> {
        let read = self.read_again().map_err(|error| vec![error.to_string()])?;
        self.against(read, contents)
    }

    fn against(&self, read: Layers, contents: &Contents) -> Result<Again, Vec<String>> {
        let none = |faults: Vec<String>| if faults.is_empty() { Ok(()) } else { Err(faults) };
        none(read.config.faults())?;
        let said = |error: serde_json::Error| vec![error.to_string()];
        let (own, wanted) =
            (serde_json::to_value(self).map_err(said)?, serde_json::to_value(&read.config).map_err(said)?);
        let merged = held(&own, &wanted);
        let mut config = Self::deserialize(&merged).map_err(said)?;
        self.path.clone_into(&mut config.path);
        none(config.faults().into_iter().map(beside_what_waits).collect())?;
        let found = config.contents();
        let is_rewritten = |path: &String| found.get(path.as_str()) != contents.get(path.as_str());
        let is_changed = |path: &String| known::value(&own, path) != known::value(&merged, path) || is_rewritten(path);
        Ok(Again {
            changed: paths().filter(is_changed).collect(),
            waiting: paths().filter(|path| known::value(&merged, path) != known::value(&wanted, path)).collect(),
            layers: Layers { config, ..read },
            contents: found,
        })
    }

    /// What the files say that it names; one that is exchanged under its name is another setting.
    pub(crate) fn contents(&self) -> Contents {
        let mail = self.mail.as_ref();
        let files = [
            ("tls_certificate", self.tls_certificate.as_ref()),
            ("tls_key", self.tls_key.as_ref()),
            ("metrics_key", self.metrics_key.as_ref()),
            ("egress.proxy_credential", self.egress.proxy_credential.as_ref()),
            ("egress.ca", self.egress.ca.as_ref()),
            ("mail.password_file", mail.and_then(|mail| mail.password_file.as_ref())),
            ("mail.ca_file", mail.and_then(|mail| mail.ca_file.as_ref())),
        ];
        let digest = |bytes: Result<Vec<u8>, ConfigError>| bytes.ok().map(|bytes| Digest::of(&bytes));
        files.into_iter().map(|(name, file)| (name, file.and_then(|file| digest(self.file(file))))).collect()
    }
}

/// All that is wanted, but what no reload takes over as it is.
fn held(own: &Value, wanted: &Value) -> Value {
    let mut merged = wanted.clone();
    let stays = |path: &str| known::value(own, path) != known::value(wanted, path);
    let waiting = known::all().into_iter().filter(|known| !known.by_reload && stays(&known.path));
    let mut names: Vec<String> = waiting.map(|known| known.path).collect();
    // A host begins to speak TLS, or ends it, with all that is bound to its address.
    if known::value(own, "tls_certificate").is_null() != known::value(wanted, "tls_certificate").is_null() {
        names.extend(["tls_certificate".to_owned(), "tls_key".to_owned()]);
    }
    let along = TOGETHER.iter().filter(|(one, _)| names.iter().any(|name| name == one)).map(|(_, other)| *other);
    let along: Vec<String> = along.map(str::to_owned).collect();
    for name in names.iter().chain(&along) {
        let table = name.split('.').next().unwrap_or(name);
        merged[table] = own.get(table).cloned().unwrap_or_default();
    }
    merged
}

fn beside_what_waits(fault: String) -> String {
    format!("{fault}; it goes with a setting that waits for the next start, so start the host again instead")
}

fn paths() -> impl Iterator<Item = String> {
    known::all().into_iter().map(|known| known.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is changed and what waits when a configuration's text becomes another one.
    fn again(from: &str, to: &str) -> Result<[String; 2], String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weighbridge.toml");
        for (name, text) in [("key", "0123456789abcdef"), ("other", "0123456789abcdeg")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        std::fs::write(&path, from).unwrap();
        let own = Config::read(Some(&path)).unwrap();
        std::fs::write(&path, to).unwrap();
        let read = own.again(&own.contents()).map_err(|faults| faults.join("; "))?;
        Ok([read.changed.join(" "), read.waiting.join(" ")])
    }

    #[track_caller]
    fn check(from: &str, to: &str, changed: &str, waiting: &str) {
        assert_eq!(again(from, to).unwrap(), [changed, waiting], "{from} → {to}");
    }

    const MAIL: &str = "[mail]\nserver = \"127.0.0.1:25\"\ntls = \"none\"\nfrom = \"a@example.com\"";

    #[test]
    fn what_a_reload_takes_over_is_changed_and_what_it_does_not_waits() {
        check("", "", "", "");
        check("", "history_days = 7\nlog = \"warn\"", "history_days log", "");
        check(
            "",
            "listen = \"127.0.0.1:1\"\nlog_json = true\nconnections_max = 5",
            "",
            "connections_max listen log_json",
        );
        check("transfers_max = 5", "metrics = \"127.0.0.1:1\"", "transfers_max", "metrics");
    }

    #[test]
    fn what_goes_with_a_setting_that_waits_waits_with_it() {
        let url = "public_url = \"https://a.example.com\"\n";
        let mail = "mail.from mail.server mail.tls";
        check("", &format!("{url}{MAIL}"), "", &format!("public_url {mail}"));
        check(url, &format!("{url}{MAIL}"), mail, "");
        check("", "metrics = \"127.0.0.1:1\"\nmetrics_key = \"key\"", "", "metrics metrics_key");
        let open = "listen = \"0.0.0.0:1\"\nbehind_proxy = [\"10.0.0.0/8\"]";
        check(open, "listen = \"127.0.0.1:1\"", "", "behind_proxy listen");
        check("", "behind_proxy = [\"10.0.0.0/8\"]", "behind_proxy", "");
    }

    #[test]
    fn a_file_that_is_another_one_is_a_change_of_the_setting_that_names_it() {
        let (metrics, folder) = ("metrics = \"127.0.0.1:1\"\nmetrics_key = \"key\"", tempfile::tempdir().unwrap());
        check(metrics, &metrics.replace("\"key\"", "\"other\""), "metrics_key", "");
        let (path, key) = (folder.path().join("weighbridge.toml"), folder.path().join("key"));
        std::fs::write(&path, metrics).unwrap();
        std::fs::write(&key, "0123456789abcdef").unwrap();
        let own = Config::read(Some(&path)).unwrap();
        let before = own.contents();
        assert!(own.again(&before).unwrap().changed.is_empty());
        std::fs::write(&key, "0123456789abcdeg").unwrap();
        assert_eq!(own.again(&before).unwrap().changed, ["metrics_key"]);
    }

    #[test]
    fn all_of_it_is_refused_when_any_of_it_is_wrong() {
        for (to, said) in [
            ("history_days = 7\nlog = \"=\"", "`log`"),
            ("history_days = 7\ntransfers_max = 0", "transfers_max"),
            ("history_days = 7\nmetrics_key = \"key\"", "`metrics` is missing"),
            ("history_days = 7\n[egress]\nca = \"gone\"", "gone"),
            ("history_days = 7\nlisen = 1", "did you mean `listen`?"),
        ] {
            let refused = again("", to).unwrap_err();
            assert!(refused.starts_with("config.malformed: ") && refused.contains(said), "{refused}");
        }
    }
}
