//! Writing the scaffold of a new connector.

use std::path::{Path, PathBuf};

use crate::build::file_name;
use crate::declared::COMPONENTS;
use crate::inspect::inspect;
use crate::scaffold;

/// What the connector is to be called.
#[derive(Clone, Debug)]
pub struct NewArgs {
    /// The folder to make.
    pub folder: PathBuf,
    /// `publisher.platform`.
    pub name: String,
    /// What the platform is like.
    pub from: Pattern,
    /// The language it is written in.
    pub language: Language,
    /// The package whose component a declared connector uses; it is copied into the new folder.
    pub component: Option<PathBuf>,
    /// The folder of the language's SDK; without it, a copy is written beside the sources.
    pub sdk: Option<PathBuf>,
}

/// A language that connectors are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Rust, by `cargo`.
    #[default]
    Rust,
    /// JavaScript or TypeScript, by `npm` and `componentize-qjs`.
    JavaScript,
    /// Python, by `pip` and `componentize-py`.
    Python,
}

/// What a scaffold begins from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pattern {
    /// A REST API with an access token.
    #[default]
    Rest,
    /// A REST API at which a person signs in by OAuth 2.
    OAuth,
    /// A REST API that is described and not programmed, for the component of the REST connector.
    Declared,
}

impl Pattern {
    const fn auth(self) -> &'static str {
        match self {
            Self::Rest | Self::Declared => include_str!("template/rest.auth.toml.txt"),
            Self::OAuth => include_str!("template/oauth.auth.toml.txt"),
        }
    }
}

/// Why no scaffold was written.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// The name is none.
    #[error("`{0}` is no connector name: `publisher.platform` in lower-case letters, digits, `-` and `_` is expected")]
    Name(String),
    /// There is something.
    #[error("`{0}` is there already; name another folder")]
    Occupied(PathBuf),
    /// Without code it needs somebody else's.
    #[error(
        "a declared connector uses another one's component; name its package, such as weighbridge.rest-VERSION.wbc of a \
         release, by --component"
    )]
    NoComponent,
    /// What is named has no component.
    #[error("`{path}` is no package of `{wanted}`")]
    NotThePackage {
        /// The file.
        path: PathBuf,
        /// Whose package it must be.
        wanted: &'static str,
    },
    /// The SDK is not where it was said to be.
    #[error("`{0}` is not the folder of weighbridge-sdk for this language")]
    NoSdk(PathBuf),
    /// A file.
    #[error("`{path}`: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
}

/// What scaffolds of all languages have: the same platform, described and recorded once.
const SHARED: [(&str, &str); 2] = [
    ("connector.toml", include_str!("template/connector.toml.txt")),
    ("cassettes/orders.jsonl", include_str!("template/cassettes/orders.jsonl")),
];

/// What a declared connector has.
const DECLARED: [(&str, &str); 5] = [
    ("README.md", include_str!("template/declared/README.md.txt")),
    ("connector.toml", include_str!("template/declared/connector.toml.txt")),
    ("configuration.schema.json", include_str!("template/declared/configuration.schema.json")),
    ("schemas/order.json", include_str!("template/declared/order.json")),
    ("cassettes/orders.jsonl", include_str!("template/declared/orders.jsonl")),
];
/// The connector whose component it uses.
const USED: &str = "weighbridge.rest";

const RUST: [(&str, &str); 4] = [
    ("Cargo.toml", include_str!("template/Cargo.toml.txt")),
    ("src/lib.rs", include_str!("template/lib.rs.txt")),
    ("tests/orders.rs", include_str!("template/orders.rs.txt")),
    (".gitignore", "/target\n*.key\n"),
];

/// Writes a connector that builds, passes its tests and reads one stream. Gives the files it wrote.
pub fn new(args: &NewArgs) -> Result<Vec<PathBuf>, NewError> {
    let (publisher, platform) = split_name(&args.name)?;
    if args.folder.exists() {
        return Err(NewError::Occupied(args.folder.clone()));
    }
    let crate_name = args.name.replace('.', "-");
    let sdk = args.sdk.as_deref();
    let (dependency, rust_sdk) = scaffold::rust(sdk.filter(|_| args.language == Language::Rust))?;
    let words = [
        ("@AUTH@", args.from.auth()),
        ("@NAME@", args.name.as_str()),
        ("@PUBLISHER@", publisher),
        ("@PLATFORM@", platform),
        ("@CRATE@", &crate_name),
        ("@LIBRARY@", &crate_name.replace('-', "_")),
        ("@SDK@", &dependency),
    ];
    let mut files: Vec<(String, String)> = Vec::new();
    let mut own = |listed: &[(&str, &str)]| {
        let filled = |text: &str| words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value));
        files.extend(listed.iter().map(|(path, text)| ((*path).to_owned(), filled(text))));
    };
    if args.from == Pattern::Declared {
        let package = bring(args)?;
        own(&DECLARED);
        files.sort();
        let written = files.iter().map(|(path, text)| write(&args.folder.join(path), text));
        return std::iter::once(Ok(package)).chain(written).collect();
    }
    own(&SHARED);
    match args.language {
        Language::Rust => {
            own(&RUST);
            files.extend(rust_sdk);
        }
        Language::JavaScript => files.extend(scaffold::javascript(&crate_name, sdk)?),
        Language::Python => files.extend(scaffold::python(&crate_name, sdk)?),
    }
    files.sort();
    files.iter().map(|(path, text)| write(&args.folder.join(path), text)).collect()
}

/// Copies the package that a declared connector uses into its folder.
fn bring(args: &NewArgs) -> Result<PathBuf, NewError> {
    let path = args.component.clone().ok_or(NewError::NoComponent)?;
    let manifest = inspect(&path).ok().and_then(|found| found.manifest.ok());
    let manifest = manifest.filter(|manifest| manifest.name.as_str() == USED);
    let manifest = manifest.ok_or_else(|| NewError::NotThePackage { path: path.clone(), wanted: USED })?;
    let folder = args.folder.join(COMPONENTS);
    let target = folder.join(file_name(&manifest));
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| NewError::File { path, source }
    };
    std::fs::create_dir_all(&folder).map_err(at(&folder))?;
    std::fs::copy(&path, &target).map_err(at(&target))?;
    Ok(target)
}

fn split_name(name: &str) -> Result<(&str, &str), NewError> {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
    };
    let parts = name.split_once('.').filter(|(publisher, platform)| is_word(publisher) && is_word(platform));
    parts.ok_or_else(|| NewError::Name(name.to_owned()))
}

fn write(path: &Path, text: &str) -> Result<PathBuf, NewError> {
    let at = |source| NewError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(at)?;
    }
    std::fs::write(path, text).map_err(at)?;
    Ok(path.to_owned())
}
