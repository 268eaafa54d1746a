//! A running OpenID provider with a shop behind it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::town::Host;

const PACKAGE: &str = "oidc-provider@9.13.3";

/// Installed once, into a folder that later runs find again.
fn installed() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("platforms").join(PACKAGE.replace('@', "-"));
        fs::create_dir_all(&folder).unwrap();
        if !folder.join("node_modules/oidc-provider").exists() {
            println!("installing {PACKAGE} into {}", folder.display());
            fs::write(folder.join("package.json"), "{\"type\":\"module\"}").unwrap();
            let installed =
                Command::new("npm").args(["install", "--silent", PACKAGE]).current_dir(&folder).output().unwrap();
            assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
        }
        fs::write(folder.join("provider.mjs"), include_str!("provider.mjs")).unwrap();
        folder
    })
}

/// Ended when it is dropped.
pub(crate) struct Provider {
    child: Child,
    pub(crate) address: String,
}

impl Provider {
    /// A provider whose access tokens live so many seconds.
    pub(crate) fn start(redirect: &str, life_s: u32) -> Self {
        let port = Host::free_port();
        let mut child = Command::new("node")
            .arg(installed().join("provider.mjs"))
            .args([&port.to_string(), redirect, &life_s.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        while line.trim() != "ready" {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "the provider does not start");
        }
        // What it says afterwards is read away, so that it never waits for a reader.
        std::thread::spawn(move || said.lines().for_each(drop));
        Self { child, address: format!("127.0.0.1:{port}") }
    }

    /// How often it saw what.
    pub(crate) fn seen(&self, what: &str) -> u64 {
        let seen: Value = serde_json::from_str(&crate::town::request(&self.address, "GET", "/seen", "")).unwrap();
        seen[what].as_u64().unwrap()
    }

    /// Whether answers to renewals are held back after they were made.
    pub(crate) fn stall(&self, on: bool) {
        crate::town::request(&self.address, "GET", if on { "/stall?on=1" } else { "/stall" }, "");
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
