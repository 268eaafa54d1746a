//! What the package installs, and where.

use std::path::Path;

use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

use super::version;
use crate::archive;
use crate::error::ReleaseError;
use crate::files::{self, Files};
use crate::layout::{self, Contents, UNIT};
use crate::make::Named;

/// The configuration, which an upgrade leaves as an operator changed it.
pub(super) const SETTINGS: &str = "etc/weighbridge/weighbridge.toml";

const DOCUMENTS: &str = "usr/share/doc/weighbridge";
const SHARED: &str = "usr/share/weighbridge";

/// The user that it runs as. The folder is made by `weighbridge init`.
const USER: &str = "u weighbridge - \"Weighbridge integration engine\" /var/lib/weighbridge /usr/sbin/nologin\n";

const README: &str = "Nothing serves yet. Read pages/install.md in this folder, from \"From the Debian package\" on; pages/index.md says what
each of the other pages is for.
";

const COPYRIGHT: &str = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: weighbridge
Comment: What is linked into the program stands under licences of its own:
 see LICENCES.txt.gz and sbom.cdx.json.gz beside this file.

Files: *
Copyright: 2026 the authors of Weighbridge
License: Apache-2.0
 On Debian systems the whole text of this licence is in
 /usr/share/common-licenses/Apache-2.0.
";

/// All of it.
pub(super) fn installed(
    sources: &Path,
    maintainer: &str,
    named: &Named,
    contents: &Contents,
) -> Result<Files, ReleaseError> {
    let mut files = Files::default();
    files.put_program("usr/bin/weighbridge", contents.binary.clone());
    files.put("usr/lib/systemd/system/weighbridge.service", unit(sources)?);
    files.put("usr/lib/sysusers.d/weighbridge.conf", USER);
    files.copy(SETTINGS, &sources.join(layout::SETTINGS))?;
    layout::connectors(&mut files, &format!("{SHARED}/connectors"), contents);
    for name in ["prometheus/alerts.yml", "grafana/dashboard.json", "Containerfile"] {
        files.copy(format!("{SHARED}/{name}"), &sources.join("host/deploy").join(name))?;
    }
    for (completion, (_, _, path)) in layout::completions(contents) {
        files.put(*path, completion.text.as_str());
    }
    documents(&mut files, sources, maintainer, named, contents)?;
    Ok(files)
}

fn documents(
    files: &mut Files,
    sources: &Path,
    maintainer: &str,
    named: &Named,
    contents: &Contents,
) -> Result<(), ReleaseError> {
    files.put(format!("{DOCUMENTS}/copyright"), COPYRIGHT);
    files.put(format!("{DOCUMENTS}/README.Debian"), README);
    layout::pages(files, &format!("{DOCUMENTS}/pages"), sources)?;
    for name in ["README.md", "SECURITY.md"] {
        files.copy(format!("{DOCUMENTS}/{name}"), &sources.join(name))?;
    }
    let changes = files::read(&sources.join("CHANGELOG.md"))?;
    for (name, bytes) in [
        ("changelog", changes),
        ("changelog.Debian", debian_changes(maintainer, named).into_bytes()),
        ("LICENCES.txt", contents.licences.clone().into_bytes()),
        ("sbom.cdx.json", contents.bill.clone().into_bytes()),
    ] {
        let path = format!("{DOCUMENTS}/{name}.gz");
        let packed = archive::gz(&bytes).map_err(ReleaseError::at(Path::new(&path)))?;
        files.put(path, packed);
    }
    Ok(())
}

fn debian_changes(maintainer: &str, named: &Named) -> String {
    let at = named.instant().to_zoned(TimeZone::UTC);
    let at = rfc2822::to_string(&at).unwrap_or_default();
    let version = version(named);
    format!("weighbridge ({version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- {maintainer}  {at}\n")
}

/// The unit with a user that stays, so that an operator's commands beside the host can be that user's.
fn unit(sources: &Path) -> Result<String, ReleaseError> {
    const DYNAMIC: &str = "DynamicUser=yes\n";
    let text = layout::text_with(sources, UNIT, &[DYNAMIC])?;
    Ok(text.replace(DYNAMIC, "User=weighbridge\nGroup=weighbridge\n"))
}
