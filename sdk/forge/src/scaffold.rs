//! Scaffolds in languages with a runtime: the examples of this repository, under another name, with the SDK beside them.

use std::path::Path;

use crate::new::NewError;

/// A file's path and text.
type File = (String, String);

/// Where a copy of the SDK is written, so that nothing of ours has to be fetched.
const VENDORED: &str = "vendor/weighbridge-sdk";

const JAVASCRIPT_SDK: [(&str, &str); 13] = [
    ("index.d.ts", include_str!("../../javascript/index.d.ts")),
    ("package.json", include_str!("../../javascript/package.json")),
    ("src/destination.js", include_str!("../../javascript/src/destination.js")),
    ("src/failure.js", include_str!("../../javascript/src/failure.js")),
    ("src/guest.js", include_str!("../../javascript/src/guest.js")),
    ("src/host.js", include_str!("../../javascript/src/host.js")),
    ("src/http.js", include_str!("../../javascript/src/http.js")),
    ("src/index.js", include_str!("../../javascript/src/index.js")),
    ("src/lines.js", include_str!("../../javascript/src/lines.js")),
    ("src/source.js", include_str!("../../javascript/src/source.js")),
    ("src/testing.js", include_str!("../../javascript/src/testing.js")),
    ("src/text.js", include_str!("../../javascript/src/text.js")),
    ("testing.d.ts", include_str!("../../javascript/testing.d.ts")),
];

const PYTHON_SDK: [(&str, &str); 17] = [
    ("weighbridge_sdk/__init__.py", include_str!("../../python/weighbridge_sdk/__init__.py")),
    ("weighbridge_sdk/catalog.py", include_str!("../../python/weighbridge_sdk/catalog.py")),
    ("weighbridge_sdk/clock.py", include_str!("../../python/weighbridge_sdk/clock.py")),
    ("weighbridge_sdk/config.py", include_str!("../../python/weighbridge_sdk/config.py")),
    ("weighbridge_sdk/connector.py", include_str!("../../python/weighbridge_sdk/connector.py")),
    ("weighbridge_sdk/destination.py", include_str!("../../python/weighbridge_sdk/destination.py")),
    ("weighbridge_sdk/failure.py", include_str!("../../python/weighbridge_sdk/failure.py")),
    ("weighbridge_sdk/guest.py", include_str!("../../python/weighbridge_sdk/guest.py")),
    ("weighbridge_sdk/host.py", include_str!("../../python/weighbridge_sdk/host.py")),
    ("weighbridge_sdk/http.py", include_str!("../../python/weighbridge_sdk/http.py")),
    ("weighbridge_sdk/lines.py", include_str!("../../python/weighbridge_sdk/lines.py")),
    ("weighbridge_sdk/log.py", include_str!("../../python/weighbridge_sdk/log.py")),
    ("weighbridge_sdk/py.typed", include_str!("../../python/weighbridge_sdk/py.typed")),
    ("weighbridge_sdk/run.py", include_str!("../../python/weighbridge_sdk/run.py")),
    ("weighbridge_sdk/secrets.py", include_str!("../../python/weighbridge_sdk/secrets.py")),
    ("weighbridge_sdk/source.py", include_str!("../../python/weighbridge_sdk/source.py")),
    ("weighbridge_sdk/testing.py", include_str!("../../python/weighbridge_sdk/testing.py")),
];

macro_rules! example {
    ($path:literal) => {
        include_str!(concat!("../../../examples/languages/", $path))
    };
}

pub(crate) fn javascript(name: &str, sdk: Option<&Path>) -> Result<Vec<File>, NewError> {
    let place = sdk.map(|sdk| whole(sdk, "index.d.ts")).transpose()?.unwrap_or_else(|| VENDORED.to_owned());
    let fill =
        |text: &str| text.replace("weighbridge-example-javascript", name).replace("../../../sdk/javascript", &place);
    let mut files = own(&[
        ("package.json", fill(example!("javascript/package.json"))),
        ("package-lock.json", fill(example!("javascript/package-lock.json"))),
        (".npmrc", example!("javascript/.npmrc").to_owned()),
        (".gitignore", "/node_modules\n/dist\n*.key\n".to_owned()),
        ("src/connector.js", example!("javascript/src/connector.js").to_owned()),
        ("tests/orders.test.js", example!("javascript/tests/orders.test.js").to_owned()),
    ]);
    // A lock file names a folder from where it lies itself, so npm writes its own for an SDK that lies elsewhere.
    files.retain(|(path, _)| sdk.is_none() || path != "package-lock.json");
    files.extend(vendored(sdk, &JAVASCRIPT_SDK));
    Ok(files)
}

pub(crate) fn python(name: &str, sdk: Option<&Path>) -> Result<Vec<File>, NewError> {
    let place =
        sdk.map(|sdk| whole(sdk, "weighbridge_sdk/py.typed")).transpose()?.unwrap_or_else(|| VENDORED.to_owned());
    let project = example!("python/pyproject.toml").replace("weighbridge-example-python", name);
    let mut files = own(&[
        ("pyproject.toml", project.replace("../../../sdk/python", &place)),
        ("requirements.txt", example!("python/requirements.txt").to_owned()),
        (".gitignore", "/.venv\n/dist\n__pycache__\n*.key\n".to_owned()),
        ("src/connector.py", example!("python/src/connector.py").to_owned()),
        ("tests/__init__.py", String::new()),
        ("tests/test_orders.py", example!("python/tests/test_orders.py").to_owned()),
    ]);
    files.extend(vendored(sdk, &PYTHON_SDK));
    Ok(files)
}

fn own<const N: usize>(files: &[(&str, String); N]) -> Vec<File> {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect()
}

fn vendored(sdk: Option<&Path>, files: &[(&str, &str)]) -> Vec<File> {
    let files = files.iter().filter(|_| sdk.is_none());
    files.map(|(path, text)| (format!("{VENDORED}/{path}"), (*text).to_owned())).collect()
}

/// The SDK's whole path, where it is one.
fn whole(sdk: &Path, has: &str) -> Result<String, NewError> {
    let whole = sdk.canonicalize().ok().filter(|whole| whole.join(has).exists());
    whole.map(|whole| whole.display().to_string()).ok_or_else(|| NewError::NoSdk(sdk.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path, below: &str) -> Vec<String> {
        let entries = std::fs::read_dir(folder.join(below)).unwrap().map(|entry| entry.unwrap());
        let names = entries.filter(|entry| entry.file_type().unwrap().is_file());
        let mut names: Vec<String> =
            names.map(|entry| format!("{below}{}", entry.file_name().to_str().unwrap())).collect();
        names.sort();
        names
    }

    #[test]
    fn brings_every_file_of_an_sdk_along() {
        let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let below = |listed: &[(&str, &str)], folder: &str| -> Vec<String> {
            listed.iter().map(|(path, _)| (*path).to_owned()).filter(|path| path.starts_with(folder)).collect()
        };
        assert_eq!(below(&JAVASCRIPT_SDK, "src/"), files(&sdk.join("javascript"), "src/"));
        assert_eq!(below(&PYTHON_SDK, "weighbridge_sdk/"), files(&sdk.join("python"), "weighbridge_sdk/"));
    }
}
