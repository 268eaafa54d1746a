//! Packages that are refused before they run.

use weighbridge_sandbox::{ArtefactStore, LoadError, Sandbox, Settings};

use super::frame::{artefacts, package, sandbox, verified};
use super::host::Host;

async fn refuse(bytes: Vec<u8>) -> LoadError {
    sandbox().load(&verified(bytes), artefacts()).await.unwrap_err()
}

#[tokio::test]
async fn refuses_an_interface_that_this_host_lacks_and_names_it() {
    let text = r#"(component (import "weighbridge:connector/telepathy@0.3.0" (instance)))"#;
    let refused = refuse(wat::parse_str(text).unwrap()).await;
    assert_eq!(refused.code(), "connector.interface_absent");
    assert!(refused.to_string().contains("weighbridge:connector/telepathy@0.3.0"), "{refused}");
}

#[tokio::test]
async fn refuses_interfaces_of_another_version() {
    let text = r#"(component (import "weighbridge:connector/http@0.2.0" (instance)))"#;
    assert_eq!(refuse(wat::parse_str(text).unwrap()).await.code(), "connector.interface_absent");
}

#[tokio::test]
async fn refuses_a_component_whose_code_is_invalid() {
    let text = r#"(component binary "\00asm\0d\00\01\00" "\01\09\00asm\01\00\00\00\ff")"#;
    let refused = refuse(wat::parse_str(text).unwrap()).await;
    assert!(matches!(refused, LoadError::Malformed { .. } | LoadError::Compile { .. }), "{refused}");
}

#[tokio::test]
async fn refuses_a_component_that_does_not_keep_the_contract() {
    assert_eq!(refuse(wat::parse_str("(component)").unwrap()).await.code(), "connector.unfit");
}

/// A text goes from one inner component to another, by code that the engine makes and that sees both memories.
const OF_SEVERAL: &str = r#"(component
  (component $inner
    (core module $m (memory (export "memory") 1) (func (export "take") (param i32 i32))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 16))
    (core instance $i (instantiate $m))
    (func (export "take") (param "text" string)
      (canon lift (core func $i "take") (memory $i "memory") (realloc (func $i "realloc")))))
  (component $outer
    (import "take" (func $take (param "text" string)))
    (core module $memory (memory (export "memory") 1))
    (core instance $memory (instantiate $memory))
    (core func $lowered (canon lower (func $take) (memory $memory "memory")))
    (core module $m (import "" "take" (func $take (param i32 i32)))
      (func (export "go") (call $take (i32.const 0) (i32.const 4))))
    (core instance $i (instantiate $m (with "" (instance (export "take" (func $lowered))))))
    (func (export "go") (canon lift (core func $i "go"))))
  (instance $inner (instantiate $inner))
  (instance $outer (instantiate $outer (with "take" (func $inner "take")))))"#;

#[tokio::test]
async fn compiles_a_component_of_several_components() {
    // What it lacks is the contract, and not a compiler that bears it.
    assert_eq!(refuse(wat::parse_str(OF_SEVERAL).unwrap()).await.code(), "connector.unfit");
}

#[tokio::test]
async fn refuses_a_component_that_is_too_large() {
    let settings = Settings { component_bytes_max: 100, guests_max: 2, ..Settings::default() };
    let small = Sandbox::new(&settings).unwrap();
    let refused = small.load(&package("harmless"), artefacts()).await.unwrap_err();
    assert_eq!(refused.code(), "connector.too_large");
}

async fn check_loads(store: &ArtefactStore) {
    let connector = sandbox().load(&package("harmless"), store).await.unwrap();
    super::start(&connector, Default::default(), Host::default()).await.check().await.unwrap();
}

fn only_file(folder: &std::path::Path) -> std::path::PathBuf {
    std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}

#[tokio::test]
async fn keeps_an_artefact_and_uses_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = ArtefactStore::open(folder.path(), [1; 32]).unwrap();
    check_loads(&store).await;
    let kept = std::fs::metadata(only_file(folder.path())).unwrap().modified().unwrap();
    check_loads(&store).await;
    assert_eq!(std::fs::metadata(only_file(folder.path())).unwrap().modified().unwrap(), kept);
}

#[tokio::test]
async fn makes_an_artefact_anew_that_is_in_doubt() {
    let folder = tempfile::tempdir().unwrap();
    let store = ArtefactStore::open(folder.path(), [1; 32]).unwrap();
    check_loads(&store).await;
    let path = only_file(folder.path());
    let good = std::fs::read(&path).unwrap();
    for place in [0, 40, good.len() - 1] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        std::fs::write(&path, &bad).unwrap();
        check_loads(&store).await;
        assert_ne!(std::fs::read(&path).unwrap(), bad);
    }
    std::fs::write(&path, b"").unwrap();
    check_loads(&store).await;
    let other_key = ArtefactStore::open(folder.path(), [2; 32]).unwrap();
    let before = std::fs::read(&path).unwrap();
    check_loads(&other_key).await;
    assert_ne!(std::fs::read(&path).unwrap(), before, "an artefact under another key is nobody's");
}
