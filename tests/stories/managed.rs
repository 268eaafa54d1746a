//! A host under a service manager, which is told how it stands by `sd_notify(3)`.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::platforms::debian::installed;
use crate::platforms::wanted;
use crate::town::{BINARY, Host, Town};

/// A host, and where a manager hears of it.
struct Managed {
    town: Town,
    child: Child,
    heard: UnixDatagram,
}

impl Managed {
    /// Starts one that has to say in so many microseconds that it is at work.
    fn start(watchdog_us: &str) -> Self {
        let town = Town::bare(0);
        town.works(&["init"]);
        let socket = town.path("notify");
        let heard = UnixDatagram::bind(&socket).unwrap();
        heard.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let listen = format!("127.0.0.1:{}", Host::free_port());
        let variables = [
            ("NOTIFY_SOCKET", socket.to_str().unwrap()),
            ("WATCHDOG_USEC", watchdog_us),
            ("WEIGHBRIDGE_SETTING_LISTEN", listen.as_str()),
        ];
        let child = town.start_logging_under(&variables, &["serve"]);
        Self { town, child, heard }
    }

    /// The next message that has this line in it.
    fn hears(&self, line: &str) -> String {
        let mut message = [0; 1000];
        loop {
            let length =
                self.heard.recv(&mut message).unwrap_or_else(|error| panic!("{line}: {error}; {}", self.town.logged()));
            let text = String::from_utf8_lossy(&message[..length]).into_owned();
            if text.lines().any(|said| said.starts_with(line)) {
                return text;
            }
        }
    }

    fn signal(&self, signal: &str) {
        Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
    }
}

impl Drop for Managed {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

#[test]
fn the_unit_is_understood_to_the_last_word_and_leaves_little_open() {
    if !wanted("systemd-analyze") || !installed("systemd-analyze", &["systemd"]) {
        return;
    }
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/weighbridge.service");
    let folder = tempfile::tempdir().unwrap();
    // Under the same name, with a program that is there.
    let here = folder.path().join("weighbridge.service");
    let text = fs::read_to_string(unit).unwrap().replace("/usr/bin/weighbridge", BINARY);
    let analyze = |words: &[&str], text: &str| {
        fs::write(&here, text).unwrap();
        let said = Command::new("systemd-analyze").args(words).arg(&here).output().unwrap();
        (said.status.success(), String::from_utf8(said.stderr).unwrap())
    };
    assert_eq!(analyze(&["verify", "--man=no"], &text), (true, String::new()));
    let exposure = ["security", "--offline=true", "--threshold=20"];
    assert!(analyze(&exposure, &text).0, "of 100, at most 20 are left open");
    let without = |line: &str| text.replace(line, "");
    assert!(analyze(&["verify", "--man=no"], &without("[Install]\n")).1.contains("WantedBy"), "it says what is wrong");
    assert!(!analyze(&exposure, &without("CapabilityBoundingSet=\n")).0, "and what is open");
}

#[test]
fn a_manager_hears_when_a_host_is_ready_reads_again_and_stops() {
    let mut managed = Managed::start("");
    let ready = managed.hears("READY=1");
    let address = ready.lines().find_map(|line| line.strip_prefix("STATUS=answers at ")).unwrap();
    assert!(crate::town::request(address, "GET", "/readyz", "").contains("ready"), "it is when it says so");
    managed.signal("-HUP");
    assert!(managed.hears("RELOADING=1").contains("MONOTONIC_USEC="));
    managed.hears("READY=1");
    managed.signal("-TERM");
    managed.hears("STOPPING=1");
    assert_eq!(managed.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_manager_hears_that_a_host_is_at_work_and_nothing_from_one_that_stands_still() {
    let managed = Managed::start("400000");
    let begun = Instant::now();
    (0..3).for_each(|_| drop(managed.hears("WATCHDOG=1")));
    assert!(begun.elapsed() < Duration::from_secs(20));
    managed.signal("-STOP");
    managed.heard.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut message = [0; 1000];
    // What it had said before lies there still.
    while managed.heard.recv(&mut message).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it goes on saying so");
    }
    managed.signal("-CONT");
    managed.heard.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    managed.hears("WATCHDOG=1");
}
