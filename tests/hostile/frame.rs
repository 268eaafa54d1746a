//! Makes components of the files beside this one.

use std::path::Path;
use std::sync::OnceLock;

use weighbridge_model::package::{
    NamePattern, PackageRefusal, TrustStore, UnverifiedPackage, VerifiedPackage, section, signature,
};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_sandbox::{ArtefactStore, Connector, Sandbox, Settings};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const FRAME: &str = include_str!("frame.wat");
const DEFAULTS: &str = include_str!("defaults.wat");
pub(super) const KEY: [u8; 32] = [3; 32];

/// One sandbox for all of these tests, so that every one of them runs beside every other.
pub(super) fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| Sandbox::new(&Settings::default()).unwrap())
}

pub(super) fn artefacts() -> &'static ArtefactStore {
    static STORE: OnceLock<(tempfile::TempDir, ArtefactStore)> = OnceLock::new();
    let open = || {
        let folder = tempfile::tempdir().unwrap();
        let store = ArtefactStore::open(folder.path(), [7; 32]).unwrap();
        (folder, store)
    };
    &STORE.get_or_init(open).1
}

pub(super) async fn connector(name: &str) -> Connector {
    sandbox().load(&package(name), artefacts()).await.unwrap()
}

/// The signed package of `NAME.wat`.
pub(super) fn package(name: &str) -> VerifiedPackage {
    verified(component(name))
}

/// Any component, signed by a publisher whom these tests trust.
pub(super) fn verified(component: Vec<u8>) -> VerifiedPackage {
    trusting(with_manifest(component)).unwrap()
}

/// The component with a manifest after it.
pub(super) fn with_manifest(mut component: Vec<u8>) -> Vec<u8> {
    let manifest = serde_json::json!({
        "name": "evil.guest", "version": "0.1.0", "publisher": "evil", "title": "Evil", "summary": "Evil.",
        "contract": "0.1.0", "capabilities": [],
    });
    section::append_manifest(&mut component, manifest.to_string().as_bytes());
    component
}

/// What comes of any bytes that this publisher signs.
pub(super) fn trusting(content: Vec<u8>) -> Result<VerifiedPackage, PackageRefusal> {
    verify(signature::sign(content, &KEY))
}

/// What comes of any bytes.
pub(super) fn verify(package: Vec<u8>) -> Result<VerifiedPackage, PackageRefusal> {
    let mut trust = TrustStore::default();
    let names = [NamePattern::parse("evil.*").unwrap()];
    trust.add_key("evil", names, signature::public_key(&KEY), Window::ALWAYS).unwrap();
    UnverifiedPackage::new(package).verify(&trust, Timestamp::from_millis(0))
}

/// The component of `NAME.wat`: the frame, the file's own fields, and the defaults that it does not replace.
pub fn component(name: &str) -> Vec<u8> {
    encode(module(name), "connector", None)
}

/// The same for a guest that imports more than the contract: what the packages of a file say, in its world `guest`.
pub(super) fn component_beyond(name: &str, packages: &str) -> Vec<u8> {
    encode(module(name), "guest", Some(&read(packages, "wit")))
}

fn module(name: &str) -> Vec<u8> {
    let own = read(name, "wat");
    let defaults = DEFAULTS.split("\n\n").filter(|field| !own.contains(head(field)));
    let fields = defaults.collect::<Vec<_>>().join("\n");
    // Imports stand before everything else.
    let (imports, own): (Vec<_>, Vec<_>) = own.lines().partition(|line| line.starts_with("(import "));
    let (imports, own) = (imports.join("\n"), own.join("\n"));
    wat::parse_str(format!("(module {imports}\n{FRAME}\n{fields}\n{own})")).unwrap()
}

fn read(name: &str, extension: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hostile");
    std::fs::read_to_string(folder.join(name).with_extension(extension)).unwrap()
}

/// `(func $next ` of a field that begins so.
fn head(field: &str) -> &str {
    let name_end = field.match_indices(' ').nth(1).unwrap().0;
    &field[..=name_end]
}

fn encode(mut module: Vec<u8>, world: &str, packages: Option<&str>) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/wit");
    let (mut package, _) = resolve.push_path(contract).unwrap();
    if let Some(packages) = packages {
        package = resolve.push_str("packages.wit", packages).unwrap();
    }
    let world = resolve.select_world(&[package], Some(world)).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}
