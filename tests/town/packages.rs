//! The connectors of the town: built of what is there now, or as they were built for a contract that is kept.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use super::run;

thread_local! {
    /// The folder of kept packages that this test has, in the place of what is built.
    static KEPT: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// Runs a test with the packages of a folder, and with the key that they were signed with.
pub fn with_kept(folder: &Path, test: impl FnOnce()) {
    KEPT.set(Some(folder.to_owned()));
    test();
    KEPT.set(None);
}

fn kept() -> Option<PathBuf> {
    KEPT.with_borrow(Clone::clone)
}

/// Where the publisher's key and the signed connectors are, made once for all tests.
fn workshop() -> &'static Path {
    static WORKSHOP: OnceLock<PathBuf> = OnceLock::new();
    WORKSHOP.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("publisher");
        std::fs::create_dir_all(&folder).unwrap();
        let key = folder.join("key");
        if !key.exists() {
            run(&["connector", "keygen", key.to_str().unwrap()]);
        }
        folder
    })
}

/// The key that the town's connectors are signed with.
pub fn publisher_key() -> PathBuf {
    workshop().join("key")
}

pub(super) fn public_key() -> PathBuf {
    kept().map_or_else(|| workshop().join("key.pub"), |folder| folder.join("publisher.pub"))
}

/// A signed connector of `plugins`.
pub(super) fn package(plugin: &str) -> PathBuf {
    kept().map_or_else(|| built(plugin), |folder| folder.join(format!("weighbridge.{plugin}-0.1.0.wbc")))
}

/// Built of what is there; what is unchanged is not built again.
fn built(plugin: &str) -> PathBuf {
    static BUILDING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = BUILDING.lock().unwrap();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins").join(plugin);
    let (key, out) = (workshop().join("key"), workshop());
    let words = ["connector", "build", sources.to_str().unwrap(), "--key", key.to_str().unwrap()];
    let built = run(&[&words[..], &["--out", out.to_str().unwrap()]].concat());
    assert_eq!(built.code, 0, "the connector does not build: {}", built.errors);
    PathBuf::from(built.json["package"].as_str().unwrap())
}
