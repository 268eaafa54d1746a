//! From a core module to a component with a manifest in it.

use weighbridge_model::package::{Manifest, section};
use wit_component::{ComponentEncoder, DecodedWasm};

/// The component of a core module, validated.
///
/// A module that imports something the contract does not have is refused with the import's name.
pub(crate) fn encode(core: &[u8]) -> Result<Vec<u8>, String> {
    let encode = || ComponentEncoder::default().validate(true).module(core)?.encode();
    encode().map_err(|error| format!("{error:#}"))
}

/// The component with its manifest as its last section.
pub(crate) fn package(mut component: Vec<u8>, manifest: &Manifest) -> Vec<u8> {
    section::append_manifest(&mut component, &manifest.to_canonical_json());
    component
}

/// Whether a component that another tool made asks for nothing but the contract: no clock, no file, no socket of its own.
pub(crate) fn check(component: &[u8]) -> Result<(), String> {
    let decoded = wit_component::decode(component).map_err(|error| format!("{error:#}"))?;
    let DecodedWasm::Component(resolve, world) = decoded else { return Err("it is no component".into()) };
    let imports = resolve.worlds[world].imports.keys().map(|key| resolve.name_world_key(key));
    let mut strangers = imports.filter(|name| !name.starts_with("weighbridge:connector/"));
    strangers.next().map_or(Ok(()), |name| Err(format!("it imports `{name}`, which the contract does not have")))
}
