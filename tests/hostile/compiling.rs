//! Compiling in a process of its own: what it makes, and how it ends where it takes too much.

use std::path::Path;
use std::time::{Duration, Instant};

use weighbridge_sandbox::{ArtefactStore, Compile, CompileChild, CompileLimits, Sandbox, Settings};

use super::frame::{package, verified};
use super::host::Host;
use super::{check_serving, explosive};

/// This program, as it starts itself, within these limits.
fn ourselves(limits: CompileLimits) -> CompileChild {
    let program = env!("CARGO_BIN_EXE_weighbridge").into();
    CompileChild { program, arguments: vec!["compile-artefact".into()], limits }
}

/// A shell in its place.
fn shell(script: &str, wall: Duration) -> CompileChild {
    let limits = CompileLimits { wall, artefact_bytes_max: 1 << 20, ..CompileLimits::default() };
    CompileChild { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()], limits }
}

fn sandbox(child: CompileChild) -> Sandbox {
    Sandbox::new(&Settings { guests_max: 2, compile: Compile::Child(child), ..Settings::default() }).unwrap()
}

/// Refused with this code, in time, leaving no artefact; and another sandbox goes on serving.
async fn check_refused(child: CompileChild, component: Vec<u8>, code: &str) {
    let folder = tempfile::tempdir().unwrap();
    let store = ArtefactStore::open(folder.path(), [1; 32]).unwrap();
    let patience = child.limits.wall + Duration::from_secs(10);
    let begun = Instant::now();
    let refused = sandbox(child).load(&verified(component), &store).await.unwrap_err();
    assert_eq!(refused.code(), code, "{refused}");
    assert!(begun.elapsed() < patience, "it took {:?}", begun.elapsed());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is kept");
    check_serving().await;
}

/// Whether a process with this word on its command line is there.
fn is_running(word: &str) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let mut lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.any(|line| line.split(|byte| *byte == 0).any(|argument| String::from_utf8_lossy(argument).contains(word)))
}

#[tokio::test]
async fn makes_a_connector_that_works_and_an_artefact_that_is_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = ArtefactStore::open(folder.path(), [1; 32]).unwrap();
    let made = sandbox(ourselves(CompileLimits::default()));
    let connector = made.load(&package("harmless"), &store).await.unwrap();
    let mut guest = made.start(&connector, Default::default(), Box::new(Host::default())).await.unwrap();
    guest.check().await.unwrap();
    let nobody = sandbox(CompileChild { program: Path::new("nobody").into(), ..ourselves(CompileLimits::default()) });
    nobody.load(&package("harmless"), &store).await.unwrap();
}

#[tokio::test]
async fn makes_the_same_as_a_thread_of_this_process() {
    let folder = tempfile::tempdir().unwrap();
    let store = ArtefactStore::open(folder.path(), [1; 32]).unwrap();
    let thread = Sandbox::new(&Settings { guests_max: 2, ..Settings::default() }).unwrap();
    thread.load(&package("harmless"), &store).await.unwrap();
    let by_thread = std::fs::read(std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path()).unwrap();
    let other = tempfile::tempdir().unwrap();
    let store = ArtefactStore::open(other.path(), [1; 32]).unwrap();
    sandbox(ourselves(CompileLimits::default())).load(&package("harmless"), &store).await.unwrap();
    let by_child = std::fs::read(std::fs::read_dir(other.path()).unwrap().next().unwrap().unwrap().path()).unwrap();
    assert!(by_thread == by_child, "{} and {} bytes", by_thread.len(), by_child.len());
}

#[tokio::test]
async fn ends_what_takes_too_long_and_leaves_no_process() {
    let (memory_bytes, wall) = (1_987_654_321, Duration::from_millis(700));
    let limits = CompileLimits { memory_bytes, wall, ..CompileLimits::default() };
    check_refused(ourselves(limits), explosive::blocks(300_000), "compile.timed_out").await;
    assert!(!is_running(&memory_bytes.to_string()));
}

#[tokio::test]
async fn ends_what_takes_too_much_cpu_time() {
    let limits = CompileLimits { cpu: Duration::from_secs(1), ..CompileLimits::default() };
    check_refused(ourselves(limits), explosive::blocks(300_000), "compile.timed_out").await;
}

#[tokio::test]
async fn ends_what_takes_too_much_memory() {
    let limits = CompileLimits { memory_bytes: 256 << 20, ..CompileLimits::default() };
    check_refused(ourselves(limits), explosive::variables(20_000), "compile.out_of_memory").await;
}

#[tokio::test]
async fn ends_what_takes_too_much_memory_only_to_be_read() {
    let limits = CompileLimits { memory_bytes: 256 << 20, ..CompileLimits::default() };
    check_refused(ourselves(limits), explosive::nested(10_000), "compile.out_of_memory").await;
}

#[tokio::test]
async fn compiles_many_functions_within_the_limits_or_says_why_not() {
    let limits = CompileLimits { artefact_bytes_max: 1 << 20, ..CompileLimits::default() };
    check_refused(ourselves(limits), explosive::functions(20_000), "compile.crashed").await;
    check_refused(ourselves(CompileLimits::default()), explosive::functions(200), "connector.unfit").await;
}

#[tokio::test]
async fn refuses_code_that_is_not_valid() {
    check_refused(ourselves(CompileLimits::default()), explosive::silent(), "compile.refused").await;
}

#[tokio::test]
async fn refuses_what_a_child_makes_up() {
    let wall = Duration::from_secs(20);
    let header = "cat > /dev/null; printf '\\177ELF and so on'";
    for script in ["cat > /dev/null", "cat", "cat > /dev/null; echo nonsense", header, "cat /dev/zero", "exit 3"] {
        let component = super::frame::component("harmless");
        check_refused(shell(script, wall), component, "compile.crashed").await;
    }
    let nobody = CompileChild { program: "nobody-has-this-name".into(), ..shell("", wall) };
    check_refused(nobody, super::frame::component("harmless"), "compile.crashed").await;
}

#[tokio::test]
async fn ends_all_that_a_child_began() {
    let script = "sleep 98761 & sleep 98761";
    check_refused(shell(script, Duration::from_millis(300)), super::frame::component("harmless"), "compile.timed_out")
        .await;
    assert!(!is_running("98761"));
}
