//! Looking at a release as a stranger does, who has its folder and the public half of the release key.

use std::path::Path;

use crate::error::ReleaseError;
use crate::files;
use crate::key::VerifyingKey;
use crate::sums::{self, SIGNATURE, SUMS};

/// Whether the list of a folder is signed by this key, and every file on it is as it was. The folder is one of downloads, or an
/// archive that was unpacked: both have a list.
pub fn verify(folder: &Path, key: &Path) -> Result<(), ReleaseError> {
    let key = VerifyingKey::read(key)?;
    let list = files::read(&folder.join(SUMS))?;
    let signature = files::read(&folder.join(SIGNATURE))?;
    if !key.signed(&list, &signature) {
        return Err(ReleaseError::NotGenuine(format!("{SUMS} is not signed by this key")));
    }
    let list = String::from_utf8(list).map_err(|_| ReleaseError::NotGenuine(format!("{SUMS} is no text")))?;
    sums::check(folder, &list)
}
