//! From a scaffold to a signed package, with the real compiler.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use weighbridge_forge::{
    BuildArgs, BuildError, Built, KeygenArgs, Language, NewArgs, Pattern, Step, TestArgs, build, inspect, keygen, new,
    test,
};
use weighbridge_model::package::Direction;

/// Scaffolds have one name and here one target folder, so that their dependencies are compiled once: one builds at a time.
fn alone() -> MutexGuard<'static, ()> {
    static BUILDING: Mutex<()> = Mutex::new(());
    BUILDING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn scaffold(folder: &Path) -> BuildArgs {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned);
    let crate_folder = folder.join("shop");
    new(&NewArgs {
        folder: crate_folder.clone(),
        name: "acme.shop".to_owned(),
        from: Pattern::Rest,
        language: Language::Rust,
        component: None,
        sdk,
    })
    .unwrap();
    let keys = keygen(&KeygenArgs { path: folder.join("acme.key") }).unwrap();
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../guests");
    BuildArgs {
        folder: crate_folder,
        out: folder.join("out"),
        key: Some(keys.secret_path),
        target: Some(target),
        locked: false,
    }
}

fn built(args: &BuildArgs) -> (Built, Vec<Step>) {
    let mut steps = Vec::new();
    let built = build(args, &mut |step| steps.push(step)).unwrap();
    (built, steps)
}

#[test]
fn builds_the_scaffold_and_does_nothing_when_asked_again() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let args = scaffold(folder.path());
    let (first, _) = built(&args);
    assert!(!first.unchanged);
    assert_eq!(first.package, args.out.join("acme.shop-0.1.0.wbc"));
    assert!(first.manifest.capability("orders", Direction::Source).is_some());
    assert_eq!(inspect(&first.package).unwrap().key_id, first.key_id);

    let (second, steps) = built(&args);
    assert_eq!((second.unchanged, second.digest, steps), (true, first.digest, vec![Step::Unchanged]));

    let source = args.folder.join("src/lib.rs");
    let text = std::fs::read_to_string(&source).unwrap();
    std::fs::write(&source, text.replace("min(500)", "min(400)")).unwrap();
    let (third, _) = built(&args);
    assert!(!third.unchanged);
    assert_ne!(third.digest, first.digest);

    let elsewhere = tempfile::tempdir().unwrap();
    let (fourth, _) = built(&BuildArgs { out: args.out, key: args.key, ..scaffold(elsewhere.path()) });
    assert!(!fourth.unchanged, "another folder's package was taken for this one's");
}

#[test]
fn passes_the_tests_of_the_scaffold() {
    let folder = tempfile::tempdir().unwrap();
    let args = scaffold(folder.path());
    let tested = test(&TestArgs { folder: args.folder }, &mut |_| {}).unwrap();
    assert_eq!((tested.passed, tested.failed), (2, Vec::new()), "{}", tested.output);
}

#[test]
fn says_where_the_description_is_malformed() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let args = scaffold(folder.path());
    let path = args.folder.join("connector.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("hosts = [\"{base_url}\"]\napply", "hosts = [\"evil.example\"]\napply"))
        .unwrap();
    let error = build(&args, &mut |_| {}).unwrap_err();
    assert_eq!(error.code(), "build.description_malformed");
    assert!(error.to_string().contains("/auth/0/hosts"), "{error}");
    assert!(!args.out.exists());
}

#[test]
fn shows_what_the_compiler_says() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let args = scaffold(folder.path());
    std::fs::write(args.folder.join("src/lib.rs"), "let x").unwrap();
    let error = build(&args, &mut |_| {}).unwrap_err();
    assert!(matches!(&error, BuildError::Cargo(_)), "{error}");
    assert!(error.to_string().contains("src/lib.rs:1"), "{error}");
}

#[test]
fn says_so_when_the_folder_is_no_crate() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let args = BuildArgs {
        folder: folder.path().to_owned(),
        out: folder.path().to_owned(),
        key: None,
        target: None,
        locked: false,
    };
    assert_eq!(build(&args, &mut |_| {}).unwrap_err().code(), "build.no_crate");
}
