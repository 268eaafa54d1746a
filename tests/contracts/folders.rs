//! Every way in which nothing is done with a file of a folder, with words in capitals for what the sentence names.

use weighbridge_egress::FolderRefusal;

use super::refusals::{Row, sentence};
use super::{file, texts_in};

fn refusals() -> Vec<FolderRefusal> {
    let name = || "FOLDER".to_owned();
    vec![
        FolderRefusal::NotGranted(name()),
        FolderRefusal::ReadOnly(name()),
        FolderRefusal::Own(name()),
        FolderRefusal::Unreachable { name: name(), why: "REASON".into() },
        FolderRefusal::FileName,
        FolderRefusal::NotAFile,
        FolderRefusal::Absent,
        FolderRefusal::Exists,
        FolderRefusal::InUse,
        FolderRefusal::TooManyOpen(16),
        FolderRefusal::TooManyFiles(100_000),
        FolderRefusal::TooLarge(17_179_869_184),
        FolderRefusal::NotOpen,
        FolderRefusal::Full,
        FolderRefusal::Failed("REASON".into()),
    ]
}

/// A sentence says what happened, and after the semicolon what to do.
pub fn rows() -> Vec<Row> {
    let row = |refusal: &FolderRefusal| {
        let text = refusal.to_string();
        let (what, next) = text.split_once("; ").unwrap_or((&text, "send this to the connector's author"));
        vec![format!("`{}`", refusal.code()), sentence(what), sentence(next)]
    };
    refusals().iter().map(row).collect()
}

#[test]
fn every_code_of_folders_is_on_the_page() {
    let source = std::fs::read_to_string(file("host/egress/src/folders/refusal.rs")).unwrap();
    let listed: Vec<&str> = refusals().iter().map(FolderRefusal::code).collect();
    let written = texts_in(&source, "folder.");
    assert_eq!(written.len(), listed.len());
    for code in written {
        assert!(listed.contains(&code), "{code} has no row");
    }
}
