//! Names that lead elsewhere, things that are no files, and more than there is.

use std::fs;
use std::os::unix::fs::symlink;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use weighbridge_egress::{FolderRefusal, Folders};

use super::{Place, names};

#[tokio::test]
async fn no_name_leads_out_of_a_folder() {
    let mut place = Place::new();
    let long = "a".repeat(201);
    let absolute = place.path("secret").display().to_string();
    let evil = [
        "..",
        ".",
        "",
        "../secret",
        "/etc/passwd",
        "./a",
        "a/b",
        "a/../../secret",
        "..\\secret",
        ".hidden",
        "a\0b",
        "a\nb",
        &long,
        &absolute,
    ];
    for name in evil {
        assert_eq!(place.read("in", name).await, Err(FolderRefusal::FileName), "{name:?}");
        assert_eq!(place.write("out", name, "x").await, Err(FolderRefusal::FileName), "{name:?}");
        let out = place.folders.rename(("out", name.into()), ("out", "a".into())).await;
        let into = place.folders.rename(("out", "a".into()), ("out", name.into())).await;
        assert_eq!((out, into), (Err(FolderRefusal::FileName), Err(FolderRefusal::FileName)), "{name:?}");
    }
    assert_eq!(names(place.folder.path()), ["in", "other", "out", "secret"]);
}

#[tokio::test]
async fn no_link_is_followed_to_read_or_to_write() {
    let mut place = Place::new();
    symlink(place.path("secret"), place.path("in/link")).unwrap();
    symlink("/proc/self/environ", place.path("in/magic")).unwrap();
    for name in ["link", "magic"] {
        assert_eq!(place.read("in", name).await, Err(FolderRefusal::NotAFile), "{name}");
    }
    // One who can write there too plants a link where the host begins a file, and where it ends it.
    symlink(place.path("secret"), place.path("out/.orders.part")).unwrap();
    assert_eq!(place.write("out", "orders", "x").await, Err(FolderRefusal::NotAFile));
    symlink(place.path("secret"), place.path("out/lines")).unwrap();
    place.write("out", "lines", "x").await.unwrap();
    assert_eq!(fs::read(place.path("secret")).unwrap(), b"secret");
    assert!(!place.path("out/lines").is_symlink());
    symlink(place.path("secret"), place.path("out/link")).unwrap();
    let moved = place.folders.rename(("out", "link".into()), ("out", "mine".into())).await;
    assert_eq!(moved, Err(FolderRefusal::NotAFile));
}

/// Another name of a file elsewhere would be emptied where it was taken for what a crash left.
#[tokio::test]
async fn a_second_name_of_another_file_is_never_emptied() {
    let mut place = Place::new();
    fs::hard_link(place.path("secret"), place.path("out/.orders.part")).unwrap();
    assert_eq!(place.write("out", "orders", "x").await, Err(FolderRefusal::InUse));
    assert_eq!(fs::read(place.path("secret")).unwrap(), b"secret");
}

#[tokio::test]
async fn what_is_no_plain_file_is_neither_read_nor_waited_for() {
    let mut place = Place::new();
    mknodat(CWD, place.path("in/pipe"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    fs::create_dir(place.path("in/folder")).unwrap();
    for name in ["pipe", "folder"] {
        assert_eq!(place.read("in", name).await, Err(FolderRefusal::NotAFile), "{name}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_granted_is_not_there_and_one_that_is_read_is_not_written() {
    let mut place = Place::new();
    fs::write(place.path("in/orders"), "1").unwrap();
    for name in ["other", "../other", "", "In", "*"] {
        assert_eq!(place.read(name, "orders").await, Err(FolderRefusal::NotGranted(name.into())));
    }
    let read_only = || Err(FolderRefusal::ReadOnly("in".into()));
    assert_eq!(place.write("in", "orders", "2").await, read_only());
    assert_eq!(place.folders.rename(("in", "orders".into()), ("out", "orders".into())).await, read_only());
    assert_eq!(fs::read(place.path("in/orders")).unwrap(), b"1");
}

#[tokio::test]
async fn the_hosts_own_data_is_no_folder_whatever_was_granted() {
    let place = Place::new();
    symlink(place.path("in"), place.path("by-link")).unwrap();
    for own in ["in", "in/..", "by-link"] {
        let grant = format!("data:read={}", place.path("in").display()).parse().unwrap();
        fs::create_dir_all(place.path("in/below")).unwrap();
        let mut folders = Folders::new([grant], Some(place.path(own)));
        let is_above = own == "in/..";
        let refused = folders.list("data", None, 9).await;
        assert_eq!(refused, Err(FolderRefusal::Own("data".into())), "{own} above: {is_above}");
    }
}

#[tokio::test]
async fn only_so_many_files_are_open_and_one_more_may_be_where_one_is_closed() {
    let mut place = Place::new();
    fs::write(place.path("in/orders"), "1").unwrap();
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(place.folders.open("in", "orders".into(), 0).await.unwrap());
    }
    assert_eq!(place.read("in", "orders").await, Err(FolderRefusal::TooManyOpen(16)));
    assert_eq!(place.folders.create("out", "orders".into()).await, Err(FolderRefusal::TooManyOpen(16)));
    place.folders.close(open[0]);
    assert_eq!(place.read("in", "orders").await.unwrap(), b"1");
    assert!(
        place.folders.write(99, b"x".to_vec()).await == Err(FolderRefusal::NotOpen)
            && place.folders.read(99, 9).await.unwrap().is_empty()
    );
}
