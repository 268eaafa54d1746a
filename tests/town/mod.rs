//! A place to try the real binary in: a data folder, a publisher's key, a signed connector, and two platforms.
#![expect(clippy::unwrap_used, reason = "a town that cannot be built is a failed test")]

mod client;
mod document;
mod host;
mod packages;
mod platforms;
mod post_office;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub use client::{Answered, Client, ask, raw};
pub use document::Setting;
pub use host::{Figures, Host};
pub use packages::{publisher_key, with_kept};
pub use platforms::{Platforms, request};
pub use post_office::{Mood, PostOffice, Security};

/// What everybody of the town signs in with.
pub const PASSWORD: &str = "correct horse battery staple";

pub const BINARY: &str = env!("CARGO_BIN_EXE_weighbridge");

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub json: Value,
    pub errors: String,
}

/// A command that goes on.
pub struct Talking {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Talking {
    /// The next line that it says.
    pub fn line(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Ends it.
    pub fn stop(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end, and says its exit code.
    pub fn end(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

pub struct Town {
    folder: TempDir,
    pub platforms: Platforms,
}

/// Runs the binary with `--json`, wherever it is.
fn run(words: &[&str]) -> Answer {
    answer(&Command::new(BINARY).arg("--json").args(words).output().unwrap())
}

fn answer(output: &Output) -> Answer {
    Answer {
        code: output.status.code().unwrap_or(-1),
        json: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Town {
    /// A data folder, and platforms with so many orders; nothing is installed.
    pub fn bare(orders: u64) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), platforms: Platforms::start(orders) }
    }

    /// Initialised, with the connector trusted and installed, and the setting applied.
    pub fn settled(orders: u64, setting: &Setting) -> Self {
        let town = Self::bare(orders);
        town.works(&["init"]);
        town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
        town.install("rest");
        town.apply(&setting.document(&town.platforms));
        town
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn package(&self) -> PathBuf {
        packages::package("rest")
    }

    pub fn public_key(&self) -> PathBuf {
        packages::public_key()
    }

    /// Builds and installs a connector of `plugins`.
    pub fn install(&self, plugin: &str) {
        self.works(&["connector", "install", packages::package(plugin).to_str().unwrap()]);
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.arg("--json").arg("--data").arg(self.path("data")).args(words);
        command
    }

    /// Runs a command and waits for it.
    pub fn run(&self, words: &[&str]) -> Answer {
        answer(&self.command(words).output().unwrap())
    }

    /// The same, under these variables of the environment.
    pub fn run_under(&self, variables: &[(&str, &str)], words: &[&str]) -> Answer {
        answer(&self.command(words).envs(variables.iter().copied()).output().unwrap())
    }

    /// Runs a command that must do what was asked.
    pub fn works(&self, words: &[&str]) -> Value {
        let answer = self.run(words);
        assert_eq!(answer.code, 0, "{words:?}: {} {}", answer.json, answer.errors);
        answer.json
    }

    /// Runs a command that must be refused with this exit code, and says what was said.
    pub fn fails(&self, words: &[&str], code: i32) -> Answer {
        let answer = self.run(words);
        assert_eq!(answer.code, code, "{words:?}: {} {}", answer.json, answer.errors);
        answer
    }

    /// Starts a command and does not wait for it.
    pub fn start(&self, words: &[&str]) -> Child {
        self.command(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs acme's orders, and kills the run while a batch is being sent, so that this is in doubt.
    pub fn stops_in_the_middle(&self) {
        self.platforms.slow(5_000);
        let mut child = self.start(&["run", "acme/orders"]);
        let begun = std::time::Instant::now();
        while self.platforms.summary()["keys"].as_u64().unwrap() == 0 && begun.elapsed().as_secs() < 30 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        self.platforms.slow(0);
    }

    /// Starts a command and does not wait for it; what it logs is kept.
    pub fn start_logging(&self, words: &[&str]) -> Child {
        self.start_logging_under(&[], words)
    }

    /// The same, under these variables of the environment.
    pub fn start_logging_under(&self, variables: &[(&str, &str)], words: &[&str]) -> Child {
        let log = std::fs::File::options().create(true).append(true).open(self.path("host.log")).unwrap();
        let mut command = self.command(words);
        command.envs(variables.iter().copied()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    /// What hosts have logged so far.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(self.path("host.log")).unwrap_or_default()
    }

    /// Starts a command whose answer is read while it goes on.
    pub fn start_talking(&self, words: &[&str]) -> Talking {
        let mut child = self.command(words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Talking { child, said }
    }

    pub fn apply(&self, document: &str) -> Value {
        let file = self.path("document.toml");
        std::fs::write(&file, document).unwrap();
        self.works(&["apply", file.to_str().unwrap()])
    }

    /// Applies a document that must be refused.
    pub fn apply_fails(&self, document: &str) -> String {
        let file = self.path("document.toml");
        std::fs::write(&file, document).unwrap();
        self.fails(&["apply", file.to_str().unwrap()], 2).errors
    }

    /// Says one thing about the customer.
    pub fn customer(&self, line: &str) {
        self.apply(&format!("[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"acme\"\n{line}\n"));
    }

    /// What was billed to the customer.
    pub fn billed(&self) -> Value {
        let usage = self.works(&["usage"]);
        let lines = usage["usage"].as_array().unwrap();
        lines.iter().find(|line| line["customer"] == "acme").map(|line| line["spent"].clone()).unwrap_or_default()
    }
}
