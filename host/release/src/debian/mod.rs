//! The same as a Debian package: an `ar` of three members.

mod ar;
mod control;
mod files;
mod scripts;

use std::path::Path;

use crate::archive;
use crate::elf::Needed;
use crate::error::ReleaseError;
use crate::files::Files;
use crate::layout::Contents;
use crate::make::Named;

/// The package's name and bytes; nothing where Debian has no such target.
pub(crate) fn package(
    sources: &Path,
    maintainer: &str,
    named: &Named,
    contents: &Contents,
    needed: &Needed,
) -> Result<Option<(String, Vec<u8>)>, ReleaseError> {
    let Some(architecture) = architecture(&named.target) else { return Ok(None) };
    let packed = |source| ReleaseError::File { path: "the Debian package".into(), source };
    let data = files::installed(sources, maintainer, named, contents)?;
    let about = control::About { version: version(named), architecture, maintainer, needed, kib: data.kib() };
    let mut control = Files::default();
    control.put("control", control::text(&about));
    control.put("conffiles", format!("/{}\n", files::SETTINGS));
    scripts::ALL.iter().for_each(|(name, text)| control.put_program(*name, *text));
    let members = [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.gz", archive::tar_gz(".", &control, named.seconds).map_err(packed)?),
        ("data.tar.gz", archive::tar_gz(".", &data, named.seconds).map_err(packed)?),
    ];
    let name = format!("weighbridge_{}_{architecture}.deb", version(named));
    Ok(Some((name, ar::of(&members, named.seconds))))
}

/// The first packaging of this version.
fn version(named: &Named) -> String {
    format!("{}-1", named.version)
}

/// What Debian calls the machines of targets with its own C library; a static binary would have the same package's name.
fn architecture(target: &str) -> Option<&'static str> {
    match target {
        "x86_64-unknown-linux-gnu" => Some("amd64"),
        "aarch64-unknown-linux-gnu" => Some("arm64"),
        _ => None,
    }
}
