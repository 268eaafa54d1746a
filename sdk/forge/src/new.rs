//! Writing the scaffold of a new connector.

use std::path::{Path, PathBuf};

/// What the connector is to be called.
#[derive(Clone, Debug)]
pub struct NewArgs {
    /// The folder to make.
    pub folder: PathBuf,
    /// `publisher.platform`.
    pub name: String,
    /// What the platform is like.
    pub from: Pattern,
    /// The folder of the crate `weighbridge-sdk`; without it, the published version is used.
    pub sdk: Option<PathBuf>,
}

/// What a scaffold begins from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pattern {
    /// A REST API with an access token.
    #[default]
    Rest,
    /// A REST API at which a person signs in by OAuth 2.
    OAuth,
}

impl Pattern {
    const fn auth(self) -> &'static str {
        match self {
            Self::Rest => include_str!("template/rest.auth.toml.txt"),
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
    /// The SDK is not where it was said to be.
    #[error("`{0}` is not the folder of weighbridge-sdk")]
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

const FILES: [(&str, &str); 6] = [
    ("Cargo.toml", include_str!("template/Cargo.toml.txt")),
    ("connector.toml", include_str!("template/connector.toml.txt")),
    ("src/lib.rs", include_str!("template/lib.rs.txt")),
    ("tests/orders.rs", include_str!("template/orders.rs.txt")),
    ("cassettes/orders.jsonl", include_str!("template/cassettes/orders.jsonl")),
    (".gitignore", "/target\n*.key\n"),
];

/// Writes a connector that builds, passes its tests and reads one stream. Gives the files it wrote.
pub fn new(args: &NewArgs) -> Result<Vec<PathBuf>, NewError> {
    let (publisher, platform) = split_name(&args.name)?;
    if args.folder.exists() {
        return Err(NewError::Occupied(args.folder.clone()));
    }
    let crate_name = args.name.replace('.', "-");
    let words = [
        ("@AUTH@", args.from.auth()),
        ("@NAME@", args.name.as_str()),
        ("@PUBLISHER@", publisher),
        ("@PLATFORM@", platform),
        ("@CRATE@", &crate_name),
        ("@LIBRARY@", &crate_name.replace('-', "_")),
        ("@SDK@", &sdk_dependency(args.sdk.as_deref())?),
    ];
    let mut written = Vec::new();
    for (path, text) in FILES {
        let text = words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value));
        written.push(write(&args.folder.join(path), &text)?);
    }
    Ok(written)
}

fn split_name(name: &str) -> Result<(&str, &str), NewError> {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
    };
    let parts = name.split_once('.').filter(|(publisher, platform)| is_word(publisher) && is_word(platform));
    parts.ok_or_else(|| NewError::Name(name.to_owned()))
}

fn sdk_dependency(sdk: Option<&Path>) -> Result<String, NewError> {
    let Some(sdk) = sdk else { return Ok(format!("\"{}\"", env!("CARGO_PKG_VERSION"))) };
    let whole = sdk.canonicalize().ok().filter(|whole| whole.join("Cargo.toml").exists());
    let whole = whole.ok_or_else(|| NewError::NoSdk(sdk.to_owned()))?;
    Ok(format!("{{ path = {:?} }}", whole.display().to_string()))
}

fn write(path: &Path, text: &str) -> Result<PathBuf, NewError> {
    let at = |source| NewError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(at)?;
    }
    std::fs::write(path, text).map_err(at)?;
    Ok(path.to_owned())
}
