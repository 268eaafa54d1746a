//! Ends what tests share when the tests end, however they end: a value that all of them hold is never dropped.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// A shell that waits until this process is gone, and then ends others and takes a folder away.
pub(super) struct Caretaker {
    _shell: Child,
    /// Closed by the system when this process ends, by a panic and by a signal too.
    _open: ChildStdin,
}

impl Caretaker {
    /// Sees to these processes and this folder.
    pub(super) fn of(processes: &[u32], folder: &Path) -> Self {
        Self::start(&processes.iter().map(u32::to_string).collect::<Vec<_>>(), folder)
    }

    /// Sees to a process that leads a group, and to whatever that began.
    pub(super) fn of_group(leader: u32, folder: &Path) -> Self {
        Self::start(&[format!("-{leader}")], folder)
    }

    fn start(ended: &[String], folder: &Path) -> Self {
        let words = "folder=$1; shift; cat > /dev/null; kill -s TERM -- \"$@\"; sleep 1; kill -s KILL -- \"$@\"; \
                     rm -rf -- \"$folder\"";
        let mut shell = Command::new("sh")
            .args(["-c", words, "sh"])
            .arg(folder)
            .args(ended)
            // Of a group of its own, since a signal to ours ends everybody in it.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let open = shell.stdin.take().unwrap();
        Self { _shell: shell, _open: open }
    }
}
