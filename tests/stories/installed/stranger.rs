//! Somebody who has a release and a machine without a network, and none of what it was made with.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The user who owns nothing, where these tests are root's.
const NOBODY: u32 = 65534;

/// No session is as long as that.
const SECONDS_MAX: &str = "300";

pub(crate) struct Stranger {
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
    pub(crate) fn with(downloads: &Path) -> Self {
        let stranger = Self { home: tempfile::tempdir().unwrap() };
        stranger.owns(stranger.home.path());
        for entry in fs::read_dir(downloads).unwrap() {
            let entry = entry.unwrap();
            let copy = stranger.home.path().join(entry.file_name());
            fs::copy(entry.path(), &copy).unwrap();
            stranger.owns(&copy);
        }
        stranger
    }

    pub(super) fn home(&self) -> PathBuf {
        self.home.path().to_owned()
    }

    /// Lets a command be theirs.
    pub(crate) fn becomes(command: &mut Command) {
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
    }

    fn owns(&self, path: &Path) {
        if is_root() {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    /// Puts a file into their home.
    pub(crate) fn gets(&self, name: &str, text: &str) {
        let path = self.home.path().join(name);
        fs::write(&path, text).unwrap();
        self.owns(&path);
    }

    /// Whether their sessions have no network.
    pub(crate) fn is_cut_off(&self) -> bool {
        cut().is_some()
    }

    /// Types a session into a shell that knows these ports, and gives what it said.
    pub(super) fn types(&self, session: &str, ports: &[u16]) -> String {
        let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
        self.gets("session.sh", session);
        self.runs_with("session.sh", &ports.join(" ")).unwrap_or_else(|said| panic!("{said}"))
    }

    /// Runs a session from a file in their home; what it said, either way.
    pub(crate) fn runs(&self, name: &str, session: &str) -> Result<String, String> {
        self.gets(name, session);
        self.runs_with(name, "")
    }

    fn runs_with(&self, name: &str, words: &str) -> Result<String, String> {
        let cut = cut();
        let user = if is_root() { "setpriv --reuid 65534 --regid 65534 --clear-groups" } else { "" };
        let is_cut = cut.is_some();
        let line = format!(
            "{}exec timeout --kill-after 5 {SECONDS_MAX} {user} env -i HOME=$PWD PATH=/usr/bin:/bin CUT={is_cut} bash -euo pipefail {name} {words}",
            cut.map_or("", |cut| cut.first)
        );
        let before = cut.map_or(&["env"][..], |cut| cut.words);
        let said = Command::new(before[0])
            .args(&before[1..])
            .args(["bash", "-c", &line])
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = [said.stdout, said.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        if said.status.success() { Ok(text) } else { Err(format!("the session ended with {}: {text}", said.status)) }
    }
}

/// The first way that this machine allows; none is said loudly, past the harness that keeps what tests print.
fn cut() -> Option<&'static Cut> {
    static FOUND: OnceLock<Option<Cut>> = OnceLock::new();
    FOUND.get_or_init(find_cut).as_ref()
}

fn find_cut() -> Option<Cut> {
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
