//! What stands where in the archive.

use std::path::Path;

use crate::binary;
use crate::cargo;
use crate::connectors::Connector;
use crate::error::ReleaseError;
use crate::files::{self, Files};

/// What is the same wherever it is put.
pub(crate) struct Contents {
    pub(crate) binary: Vec<u8>,
    pub(crate) connectors: Vec<Connector>,
    /// What operators trust.
    pub(crate) publisher: String,
    /// The bill of materials.
    pub(crate) bill: String,
    /// The licences of what is linked.
    pub(crate) licences: String,
    /// What completes words in three shells; empty where the binary cannot be run here.
    pub(crate) completions: Vec<Completion>,
    /// How many crates are linked.
    pub(crate) crates: usize,
}

/// What makes a shell complete words.
pub(crate) struct Completion {
    pub(crate) shell: &'static str,
    pub(crate) text: String,
}

/// What the shells call the files, and where Debian has them.
pub(crate) const SHELLS: [(&str, &str, &str); 3] = [
    ("bash", "weighbridge.bash", "usr/share/bash-completion/completions/weighbridge"),
    ("zsh", "_weighbridge", "usr/share/zsh/vendor-completions/_weighbridge"),
    ("fish", "weighbridge.fish", "usr/share/fish/vendor_completions.d/weighbridge.fish"),
];

/// The operator's pages: the folder that they stand in, and where they go.
const PAGES: (&str, &str) = ("host/pages", "pages");
/// The unit of systemd.
pub(crate) const UNIT: &str = "host/deploy/weighbridge.service";
/// Every setting, as comments.
pub(crate) const SETTINGS: &str = "schemas/weighbridge.toml";
/// Where a connector's publisher is read from.
pub(crate) const PUBLISHER: &str = "publisher.pub";

/// Files of the repository, and where they stand in the archive.
const COPIED: [(&str, &str); 10] = [
    ("LICENSE", "LICENSE"),
    ("README.md", "README.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("SECURITY.md", "SECURITY.md"),
    (UNIT, "deploy/weighbridge.service"),
    (SETTINGS, "deploy/weighbridge.toml"),
    ("host/deploy/Containerfile", "deploy/Containerfile"),
    // What a new volume of a container begins with.
    (SETTINGS, "deploy/volume/weighbridge.toml"),
    ("host/deploy/prometheus/alerts.yml", "deploy/prometheus/alerts.yml"),
    ("host/deploy/grafana/dashboard.json", "deploy/grafana/dashboard.json"),
];

/// The archive's files, their digests apart.
pub(crate) fn archive(sources: &Path, contents: &Contents) -> Result<Files, ReleaseError> {
    let mut files = Files::default();
    files.put_program(binary::NAME, contents.binary.clone());
    for (from, to) in COPIED {
        files.copy(to, &sources.join(from))?;
    }
    pages(&mut files, PAGES.1, sources)?;
    files.put("sbom.cdx.json", contents.bill.as_str());
    files.put("LICENCES.txt", contents.licences.as_str());
    connectors(&mut files, "connectors", contents);
    for (completion, (_, name, _)) in completions(contents) {
        files.put(format!("completions/{name}"), completion.text.as_str());
    }
    Ok(files)
}

/// Every page of the operator's.
pub(crate) fn pages(files: &mut Files, folder: &str, sources: &Path) -> Result<(), ReleaseError> {
    let from = sources.join(PAGES.0);
    for entry in std::fs::read_dir(&from).map_err(ReleaseError::at(&from))? {
        let page = entry.map_err(ReleaseError::at(&from))?.path();
        if let Some(name) = page.file_name().filter(|_| page.extension().is_some_and(|ending| ending == "md")) {
            files.copy(format!("{folder}/{}", name.display()), &page)?;
        }
    }
    Ok(())
}

/// The connectors and what they are verified by.
pub(crate) fn connectors(files: &mut Files, folder: &str, contents: &Contents) {
    for connector in &contents.connectors {
        files.put(format!("{folder}/{}", connector.file), connector.bytes.clone());
    }
    files.put(format!("{folder}/{PUBLISHER}"), contents.publisher.as_str());
}

/// The shells that there are words for.
pub(crate) fn completions(
    contents: &Contents,
) -> impl Iterator<Item = (&Completion, &'static (&'static str, &'static str, &'static str))> {
    let place = |one: &Completion| SHELLS.iter().find(|(shell, _, _)| *shell == one.shell);
    contents.completions.iter().filter_map(move |one| Some((one, place(one)?)))
}

/// Asks the binary itself for them.
pub(crate) fn ask_completions(binary: &Path) -> Result<Vec<Completion>, ReleaseError> {
    let program = binary.canonicalize().map_err(ReleaseError::at(binary))?;
    let program = program.display().to_string();
    let ask = |(shell, _, _): &(&'static str, &str, &str)| {
        Ok(Completion { shell, text: cargo::ask(&program, &["completions", shell], Path::new("."))? })
    };
    SHELLS.iter().map(ask).collect()
}

/// A file of the repository in which something must stand.
pub(crate) fn text_with(
    sources: &Path,
    path: &'static str,
    wanted: &'static [&'static str],
) -> Result<String, ReleaseError> {
    let text = files::read_text(&sources.join(path))?;
    match wanted.iter().find(|line| !text.contains(**line)) {
        Some(wanted) => Err(ReleaseError::Text { path, wanted }),
        None => Ok(text),
    }
}
