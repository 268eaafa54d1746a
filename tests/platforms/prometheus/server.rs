//! A running Prometheus with a data folder of the test's own, and its `promtool`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::platforms::debian::unpacked;
use crate::town::{Host, raw, request};

/// A file of `host/deploy`.
pub(super) fn deployed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(path)
}

fn program(name: &str) -> Command {
    Command::new(unpacked("prometheus").join("usr/bin").join(name))
}

/// Runs `promtool` with these words, and this on its input.
pub(crate) fn promtool(words: &[&str], input: &str) -> Output {
    let mut tool = program("promtool");
    let tool = tool.args(words).current_dir(deployed("prometheus"));
    let mut child = tool.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Where it does not read its input it may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Ended when it is dropped.
pub(super) struct Prometheus {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Prometheus {
    /// One that scrapes this address every second, and evaluates the alerts.
    pub(super) fn of(target: &str) -> Self {
        let (folder, address) = (tempfile::tempdir().unwrap(), format!("127.0.0.1:{}", Host::free_port()));
        let (file, alerts) = (folder.path().join("prometheus.yml"), deployed("prometheus/alerts.yml"));
        let configuration = serde_json::json!({
            "global": { "scrape_interval": "1s", "evaluation_interval": "1s" },
            "rule_files": [alerts.canonicalize().unwrap()],
            "scrape_configs": [{ "job_name": "weighbridge", "static_configs": [{ "targets": [target] }] }],
        });
        // YAML reads JSON.
        fs::write(&file, configuration.to_string()).unwrap();
        let child = program("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let this = Self { child, address, _folder: folder };
        this.wait_until("Prometheus is ready", |this| this.is_ready());
        this
    }

    fn is_ready(&self) -> bool {
        std::net::TcpStream::connect(&self.address).is_ok()
            && request(&self.address, "GET", "/-/ready", "").contains("Ready")
    }

    pub(super) fn wait_until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed() < Duration::from_secs(60), "after a minute it is not so that {what}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// What its API answers.
    pub(super) fn ask(&self, path: &str) -> Value {
        // The older version of HTTP has no chunks.
        let answer = raw(&self.address, format!("GET /api/v1/{path} HTTP/1.0\r\n\r\n").as_bytes());
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{path}: {error}: {answer}"))
    }

    /// The series that an expression has now; an expression that is not understood fails the test.
    pub(super) fn series(&self, expression: &str) -> Vec<Value> {
        let query: String = url::form_urlencoded::byte_serialize(expression.as_bytes()).collect();
        let answer = self.ask(&format!("query?query={query}"));
        assert_eq!(answer["status"], "success", "{expression}: {answer}");
        answer["data"]["result"].as_array().unwrap().clone()
    }

    /// The value of the only series of an expression.
    pub(super) fn value(&self, expression: &str) -> f64 {
        let series = self.series(expression);
        assert_eq!(series.len(), 1, "{expression}: {series:?}");
        series[0]["value"][1].as_str().unwrap().parse().unwrap()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
