//! What Debian's tools read of a package.

use crate::elf::Needed;

/// What there is to say.
pub(super) struct About<'a> {
    pub(super) version: String,
    pub(super) architecture: &'a str,
    pub(super) maintainer: &'a str,
    pub(super) needed: &'a Needed,
    pub(super) kib: usize,
}

/// The file `control`.
pub(super) fn text(about: &About<'_>) -> String {
    let About { version, architecture, maintainer, kib, .. } = about;
    let depends = depends(about.needed);
    format!(
        "Package: weighbridge
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kib}
Depends: {depends}
Section: net
Priority: optional
Description: self-hosted integration engine
 One binary beside your systems: your customers connect the platforms they use,
 and signed WebAssembly connectors move records between them. Before any batch
 moves, one gate decides whether it may, and one ledger holds what it will cost
 and bills what was really delivered.
 .
 Nothing is started before `weighbridge init` has made a data folder.
"
    )
}

/// The libraries that the binary asks for, and whatever makes the user.
fn depends(needed: &Needed) -> String {
    let mut all = Vec::new();
    if let Some((major, minor)) = needed.glibc {
        all.push(format!("libc6 (>= {major}.{minor})"));
    }
    if needed.libgcc {
        all.push("libgcc-s1 (>= 4.2)".into());
    }
    all.push("systemd | systemd-standalone-sysusers | systemd-sysusers".into());
    all.join(", ")
}
