//! From a core module to a component with a manifest in it.

use weighbridge_model::package::{Manifest, section};
use wit_component::ComponentEncoder;

/// The component of a core module, validated, with its manifest as its last section.
///
/// A module that imports something the contract does not have is refused with the import's name.
pub(crate) fn package(core: &[u8], manifest: &Manifest) -> Result<Vec<u8>, String> {
    let encode = || ComponentEncoder::default().validate(true).module(core)?.encode();
    let mut component = encode().map_err(|error| format!("{error:#}"))?;
    section::append_manifest(&mut component, &manifest.to_canonical_json());
    Ok(component)
}
