//! A package that is signed and believed, and that no compiler gets done with.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use weighbridge::{Compile, CompileChild, CompileLimits};

use super::operator::{Library, Operator, Typist};
use super::sample::{KEY, manifest, signed, signed_component};
use crate::hostile::explosive;

fn within(limits: CompileLimits) -> Library {
    let (program, arguments) = (env!("CARGO_BIN_EXE_weighbridge").into(), vec!["compile-artefact".into()]);
    let library = Library::compiling(Compile::Child(CompileChild { program, arguments, limits }));
    library.trust(&KEY, None);
    library
}

#[test]
fn the_engine_gives_a_compilation_up_in_time_and_installs_the_next_package() {
    let library = within(CompileLimits { wall: Duration::from_secs(5), ..CompileLimits::default() });
    let begun = Instant::now();
    let exploding = signed_component(explosive::blocks(300_000));
    assert_eq!(library.install(&exploding), Err("compile.timed_out".into()));
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert!(library.engine.connectors().unwrap().is_empty() && library.files() == 0, "nothing of it is kept");
    let audit = library.engine.audit_of("acme.shop").unwrap();
    assert!(audit.last().unwrap().detail.ends_with(": compile.timed_out"), "{audit:?}");
    library.install(&signed(&manifest("1.0.0"), &KEY)).unwrap();
}

#[test]
fn the_engine_goes_back_to_another_version_while_it_compiles() {
    let library = within(CompileLimits { wall: Duration::from_secs(5), ..CompileLimits::default() });
    library.install(&signed(&manifest("0.1.0"), &KEY)).unwrap();
    library.install(&signed(&manifest("0.2.0"), &KEY)).unwrap();
    let package = signed_component(explosive::blocks(300_000));
    let begun = Instant::now();
    library.wait(async {
        let both = tokio::join!(library.engine.install(package), async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            library.engine.roll_back("acme.shop", "0.1.0").await.unwrap();
            begun.elapsed()
        });
        assert!(both.0.is_err() && both.1 < Duration::from_secs(4), "{:?}", both.1);
    });
}

/// The process that another one began, if there is one.
fn child_of(parent: u32) -> Option<PathBuf> {
    let mut processes = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    processes.find(|process| {
        let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
        let fields = stat.rsplit_once(')').map(|(_, fields)| fields.split_whitespace().nth(1).map(str::to_owned));
        fields.flatten() == Some(parent.to_string())
    })
}

fn within_seconds<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_compilation_ends_with_the_host_that_began_it() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    let file = typist.file(&signed_component(explosive::blocks(300_000)));
    let mut host = typist.town.start(&["connector", "install", &file]);
    let child = within_seconds("it begins no process", || child_of(host.id()));
    host.kill().unwrap();
    host.wait().unwrap();
    within_seconds("its process goes on", || (!child.exists()).then_some(()));
}

#[test]
fn the_binary_refuses_code_that_is_not_valid() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    assert_eq!(typist.install(&signed_component(explosive::silent())), Err("compile.refused".into()));
    typist.install(&signed(&manifest("1.0.0"), &KEY)).unwrap();
}
