//! Whether the keys are only their owner's, and the last rotation came to its end.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use weighbridge_vault::{MasterSource, RingStatus};

use super::Finding;
use crate::options::Options;

/// The files that have keys in them.
pub(super) fn files(options: &Options) -> Vec<Finding> {
    let ring = options.folder.keys();
    let master = match &options.master {
        MasterSource::File(path) => Some(file("master key", path)),
        _ => None,
    };
    [file("key ring", &ring)].into_iter().chain(master).collect()
}

fn file(what: &str, path: &Path) -> Finding {
    let about = format!("{what} {}", path.display());
    match std::fs::metadata(path).map(|data| data.permissions().mode() & 0o777) {
        Ok(mode) if mode & 0o077 == 0 => Finding::ok("doctor.keys", about, "only its owner may read it"),
        Ok(mode) => {
            let sentence = format!("others than its owner may read it (mode {mode:o})");
            Finding::failed("doctor.keys_exposed", about, sentence).next(format!("chmod 600 {}", path.display()))
        }
        Err(error) => Finding::failed("doctor.keys", about, error.to_string())
            .next("name the data folder with --data, and its master key with --master-key"),
    }
}

/// What a rotation that was cut off leaves behind.
pub(super) fn rotation(status: &RingStatus) -> Finding {
    let about = format!("key ring {}", status.path.display());
    if status.leftovers {
        let sentence = "an old master key is still in its file: a rotation was cut off";
        return Finding::warning("doctor.rotation_unfinished", about, sentence)
            .next("finish it with: weighbridge keys rotate");
    }
    let sentence = format!("master key version {}, and no other one is left over", status.version);
    Finding::ok("doctor.rotation", about, sentence)
}
