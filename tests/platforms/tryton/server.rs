//! A running Tryton with a database of its own.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::install::{DATABASE, PASSWORD, USER, configure, installed};
use super::rpc;
use crate::town::Host;

/// How long the server may take to answer for the first time.
const START_MAX: Duration = Duration::from_secs(120);

/// A server on loopback; it ends with this value, and so does its database.
pub(super) struct Tryton {
    child: Child,
    folder: TempDir,
    port: u16,
    session: String,
}

impl Tryton {
    /// Starts a server over a fresh copy of the database and waits until it answers.
    pub(super) fn start() -> Self {
        let installed = installed();
        let folder = tempfile::tempdir().unwrap();
        fs::copy(installed.database(), folder.path().join(format!("{DATABASE}.sqlite"))).unwrap();
        let port = Host::free_port();
        let configuration = configure(folder.path(), &format!("127.0.0.1:{port}"));
        let log = File::create(folder.path().join("trytond.log")).unwrap();
        let child = Command::new(installed.program("trytond"))
            .arg("-c")
            .arg(configuration)
            .args(["-d", DATABASE])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut tryton = Self { child, folder, port, session: String::new() };
        tryton.wait();
        tryton.session = tryton.login();
        tryton
    }

    /// What a connection's `base_url` is.
    pub(super) fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Calls a method as the administrator; the context is the last parameter.
    pub(super) fn call(&self, method: &str, params: Value) -> Value {
        let (status, body) = self.post(&json!({"method": method, "params": params}), Some(&self.session));
        assert_eq!(status, 200, "{method}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    /// Posts a call to the database and gives the status and the body.
    pub(super) fn post(&self, call: &Value, authorization: Option<&str>) -> (u16, Vec<u8>) {
        rpc::post(&self.base_url(), &format!("/{DATABASE}/rpc/"), call, authorization).unwrap()
    }

    fn login(&self) -> String {
        let login = json!({"method": "common.db.login", "params": [USER, {"password": PASSWORD}]});
        let (status, body) = self.post(&login, None);
        assert_eq!(status, 200, "the administrator signs in");
        let answer: Value = serde_json::from_slice(&body).unwrap();
        let (user_id, session) = (&answer[0], answer[1].as_str().unwrap());
        format!("Session {}", data_encoding::BASE64.encode(format!("{USER}:{user_id}:{session}").as_bytes()))
    }

    fn wait(&mut self) {
        let started = Instant::now();
        let version = json!({"method": "common.server.version", "params": []});
        while !matches!(rpc::post(&self.base_url(), "/rpc/", &version, None), Ok((200, _))) {
            let ended = self.child.try_wait().unwrap();
            let log = || fs::read_to_string(self.folder.path().join("trytond.log")).unwrap_or_default();
            assert!(ended.is_none() && started.elapsed() < START_MAX, "Tryton does not answer:\n{}", log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Tryton {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
