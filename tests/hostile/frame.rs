//! Makes components of the files beside this one.

use std::path::Path;
use std::sync::OnceLock;

use weighbridge_sandbox::{ArtefactStore, Connector, Sandbox, Settings};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const FRAME: &str = include_str!("frame.wat");
const DEFAULTS: &str = include_str!("defaults.wat");

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
    sandbox().load(component(name), [0; 32], artefacts()).await.unwrap()
}

/// The component of `NAME.wat`: the frame, the file's own fields, and the defaults that it does not replace.
pub(super) fn component(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hostile");
    let own = std::fs::read_to_string(folder.join(name).with_extension("wat")).unwrap();
    let defaults = DEFAULTS.split("\n\n").filter(|field| !own.contains(head(field)));
    let fields = defaults.collect::<Vec<_>>().join("\n");
    let (imports, rest) = FRAME.split_once("\n\n(export").unwrap();
    let text = format!("(module {imports}\n(export{rest}\n{fields}\n{own})");
    encode(wat::parse_str(text).unwrap())
}

/// `(func $next ` of a field that begins so.
fn head(field: &str) -> &str {
    let name_end = field.match_indices(' ').nth(1).unwrap().0;
    &field[..=name_end]
}

fn encode(mut module: Vec<u8>) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/wit");
    let (package, _) = resolve.push_path(wit).unwrap();
    let world = resolve.select_world(&[package], Some("connector")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}
