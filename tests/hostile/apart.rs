//! A test in a process of its own, so that its memory can be measured and its end enforced.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MARK: &str = "grown by KiB: ";

/// By how much the memory of a test grew while it was [`measured`], of what it printed.
pub(super) fn growth_kib(output: &str) -> u64 {
    let line = output.lines().find_map(|line| line.split_once(MARK)).map(|(_, grown)| grown.trim());
    line.and_then(|grown| grown.parse().ok()).unwrap_or_else(|| panic!("{output}"))
}

/// What an ignored test of this program prints; it is ended when it takes longer.
pub(super) fn run(test: &str, patience: Duration) -> String {
    let log = tempfile::NamedTempFile::new().unwrap();
    let begun = Instant::now();
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", test])
        .stdout(Stdio::from(log.reopen().unwrap()))
        .stderr(Stdio::from(log.reopen().unwrap()))
        .spawn()
        .unwrap();
    let status = loop {
        match process.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() > patience => {
                process.kill().unwrap();
                break process.wait().unwrap();
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let output = std::fs::read_to_string(log.path()).unwrap();
    assert!(status.success(), "{test} after {:?}: {status}\n{output}", begun.elapsed());
    output
}

/// Prints by how much the most memory that this process ever held grew meanwhile.
#[expect(clippy::print_stdout, reason = "a process tells its parent")]
pub(super) async fn measured(work: impl Future<Output = ()>) {
    // Forgets the peak of what was done before.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = peak_kib();
    work.await;
    println!("{MARK}{}", peak_kib() - before);
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
