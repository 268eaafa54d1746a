//! All that a host says of itself while it serves: its log in both forms and in full, its figures, its traces, and what it hands to
//! whoever helps.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::planted::{self, Planted};
use super::{canaries, finds};
use crate::stories::traces::Collector;
use crate::town::{BINARY, Host, Town, request};

/// What was said, and what may not stand in it.
pub(super) struct Said {
    pub(super) secrets: Vec<String>,
    json: String,
    text: String,
    pub(super) metrics: String,
    bundle: Vec<u8>,
    backup: Vec<u8>,
    pub(super) traces: String,
}

impl Said {
    /// Over every scheme and every way of saying it back.
    pub(super) fn gather(town: &Town) -> Self {
        let port = Host::free_port();
        let config = town.path("host.toml");
        let (figures, collector) = (format!("127.0.0.1:{}", Host::free_port()), Collector::start(Some(200)));
        let lines = format!(
            "listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\nlog = \"trace\"\n\
             metrics = \"{figures}\"\ntraces = \"http://{}\"\n{}\n[backup]\nfolder = \"{}\"\n",
            collector.address,
            planted::mail(town),
            town.path("backups").display(),
        );
        fs::write(&config, format!("log_json = true\n{lines}")).unwrap();
        let (mut secrets, mut metrics, mut bundle, mut backup) = (canaries(), String::new(), Vec::new(), Vec::new());
        let json = serving(town, &config, || {
            secrets.extend(Planted::plant(town, &format!("127.0.0.1:{port}")).all());
            std::thread::sleep(Duration::from_secs(4));
        });
        fs::write(&config, &lines).unwrap();
        let text = serving(town, &config, || {
            std::thread::sleep(Duration::from_secs(12));
            metrics = request(&figures, "GET", "/metrics", "");
            bundle = unpacked(town);
            backup = backed_up(town);
        });
        let said = Self { secrets, json, text, metrics, bundle, backup, traces: collector.sent() };
        said.is_worth_looking_at();
        said
    }

    pub(super) fn all(&self) -> [(&'static str, &[u8]); 6] {
        [
            ("the log as JSON", self.json.as_bytes()),
            ("the log as text", self.text.as_bytes()),
            ("the metrics", self.metrics.as_bytes()),
            ("the support bundle", &self.bundle),
            ("the backup", &self.backup),
            ("the traces", self.traces.as_bytes()),
        ]
    }

    /// The test would prove nothing over files that say nothing.
    fn is_worth_looking_at(&self) {
        let is_json = |line: &&str| serde_json::from_str::<serde_json::Value>(line).is_ok();
        let (lines, of_json) = (self.json.lines().count(), self.json.lines().filter(is_json).count());
        assert!(of_json > 100 && of_json == lines, "{of_json} of {lines} lines are JSON");
        let of_text = self.text.lines().count();
        assert!(of_text > 100 && self.text.contains("a run ended"), "{of_text} lines: {}", self.text);
        for file in
            ["weighbridge_runs_ended_total", "doctor.versions", "\"store_format\"", "a run ended", "\"counts\":"]
        {
            assert!(finds(&self.bundle, file).is_some(), "{file} is not in the bundle");
        }
        assert!(finds(&self.backup, "\"store.redb\"").is_some() && self.backup.len() > 100_000, "no backup was taken");
        assert!(self.metrics.contains("weighbridge_runs_ended_total"), "{}", self.metrics);
        assert!(self.traces.contains("\"name\":\"request\""), "nothing was traced");
    }
}

/// All that a host writes while it serves.
fn serving(town: &Town, config: &Path, meanwhile: impl FnOnce()) -> String {
    let log = fs::File::create(town.path("log")).unwrap();
    let mut host = Command::new(BINARY)
        .arg("--data")
        .arg(town.path("data"))
        .args(["serve", "--config", config.to_str().unwrap()])
        .stdout(Stdio::from(log.try_clone().unwrap()))
        .stderr(Stdio::from(log))
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !fs::read_to_string(town.path("log")).unwrap().contains("ready") {
        assert!(begun.elapsed() < Duration::from_secs(30), "the host does not get ready");
        std::thread::sleep(Duration::from_millis(20));
    }
    meanwhile();
    Command::new("kill").args(["-TERM", &host.id().to_string()]).status().unwrap();
    host.wait().unwrap();
    fs::read_to_string(town.path("log")).unwrap()
}

/// All files of a support bundle that is made while a host serves.
fn unpacked(town: &Town) -> Vec<u8> {
    let (file, folder) = (town.path("bundle.tar.gz"), town.path("bundle"));
    town.works(&["support", "bundle", file.to_str().unwrap()]);
    fs::create_dir(&folder).unwrap();
    assert!(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(&folder).status().unwrap().success());
    let files = fs::read_dir(folder.join("weighbridge-support")).unwrap();
    files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

/// All files of a backup that is taken while a host serves.
fn backed_up(town: &Town) -> Vec<u8> {
    let taken = town.works(&["backup", "take"]);
    let (mut all, mut folders) = (Vec::new(), vec![town.path("backups").join(taken["name"].as_str().unwrap())]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { all.extend(fs::read(path).unwrap()) }
        }
    }
    all
}
