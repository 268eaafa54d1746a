//! A release in the hands of a stranger: verified, unpacked, begun, and moving records without a network.

mod materials;
mod stranger;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;
use weighbridge_release::{Made, ReleaseArgs, ReleaseError, make, verify};

pub(crate) use self::stranger::Stranger;
use crate::town::{BINARY, Host, publisher_key};

/// A key that RFC 8410 shows: nobody believes what it signs.
const SHOWN: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

/// A release of a binary that is there, without its symbols.
pub struct Release {
    folder: TempDir,
    made: Made,
}

impl Release {
    pub fn of(binary: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = make(&Self::args(folder.path(), binary), &mut |_| {}).unwrap();
        Self { folder, made }
    }

    /// How one is made in a folder that is there.
    fn args(folder: &Path, binary: &Path) -> ReleaseArgs {
        let (key, stripped) = (folder.join("key.pem"), folder.join("stripped"));
        fs::write(&key, SHOWN).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        let strip = Command::new("strip").arg("-o").arg(&stripped).arg(binary).status().expect("binutils are there");
        assert!(strip.success());
        ReleaseArgs {
            sources: Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."),
            out: folder.join("out"),
            targets: Vec::new(),
            binary: Some(stripped),
            publisher_key: publisher_key(),
            release_key: key,
            maintainer: "Ada <ada@example.com>".into(),
            time: Some(1_700_000_000),
        }
    }

    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// Every file of it.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(self.out()).unwrap().map(|entry| entry.unwrap());
        let mut files: Vec<_> =
            entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect();
        files.sort();
        files
    }
}

/// The folder of a release of our program, made once for all tests of this process.
pub(crate) fn downloads() -> &'static Path {
    static DOWNLOADS: OnceLock<PathBuf> = OnceLock::new();
    DOWNLOADS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("release");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        make(&Release::args(&folder, Path::new(BINARY)), &mut |_| {}).unwrap();
        folder.join("out")
    })
}

/// A small program that does nothing, for what does not depend on ours.
fn small() -> &'static Path {
    Path::new("/bin/true")
}

#[test]
fn a_stranger_without_a_network_begins_a_host_loses_it_and_goes_on_from_a_backup() {
    let stranger = Stranger::with(downloads());
    let ports = [(); 3].map(|()| Host::free_port());
    let said = stranger.types(SESSION, &ports);
    let read = |name: &str| -> Value {
        let text = fs::read_to_string(stranger.home().join(name)).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"))
    };
    assert_eq!(read("refused.json")["refusal"]["code"], "customer.inactive", "{said}");
    let counts = read("run.json")["counts"].clone();
    assert_eq!((&counts["read"], &counts["delivered"], &counts["filtered"]), (&5994.into(), &5828.into(), &166.into()));
    let (usage, warehouse) = (read("usage.json"), read("warehouse.json"));
    let acme = usage["usage"].as_array().unwrap().iter().find(|line| line["customer"] == "acme").unwrap();
    assert_eq!((&acme["spent"]["records"], &warehouse["lines"]), (&5828.into(), &5828.into()), "{acme}");
    assert_eq!(read("usage-restored.json"), usage);
    assert_eq!(read("frozen.json")["refusal"]["code"], "host.frozen");
    assert_eq!(read("run-restored.json")["counts"], counts);
    assert_eq!(read("warehouse-restored.json")["lines"], 5828, "nothing is there twice");
    assert_eq!(fs::read_to_string(stranger.home().join("ready")).unwrap().lines().last(), Some("ready"));
    assert!(said.contains("records billed 5828, lines in the warehouse 5828"), "the demo of the archive: {said}");
}

/// What the stranger types, line by line.
const SESSION: &str = include_str!("session.sh");

#[test]
fn the_same_binary_makes_the_same_release_to_the_byte() {
    let (one, other) = (Release::of(small()), Release::of(small()));
    assert_eq!(one.files().len(), 5, "archive, package, digests, signature, key");
    for (mine, yours) in one.files().iter().zip(other.files()) {
        assert!(*mine == yours, "{} differs", mine.0);
    }
}

#[test]
fn a_folder_in_which_something_stands_is_refused() {
    let release = Release::of(small());
    let again = make(&Release::args(release.folder.path(), small()), &mut |_| {});
    assert!(matches!(again, Err(ReleaseError::Taken(_))), "{again:?}");
}

#[test]
fn what_was_changed_afterwards_is_not_genuine() {
    let release = Release::of(small());
    let (out, key) = (release.out(), &release.made.public_key);
    verify(&out, key).unwrap();
    for name in ["SHA256SUMS", "SHA256SUMS.sig", release.made.packed[0].archive.file_name().unwrap().to_str().unwrap()]
    {
        let (path, whole) = (out.join(name), fs::read(out.join(name)).unwrap());
        let mut changed = whole.clone();
        let last = changed.len() - 2;
        changed[last] ^= 1;
        fs::write(&path, changed).unwrap();
        assert!(matches!(verify(&out, key), Err(ReleaseError::NotGenuine(_))), "{name}");
        fs::write(&path, whole).unwrap();
    }
    verify(&out, key).unwrap();
}
