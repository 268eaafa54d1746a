//! Somebody who has a release and a machine without a network, and none of what it was made with.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The user who owns nothing, where these tests are root's.
const NOBODY: u32 = 65534;

pub(super) struct Stranger {
    home: TempDir,
}

/// How the session is cut off from the network.
struct Cut {
    words: &'static [&'static str],
    /// What is done first, in there.
    first: &'static str,
}

impl Stranger {
    /// With a copy of the downloads in a home of their own.
    pub(super) fn with(downloads: &Path) -> Self {
        let home = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(downloads).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), home.path().join(entry.file_name())).unwrap();
        }
        if is_root() {
            let give = |path: &Path| chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
            give(home.path());
            fs::read_dir(home.path()).unwrap().for_each(|entry| give(&entry.unwrap().path()));
        }
        Self { home }
    }

    pub(super) fn home(&self) -> PathBuf {
        self.home.path().to_owned()
    }

    /// Types a session into a shell that knows these ports, and gives what it said.
    pub(super) fn types(&self, session: &str, ports: &[u16]) -> String {
        let cut = cut();
        let ports = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(" ");
        let user = if is_root() { "setpriv --reuid 65534 --regid 65534 --clear-groups" } else { "" };
        let is_cut = cut.as_ref().is_some();
        let line = format!(
            "{}exec {user} env -i HOME=$PWD PATH=/usr/bin:/bin CUT={is_cut} bash -euo pipefail -s {ports}",
            cut.as_ref().map_or("", |cut| cut.first)
        );
        let words = cut.as_ref().map_or(&["env"][..], |cut| cut.words);
        let mut shell = Command::new(words[0])
            .args(&words[1..])
            .args(["bash", "-c", &line])
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        shell.stdin.take().unwrap().write_all(session.as_bytes()).unwrap();
        let said = shell.wait_with_output().unwrap();
        let text = [said.stdout, said.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(said.status.success(), "the session ended with {}: {text}", said.status);
        text
    }
}

/// The first way that this machine allows; none is said loudly, past the harness that keeps what tests print.
fn cut() -> Option<Cut> {
    let first = "ip link set lo up; ";
    let ways =
        [Cut { words: &["unshare", "--net"], first }, Cut { words: &["unshare", "--net", "--map-root-user"], first }];
    let works = |cut: &Cut| {
        let tried = Command::new(cut.words[0]).args(&cut.words[1..]).args(["bash", "-c", cut.first]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    let found = ways.into_iter().find(works);
    if found.is_none() {
        let said = "LEFT OUT: this machine lets nobody unshare its network (or has no `ip`), so the stranger's session has one\n";
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
    found
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
