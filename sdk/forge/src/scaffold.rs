//! What scaffolds have of the SDK beside them. In languages with a runtime the rest are the examples of this repository, under another name.

use std::path::Path;

use crate::new::NewError;
use crate::vendored::{self, File, PLACE};

macro_rules! example {
    ($path:literal) => {
        include_str!(concat!("../../../examples/languages/", $path))
    };
}

/// What a crate depends on, and the SDK where it lies beside it.
pub(crate) fn rust(sdk: Option<&Path>) -> Result<(String, Vec<File>), NewError> {
    let place = sdk.map(|sdk| whole(sdk, "Cargo.toml")).transpose()?.unwrap_or_else(|| PLACE.to_owned());
    Ok((format!("{{ path = {place:?} }}"), beside(sdk, vendored::rust)))
}

pub(crate) fn javascript(name: &str, sdk: Option<&Path>) -> Result<Vec<File>, NewError> {
    let place = sdk.map(|sdk| whole(sdk, "index.d.ts")).transpose()?.unwrap_or_else(|| PLACE.to_owned());
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
    files.extend(beside(sdk, vendored::javascript));
    Ok(files)
}

pub(crate) fn python(name: &str, sdk: Option<&Path>) -> Result<Vec<File>, NewError> {
    let place = sdk.map(|sdk| whole(sdk, "weighbridge_sdk/py.typed")).transpose()?.unwrap_or_else(|| PLACE.to_owned());
    let project = example!("python/pyproject.toml").replace("weighbridge-example-python", name);
    let mut files = own(&[
        ("pyproject.toml", project.replace("../../../sdk/python", &place)),
        ("requirements.txt", example!("python/requirements.txt").to_owned()),
        (".gitignore", "/.venv\n/dist\n__pycache__\n*.key\n".to_owned()),
        ("src/connector.py", example!("python/src/connector.py").to_owned()),
        ("tests/__init__.py", String::new()),
        ("tests/test_orders.py", example!("python/tests/test_orders.py").to_owned()),
    ]);
    files.extend(beside(sdk, vendored::python));
    Ok(files)
}

fn own<const N: usize>(files: &[(&str, String); N]) -> Vec<File> {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect()
}

/// The SDK, where it does not lie elsewhere.
fn beside(sdk: Option<&Path>, files: fn() -> Vec<File>) -> Vec<File> {
    if sdk.is_some() { Vec::new() } else { files() }
}

/// The SDK's whole path, where it is one.
fn whole(sdk: &Path, has: &str) -> Result<String, NewError> {
    let whole = sdk.canonicalize().ok().filter(|whole| whole.join(has).exists());
    whole.map(|whole| whole.display().to_string()).ok_or_else(|| NewError::NoSdk(sdk.to_owned()))
}
