//! A machine of its own with this one's programs: what is written in it lies in memory, and is gone with it.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Nothing takes longer to be as it should.
const PATIENCE: Duration = Duration::from_secs(90);

/// Mounts in a namespace that nobody else sees, over which systemd is the first process.
const BOOT: &str = "set -e
mount -t tmpfs -o size=2g tmpfs \"$1/over\"
mkdir \"$1/over/upper\" \"$1/over/work\"
mount -t overlay overlay -o \"lowerdir=/,upperdir=$1/over/upper,workdir=$1/over/work\" \"$1/machine\"
rm -f \"$1/machine/etc/systemd/system/multi-user.target.wants/\"*
exec systemd-nspawn --quiet -D \"$1/machine\" --boot --private-network --register=no --keep-unit --console=pipe \
    --machine=weighbridge-test --bind-ro=\"$2:/srv\"";

/// Powered off when it is dropped.
pub(super) struct Machine {
    keeper: Child,
    first: u32,
    _folder: TempDir,
}

impl Machine {
    /// One that has this folder at `/srv`; nothing where this machine lets nobody make one.
    pub(super) fn boot(shared: &Path) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        for name in ["over", "machine"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let mut keeper = Command::new("unshare")
            .args(["--mount", "bash", "-c", BOOT, "boot"])
            .args([folder.path(), shared])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A signal to these tests is not one to the machine.
            .process_group(0)
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && keeper.try_wait().unwrap().is_none() {
            if let Some(first) = child_of(keeper.id()) {
                let machine = Self { keeper, first, _folder: folder };
                machine.waits_until("it has booted", "systemctl is-active multi-user.target");
                return Some(machine);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = keeper.kill();
        let _ = keeper.wait();
        None
    }

    /// Whether a line of the shell works in there, and what it said.
    pub(super) fn tries(&self, line: &str) -> Result<String, String> {
        let first = self.first.to_string();
        let output =
            Command::new("nsenter").args(["-a", "-t", &first, "bash", "-euo", "pipefail", "-c", line]).output();
        let output = output.unwrap();
        let [said, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        if output.status.success() { Ok(said) } else { Err(format!("{line}: {said}{errors}")) }
    }

    /// The same for one that must.
    pub(super) fn types(&self, line: &str) -> String {
        self.tries(line).unwrap_or_else(|failed| {
            let log = self.tries("journalctl --no-pager --lines 40 --unit weighbridge").unwrap_or_default();
            panic!("{failed}\n{log}")
        })
    }

    /// Types a line until it works; how long that took.
    pub(super) fn waits_until(&self, what: &str, line: &str) -> Duration {
        let begun = Instant::now();
        while self.tries(line).is_err() {
            if begun.elapsed() > PATIENCE {
                self.types(&format!("echo 'not so in time: {what}' >&2; {line}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        begun.elapsed()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // What is in memory needs no orderly end.
        let _ = Command::new("kill").args(["-KILL", &self.first.to_string()]).status();
        let _ = self.keeper.wait();
    }
}

/// The first process of the machine, seen from here, once it is there.
fn child_of(keeper: u32) -> Option<u32> {
    let is_nspawn = std::fs::read_to_string(format!("/proc/{keeper}/comm")).ok()?.starts_with("systemd-nspawn");
    let children = std::fs::read_to_string(format!("/proc/{keeper}/task/{keeper}/children")).ok()?;
    let child = children.split_whitespace().next()?.parse::<u32>().ok()?;
    let is_first = std::fs::read_to_string(format!("/proc/{child}/comm")).ok()?.trim() == "systemd";
    (is_nspawn && is_first).then_some(child)
}
