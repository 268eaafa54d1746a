//! The contract and the SDKs as they are in this version: they are written beside a connector, and nothing of ours has to be fetched.

use include_dir::{Dir, include_dir};

/// A file's path and text.
pub(crate) type File = (String, String);

/// Where an SDK is written.
pub(crate) const PLACE: &str = "vendor/weighbridge-sdk";

static CONTRACT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../schemas/wit");
static RUST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../src");
static JAVASCRIPT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../javascript/src");
static PYTHON: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../python/weighbridge_sdk");

/// What of the SDKs lies beside their sources.
const JAVASCRIPT_BESIDE: [(&str, &str); 3] = [
    ("index.d.ts", include_str!("../../javascript/index.d.ts")),
    ("package.json", include_str!("../../javascript/package.json")),
    ("testing.d.ts", include_str!("../../javascript/testing.d.ts")),
];
const RUST_MANIFEST: &str = include_str!("template/sdk.toml.txt");

/// The contract's files, in a folder.
pub(crate) fn contract(place: &str) -> Vec<File> {
    files(&CONTRACT, place)
}

/// The SDK reads the contract two folders above its sources, as it does in its repository.
pub(crate) fn rust() -> Vec<File> {
    let manifest = (format!("{PLACE}/Cargo.toml"), RUST_MANIFEST.to_owned());
    let sources = files(&RUST, &format!("{PLACE}/src"));
    sources.into_iter().chain(contract("vendor/schemas/wit")).chain([manifest]).collect()
}

pub(crate) fn javascript() -> Vec<File> {
    let beside = JAVASCRIPT_BESIDE.map(|(name, text)| (format!("{PLACE}/{name}"), text.to_owned()));
    files(&JAVASCRIPT, &format!("{PLACE}/src")).into_iter().chain(beside).collect()
}

pub(crate) fn python() -> Vec<File> {
    files(&PYTHON, &format!("{PLACE}/weighbridge_sdk"))
}

/// Its sources at every depth. What an interpreter left there is none.
fn files(folder: &Dir<'_>, place: &str) -> Vec<File> {
    let own = folder
        .files()
        .filter_map(|file| Some((format!("{place}/{}", file.path().to_str()?), file.contents_utf8()?.to_owned())));
    let deeper = folder.dirs().filter(|inner| !inner.path().ends_with("__pycache__"));
    own.chain(deeper.flat_map(|inner| files(inner, place))).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn brings_the_whole_contract_and_every_source_at_any_depth_and_nothing_else() {
        let of = |files: Vec<File>, folder: &str| -> Vec<String> {
            let mut names: Vec<String> =
                files.into_iter().filter_map(|(name, _)| Some(name.strip_prefix(folder)?.to_owned())).collect();
            names.sort();
            names
        };
        let (rust, python) = (of(rust(), "vendor/weighbridge-sdk/"), of(python(), "vendor/weighbridge-sdk/"));
        for name in ["Cargo.toml", "src/lib.rs", "src/http/request.rs", "src/testing/mod.rs"] {
            assert!(rust.iter().any(|one| one == name), "{name}: {rust:?}");
        }
        assert!(python.iter().all(|name| name.ends_with(".py") || name.ends_with("py.typed")), "{python:?}");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/wit");
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(of(contract("wit"), "wit/"), names);
    }

    #[test]
    fn the_sdk_is_described_beside_a_connector_as_it_is_in_its_repository() {
        let read = |text: &str| text.parse::<toml::Table>().unwrap();
        let text = |path: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let (ours, own, all) = (read(RUST_MANIFEST), read(&text("../Cargo.toml")), read(&text("../../Cargo.toml")));
        let whole = |table: &toml::Table| -> toml::Table {
            let shared = all["workspace"]["dependencies"].as_table().unwrap();
            table.keys().map(|name| (name.clone(), shared[name].clone())).collect()
        };
        assert_eq!(ours["dependencies"].as_table().unwrap(), &whole(own["dependencies"].as_table().unwrap()));
        let [theirs, mine] = [&own, &ours].map(|table| table["target"].as_table().unwrap().iter().next().unwrap());
        assert_eq!(mine.0, theirs.0);
        assert_eq!(mine.1["dependencies"].as_table().unwrap(), &whole(theirs.1["dependencies"].as_table().unwrap()));
        for key in ["version", "edition", "rust-version", "license"] {
            assert_eq!(ours["package"][key], all["workspace"]["package"][key], "{key}");
        }
    }
}
