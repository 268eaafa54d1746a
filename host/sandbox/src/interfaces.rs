//! What a component asks for, read before anything of it is compiled.

use wasmparser::{Parser, Payload};

/// The version of the contract that this host speaks.
const CONTRACT: &str = "@0.1.0";
const CONTRACT_INTERFACES: &[&str] = &[
    "weighbridge:connector/types",
    "weighbridge:connector/http",
    "weighbridge:connector/files",
    "weighbridge:connector/secrets",
    "weighbridge:connector/config",
    "weighbridge:connector/clock",
    "weighbridge:connector/log",
    "weighbridge:connector/run",
];
const WASI_PACKAGES: &[&str] =
    &["wasi:cli/", "wasi:clocks/", "wasi:filesystem/", "wasi:io/", "wasi:random/", "wasi:sockets/"];
const WASI_VERSION: &str = "@0.2.";

/// The first import of a component that this host does not have.
pub(crate) fn absent(component: &[u8]) -> Result<Option<String>, wasmparser::BinaryReaderError> {
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let name = import?.name.name;
                    if !is_present(name) {
                        return Ok(Some(name.to_owned()));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(None)
}

fn is_present(name: &str) -> bool {
    let ours = name.strip_suffix(CONTRACT).is_some_and(|name| CONTRACT_INTERFACES.contains(&name));
    ours || (name.contains(WASI_VERSION) && WASI_PACKAGES.iter().any(|package| name.starts_with(package)))
}
