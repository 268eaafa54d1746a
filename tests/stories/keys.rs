//! The operator looks after the keys.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::town::{BINARY, Host, Setting, Town};

/// What is in a folder's files, to compare it with.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut files: Vec<_> = files.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect();
    files.sort();
    files
}

#[test]
fn a_wrong_master_key_is_refused_with_its_own_exit_code_and_changes_nothing() {
    let (town, other) = (Town::bare(1), Town::bare(1));
    for one in [&town, &other] {
        one.works(&["init", "--tenant", "Partner"]);
    }
    let wrong = format!("file:{}", other.path("data/master.key").display());
    let before = contents(&town.path("data"));
    for words in [&["serve"][..], &["list"], &["keys", "rotate"], &["init"]] {
        let code = if words == ["init"] { 2 } else { 7 };
        let answer = town.fails(&[words, &["--master-key", &wrong]].concat(), code);
        assert!(code == 2 || answer.errors.contains("keys.wrong_master"), "{answer:?}");
    }
    assert_eq!(contents(&town.path("data")), before);
}

#[test]
fn the_master_key_is_rotated_under_a_running_host_which_goes_on() {
    let town = Town::settled(20, &Setting::transfer("schedule = { every = \"1s\" }"));
    let (host, figures) = Host::start_measured(&town);
    assert_eq!(town.works(&["keys", "rotate"])["version"], 2);
    let settled = || figures.value("weighbridge_runs_ended_total{state=\"succeeded\"}");
    let (before, begun) = (settled(), std::time::Instant::now());
    while settled() < before + 2.0 {
        assert!(begun.elapsed().as_secs() < 30, "nothing ran after the rotation");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(host.terminate(), 0);
    town.works(&["run", "acme/orders"]);
    assert_eq!(town.works(&["keys", "status"])["version"], 2);
}

#[test]
fn a_ring_comes_back_from_its_export_on_another_machine() {
    let (town, other) = (Town::settled(5, &Setting::default()), Town::bare(1));
    let (secret, export) = (town.path("recovery"), town.path("ring.export"));
    let (secret, export) = (secret.to_str().unwrap(), export.to_str().unwrap());
    let public = town.works(&["keys", "recovery-key", "--out", secret])["public"].as_str().unwrap().to_owned();
    town.works(&["keys", "export", "--to", &public, "--out", export]);
    other.works(&["keys", "restore", export, "--recovery-key", secret]);
    fs::copy(town.path("data/store.redb"), other.path("data/store.redb")).unwrap();
    let names = other.works(&["list"]).to_string();
    assert!(names.contains("acme"), "{names}");
    assert!(other.fails(&["keys", "restore", export, "--recovery-key", secret], 6).errors.contains("already"));
}

#[test]
fn a_passphrase_is_piped_in_and_a_short_one_is_refused() {
    let town = Town::bare(1);
    let init = |passphrase: &str| {
        let mut command = Command::new(BINARY);
        command.arg("--data").arg(town.path("data")).args(["--master-key", "passphrase", "init"]);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{passphrase}").unwrap();
        child.wait_with_output().unwrap()
    };
    let short = init("short");
    assert!(!short.status.success() && String::from_utf8_lossy(&short.stderr).contains("keys.passphrase_short"));
    assert!(!town.path("data/store.redb").exists());
    assert!(init("correct horse battery staple").status.success());
    assert!(!town.path("data/master.key").exists());
    assert!(town.fails(&["list"], 7).errors.contains("passphrase"));
}

#[test]
fn a_host_that_is_killed_by_a_fault_leaves_no_core_file() {
    let town = Town::bare(1);
    town.works(&["init"]);
    // The shell lifts the limit; the host puts it down for good.
    let line = format!("ulimit -c unlimited; exec '{BINARY}' --data '{}' serve", town.path("data").display());
    let mut child =
        Command::new("sh").args(["-c", &line]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
    Command::new("kill").args(["-ABRT", &child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap();
    assert_eq!((status.signal(), status.core_dumped()), (Some(6), false));
}
