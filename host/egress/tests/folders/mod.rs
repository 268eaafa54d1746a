//! What a guest may do with the folders of this host, and what it never may.

mod hostile;

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use weighbridge_egress::{FolderRefusal, Folders};

/// Three folders: one that is read, one that is written, and one that is not granted; beside them a file that nobody may see.
struct Place {
    folder: TempDir,
    folders: Folders,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["in", "out", "other"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("secret"), "secret").unwrap();
        let grant = |name: &str, access: &str| format!("{name}:{access}={}/{name}", folder.path().display());
        let grants = [grant("in", "read"), grant("out", "write")].map(|text| text.parse().unwrap());
        Self { folders: Folders::new(grants, None), folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    async fn read(&mut self, folder: &str, name: &str) -> Result<Vec<u8>, FolderRefusal> {
        let handle = self.folders.open(folder, name.into(), 0).await?;
        let bytes = self.folders.read(handle, 1 << 20).await;
        self.folders.close(handle);
        bytes
    }

    async fn write(&mut self, folder: &str, name: &str, text: &str) -> Result<(), FolderRefusal> {
        let handle = self.folders.create(folder, name.into()).await?;
        self.folders.write(handle, text.into()).await?;
        self.folders.commit(handle).await
    }
}

/// All names of a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = entries.collect();
    names.sort();
    names
}

#[tokio::test]
async fn lists_plain_files_in_the_order_of_their_names_and_goes_on() {
    let mut place = Place::new();
    for name in ["c", "a", "b", ".hidden", "d\nd"] {
        fs::write(place.path("in").join(name), name).unwrap();
    }
    fs::create_dir(place.path("in/folder")).unwrap();
    std::os::unix::fs::symlink(place.path("secret"), place.path("in/link")).unwrap();
    let first = place.folders.list("in", None, 2).await.unwrap();
    assert_eq!(
        first.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect::<Vec<_>>(),
        [("a", 1), ("b", 1)]
    );
    assert!(first.files[0].modified_ms > 1_600_000_000_000 && first.files[0].changed_ms >= first.files[0].modified_ms);
    let rest = place.folders.list("in", first.next, 2).await.unwrap();
    assert_eq!((rest.files.len(), rest.files[0].name.as_str(), rest.next), (1, "c", None));
}

#[tokio::test]
async fn reads_a_file_from_a_place_on_in_pieces() {
    let mut place = Place::new();
    fs::write(place.path("in/orders"), "0123456789").unwrap();
    let handle = place.folders.open("in", "orders".into(), 3).await.unwrap();
    let mut pieces = Vec::new();
    for _ in 0..4 {
        pieces.push(place.folders.read(handle, 3).await.unwrap());
    }
    assert_eq!(pieces, [b"345".to_vec(), b"678".to_vec(), b"9".to_vec(), Vec::new()]);
    assert_eq!(place.read("in", "absent").await, Err(FolderRefusal::Absent));
}

#[tokio::test]
async fn a_file_has_its_name_once_it_is_whole_and_takes_the_place_of_an_earlier_one() {
    let mut place = Place::new();
    fs::write(place.path("out/orders"), "before").unwrap();
    let handle = place.folders.create("out", "orders".into()).await.unwrap();
    place.folders.write(handle, b"af".to_vec()).await.unwrap();
    assert_eq!(fs::read(place.path("out/orders")).unwrap(), b"before");
    assert_eq!(place.folders.list("out", None, 9).await.unwrap().files.len(), 1, "what is not whole is not listed");
    place.folders.write(handle, b"ter".to_vec()).await.unwrap();
    place.folders.commit(handle).await.unwrap();
    assert_eq!(
        (fs::read(place.path("out/orders")).unwrap(), names(&place.path("out"))),
        (b"after".to_vec(), vec!["orders".into()])
    );
}

#[tokio::test]
async fn a_file_that_is_given_up_leaves_nothing_and_one_that_a_crash_left_is_taken_over() {
    let mut place = Place::new();
    let handle = place.folders.create("out", "orders".into()).await.unwrap();
    place.folders.write(handle, b"half".to_vec()).await.unwrap();
    place.folders.close(handle);
    assert!(names(&place.path("out")).is_empty());
    fs::write(place.path("out/.orders.part"), "what a crash left, which is longer").unwrap();
    place.write("out", "orders", "whole").await.unwrap();
    assert_eq!(fs::read(place.path("out/orders")).unwrap(), b"whole");
}

#[tokio::test]
async fn two_never_write_one_file_at_once() {
    let mut place = Place::new();
    let first = place.folders.create("out", "orders".into()).await.unwrap();
    assert_eq!(place.folders.create("out", "orders".into()).await, Err(FolderRefusal::InUse));
    place.folders.write(first, b"first".to_vec()).await.unwrap();
    place.folders.commit(first).await.unwrap();
    place.write("out", "orders", "second").await.unwrap();
    assert_eq!(fs::read(place.path("out/orders")).unwrap(), b"second");
}

#[tokio::test]
async fn moves_a_file_to_a_new_name_and_refuses_to_one_that_is_taken() {
    let mut place = Place::new();
    place.write("out", "orders", "1").await.unwrap();
    place.folders.rename(("out", "orders".into()), ("out", "orders.done".into())).await.unwrap();
    assert_eq!(names(&place.path("out")), ["orders.done"]);
    place.write("out", "orders", "2").await.unwrap();
    let taken = place.folders.rename(("out", "orders".into()), ("out", "orders.done".into())).await;
    assert_eq!((taken, names(&place.path("out")).len()), (Err(FolderRefusal::Exists), 2));
}

#[tokio::test]
async fn says_that_a_folder_is_not_there_and_finds_it_once_it_is() {
    let mut place = Place::new();
    fs::remove_dir(place.path("in")).unwrap();
    let gone = place.folders.list("in", None, 9).await.unwrap_err();
    assert_eq!(gone.code(), "folder.unreachable");
    assert!(!gone.to_string().contains(&place.folder.path().display().to_string()), "{gone}");
    fs::create_dir(place.path("in")).unwrap();
    assert!(place.folders.list("in", None, 9).await.unwrap().files.is_empty());
}

/// Where memory is mounted as a disk of its own, which it is on Linux.
#[tokio::test]
async fn moves_a_file_to_a_folder_on_another_disk_and_refuses_to_a_name_that_is_taken() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir_in("/dev/shm").unwrap());
    let grants = [("out", here.path()), ("done", there.path())];
    let grants = grants.map(|(name, path)| format!("{name}:write={}", path.display()).parse().unwrap());
    let mut folders = Folders::new(grants, None);
    fs::write(here.path().join("orders"), "1").unwrap();
    folders.rename(("out", "orders".into()), ("done", "orders".into())).await.unwrap();
    assert_eq!((names(here.path()).len(), fs::read(there.path().join("orders")).unwrap()), (0, b"1".to_vec()));
    fs::write(here.path().join("orders"), "2").unwrap();
    let taken = folders.rename(("out", "orders".into()), ("done", "orders".into())).await;
    assert_eq!(
        (taken, names(here.path()).len(), names(there.path())),
        (Err(FolderRefusal::Exists), 1, vec!["orders".into()])
    );
    assert_eq!(fs::read(there.path().join("orders")).unwrap(), b"1");
}
