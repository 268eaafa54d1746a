//! The folders that a guest is given: what its manifest asks for and the operator grants, whichever is less.

use std::path::Path;

use weighbridge_egress::{self as egress, FolderRefusal, Folders};
use weighbridge_model::folder::{FOLDERS_MAX, FolderGrant};
use weighbridge_model::integration::EgressGrant;
use weighbridge_model::package::Manifest;
use weighbridge_sandbox::{FileEntry, FileRefusal, Listing};

use crate::error::EngineError;

/// What of a grant a connector may use.
pub(super) fn granted(manifest: &Manifest, grant: &EgressGrant, own: Option<&Path>) -> Result<Folders, EngineError> {
    let grants = grant.folders.iter().map(|text| folder(text).map_err(EngineError::Egress));
    let grants: Vec<FolderGrant> = grants.collect::<Result<_, _>>()?;
    let asked = grants.into_iter().filter_map(|grant| {
        let access = manifest.folder_access(&grant.name)?.min(grant.access);
        Some(FolderGrant { access, ..grant })
    });
    Ok(Folders::new(asked, own.map(Path::to_owned)))
}

/// A folder such as `inbox:read=/srv/drop/in`.
fn folder(text: &str) -> Result<FolderGrant, String> {
    text.parse().map_err(|error| format!("`{text}` grants no folder: {error}"))
}

/// All folders of a grant, and where one of them is wrong.
pub(crate) fn check(folders: &[String]) -> Result<(), (usize, String)> {
    let mut names = std::collections::BTreeSet::new();
    for (index, text) in folders.iter().enumerate() {
        let grant = folder(text).map_err(|what| (index, what))?;
        if !names.insert(grant.name.clone()) {
            return Err((index, format!("the folder `{}` is there twice", grant.name)));
        }
        if index == FOLDERS_MAX {
            return Err((index, format!("at most {FOLDERS_MAX} folders are granted")));
        }
    }
    Ok(())
}

pub(super) fn listing(listing: egress::Listing) -> Listing {
    let files = listing.files.into_iter().map(|file| {
        let egress::FileEntry { name, bytes, modified_ms, changed_ms } = file;
        FileEntry { name, bytes, modified_ms, changed_ms }
    });
    Listing { files: files.collect(), next: listing.next }
}

pub(super) fn refusal(refusal: FolderRefusal) -> FileRefusal {
    let sentence = format!("{refusal} ({})", refusal.code());
    match refusal {
        FolderRefusal::NotGranted(_)
        | FolderRefusal::ReadOnly(_)
        | FolderRefusal::Own(_)
        | FolderRefusal::FileName
        | FolderRefusal::NotAFile
        | FolderRefusal::NotOpen => FileRefusal::Denied(sentence),
        FolderRefusal::Absent => FileRefusal::Absent,
        FolderRefusal::Exists => FileRefusal::Exists,
        FolderRefusal::InUse => FileRefusal::InUse,
        FolderRefusal::TooManyOpen(_) | FolderRefusal::TooManyFiles(_) | FolderRefusal::TooLarge(_) => {
            FileRefusal::TooLarge(sentence)
        }
        FolderRefusal::Unreachable { .. } | FolderRefusal::Full | FolderRefusal::Failed(_) => {
            FileRefusal::Unavailable(sentence)
        }
    }
}
