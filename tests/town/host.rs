//! A serving host.

use std::fs;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Client, PASSWORD, Town};

pub struct Host {
    pub child: Child,
    pub address: String,
}

impl Host {
    pub fn start(town: &Town) -> Self {
        Self::start_with(town, &[])
    }

    /// The same, with more words on the command line.
    pub fn start_with(town: &Town, words: &[&str]) -> Self {
        Self::begin(town, format!("127.0.0.1:{}", Self::free_port()), words, "")
    }

    /// The same, with more lines in its configuration.
    pub fn start_configured(town: &Town, lines: &str) -> Self {
        Self::begin(town, format!("127.0.0.1:{}", Self::free_port()), &[], lines)
    }

    /// The same, which takes backups, and where its figures are read.
    pub fn start_measured(town: &Town) -> (Self, Figures) {
        let address = format!("127.0.0.1:{}", Self::free_port());
        let backups = town.path("backups");
        let lines =
            format!("metrics = \"{address}\"\n[backup]\nfolder = \"{}\"\nat = \"30 2 * * *\"", backups.display());
        (Self::start_configured(town, &lines), Figures { address })
    }

    /// The same, where browsers reach it under an address that its configuration names.
    pub fn start_public(town: &Town, lines: &str) -> Self {
        Self::start_public_at(town, Self::free_port(), lines)
    }

    /// The same, at this port.
    pub fn start_public_at(town: &Town, port: u16, lines: &str) -> Self {
        let public = format!("public_url = \"http://127.0.0.1:{port}\"\n{lines}");
        Self::begin(town, format!("127.0.0.1:{port}"), &[], &public)
    }

    /// A port for a host to be. No system gives these to whoever asks for any port, and no two tests have the same.
    pub fn free_port() -> u16 {
        static TAKEN: AtomicU16 = AtomicU16::new(0);
        let begin = 12_000 + (std::process::id() % 100) as u16 * 100;
        let mut ports = std::iter::repeat_with(|| begin + TAKEN.fetch_add(1, Ordering::Relaxed) % 8_000);
        ports.find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
    }

    /// The same, at this address.
    pub fn start_at(town: &Town, address: &str) -> Self {
        Self::begin(town, address.to_owned(), &[], "")
    }

    fn begin(town: &Town, address: String, words: &[&str], lines: &str) -> Self {
        let file = town.path("weighbridge.toml");
        fs::write(&file, format!("listen = \"{address}\"\nlog_json = true\n{lines}\n")).unwrap();
        let child = town.start_logging(&[&["serve", "--config", file.to_str().unwrap()], words].concat());
        let host = Self { child, address };
        let begun = Instant::now();
        while std::net::TcpStream::connect(&host.address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "the host does not get ready");
            std::thread::sleep(Duration::from_millis(10));
        }
        host
    }

    /// Somebody who takes their invitation.
    pub fn joined(&self, invited: &Value) -> Client<'_> {
        let join = json!({ "link": invited["link"], "password": PASSWORD });
        let joined = Client::stranger(&self.address).post("/sessions/join", &join).worked();
        Client::with(&self.address, joined["session"].as_str().unwrap())
    }

    pub fn ask(&self, path: &str) -> String {
        crate::town::request(&self.address, "GET", path, "")
    }

    /// Asks it to stop, as a service manager would.
    pub fn terminate(mut self) -> i32 {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

/// Where a host's figures are read.
pub struct Figures {
    pub address: String,
}

impl Figures {
    pub fn page(&self) -> String {
        crate::town::request(&self.address, "GET", "/metrics", "")
    }

    /// The value of a series, written as it stands on the page.
    pub fn value(&self, series: &str) -> f64 {
        let page = self.page();
        let values = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        values.unwrap_or_else(|| panic!("there is no {series}:\n{page}")).parse().unwrap()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
