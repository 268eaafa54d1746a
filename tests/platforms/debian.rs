//! Programs from Debian: installed where tests drive them as they are, or only unpacked where nothing of them may start by itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::python::shelf;

/// Whether a program is there, installed with these packages where it is missing and where that is allowed.
pub(crate) fn installed(program: &str, packages: &[&str]) -> bool {
    if is_there(Path::new(program)) || !is_root() {
        return is_there(Path::new(program));
    }
    println!("installing {}", packages.join(", "));
    let here = Path::new(".");
    with_patience(|| {
        apt(&["update"], here)?;
        apt(&[&["install", "--yes", "--no-install-recommends"][..], packages].concat(), here)
    });
    is_there(Path::new(program))
}

/// The folder with the files of one package, as they would be installed. No script of it is run, and no service begins.
pub(crate) fn unpacked(package: &str) -> PathBuf {
    static UNPACKING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = UNPACKING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = shelf(package);
    let (files, whole) = (folder.join("files"), folder.join("whole"));
    if !whole.exists() {
        println!("unpacking {package} into {}", files.display());
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&files).unwrap();
        with_patience(|| {
            if is_root() {
                apt(&["update"], &folder)?;
            }
            apt(&["download", package], &folder)
        });
        let archives = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let archive = archives.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "deb"));
        let unpacked = Command::new("dpkg-deb").arg("--extract").arg(archive.unwrap()).arg(&files).status().unwrap();
        assert!(unpacked.success(), "{package} cannot be unpacked");
        fs::write(whole, "").unwrap();
    }
    files
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn is_there(program: &Path) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// A mirror that is just being renewed names packages that it does not have yet.
fn with_patience(mut work: impl FnMut() -> Result<(), String>) {
    for again in (0..5).rev() {
        match work() {
            Ok(()) => return,
            Err(said) if again == 0 => panic!("Debian's packages cannot be had: {said}"),
            Err(said) => println!("trying again in 20 seconds: {said}"),
        }
        std::thread::sleep(Duration::from_secs(20));
    }
}

/// What `apt-get` said where it did not do it.
fn apt(words: &[&str], folder: &Path) -> Result<(), String> {
    let output = Command::new("apt-get")
        .args(["--option=Acquire::Retries=3", "--option=DPkg::Lock::Timeout=300"])
        .args(words)
        .current_dir(folder)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .output()
        .unwrap();
    let said = || format!("{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.status.success().then_some(()).ok_or_else(said)
}
