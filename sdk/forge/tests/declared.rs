//! Connectors that are declared and not programmed.

use std::path::{Path, PathBuf};

use weighbridge_forge::{BuildArgs, Built, KeygenArgs, TestArgs, build, inspect, keygen, test};

/// Two folders beside each other: a component's description over some code, and a connector that uses it.
struct Beside {
    folder: tempfile::TempDir,
}

impl Beside {
    fn new(declared: &str) -> Self {
        let beside = Self { folder: tempfile::tempdir().unwrap() };
        beside.write("base/src/lib.rs", "");
        beside.write(
            "base/Cargo.toml",
            "[package]\nname = \"base\"\nversion = \"9.9.9\"\nedition = \"2024\"\n[lib]\n[workspace]\n",
        );
        beside.write(
            "base/connector.toml",
            "name = \"acme.base\"\npublisher = \"acme\"\ntitle = \"Base\"\nsummary = \"A base.\"\ncapabilities = []\nconfiguration = { type = \
             \"object\", additionalProperties = false, properties = { url = {}, auth = {} } }\n",
        );
        let head =
            "name = \"acme.mail\"\npublisher = \"acme\"\ntitle = \"Mail\"\nsummary = \"Mail.\"\ncapabilities = []\n";
        beside.write("mail/connector.toml", &format!("{head}{declared}"));
        beside
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn refused(&self) -> String {
        let args = BuildArgs {
            folder: self.folder.path().join("mail"),
            out: self.folder.path().join("out"),
            key: None,
            target: None,
            locked: false,
        };
        build(&args, &mut |_| {}).unwrap_err().to_string()
    }
}

#[test]
fn names_a_component_that_is_not_beside() {
    assert!(Beside::new("component = \"acme.other\"").refused().contains("no folder beside this one"));
    assert!(Beside::new("component = 5").refused().contains("is the name of a connector"));
}

#[test]
fn names_a_setting_that_the_component_does_not_know() {
    let colour = Beside::new("component = \"acme.base\"\npreset = { colour = 1 }").refused();
    assert!(colour.contains("`colour` is no setting that `acme.base` knows"), "{colour}");
    let own = "component = \"acme.base\"\npreset = { url = \"x\" }\nconfiguration = { type = \"object\", properties = { mailbox = {} } }";
    let mailbox = Beside::new(own).refused();
    assert!(mailbox.contains("`mailbox` is no setting"), "{mailbox}");
}

#[test]
fn names_a_setting_that_is_fixed_and_filled_in() {
    let both = "component = \"acme.base\"\npreset = { url = \"x\" }\nconfiguration = { type = \"object\", properties = { url = {} } }";
    assert!(Beside::new(both).refused().contains("/preset/url"));
}

#[test]
fn code_and_a_component_exclude_each_other() {
    let both = Beside::new("component = \"acme.base\"");
    both.write("mail/src/lib.rs", "");
    assert!(both.refused().contains("no meaning beside code"));
    let beside = Beside::new("");
    beside.write("base/connector.toml", "preset = { url = \"x\" }");
    let args = BuildArgs {
        folder: beside.folder.path().join("base"),
        out: beside.folder.path().into(),
        key: None,
        target: None,
        locked: false,
    };
    assert!(build(&args, &mut |_| {}).unwrap_err().to_string().contains("no meaning without `component`"));
}

fn plugin(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins").join(name)
}

fn built(name: &str, out: &Path) -> Built {
    let key = out.join("key");
    if !key.exists() {
        keygen(&KeygenArgs { path: key.clone() }).unwrap();
    }
    build(
        &BuildArgs { folder: plugin(name), out: out.to_owned(), key: Some(key), target: None, locked: false },
        &mut |_| {},
    )
    .unwrap()
}

#[test]
fn the_two_mail_connectors_are_the_rest_component_under_manifests_of_their_own() {
    let out = tempfile::tempdir().unwrap();
    for name in ["postbox", "courier"] {
        let first = built(name, out.path());
        assert_eq!(first.manifest.name, format!("weighbridge.{name}"));
        assert!(first.manifest.capabilities.iter().all(|one| one.category == "email"));
        assert!(!first.manifest.preset.is_empty());
        assert_eq!(inspect(&first.package).unwrap().manifest.unwrap(), first.manifest);
        assert!(built(name, out.path()).unchanged);
        let tested = test(&TestArgs { folder: plugin(name) }, &mut |_| {}).unwrap();
        assert_eq!((tested.passed, tested.failed.len()), (0, 0));
    }
}
