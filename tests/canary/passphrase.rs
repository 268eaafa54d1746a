//! A master key's passphrase is known to whoever types it, and to nothing that is said or kept.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{assert_folder_free_of, assert_free_of};
use crate::town::{BINARY, Town};

const PASSPHRASE: &str = "canary/7+k=y&z~Q9 of a passphrase";

#[test]
fn a_passphrase_is_found_neither_in_files_nor_in_what_is_said() {
    let (town, secrets) = (Town::bare(1), [PASSPHRASE.to_owned()]);
    let said = |words: &[&str]| {
        let mut command = Command::new(BINARY);
        command.arg("--data").arg(town.path("data")).args(["--master-key", "passphrase"]).args(words);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSPHRASE}").unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        [output.stdout, output.stderr].concat()
    };
    let (file, folder) = (town.path("bundle.tar.gz"), town.path("bundle"));
    let pack = ["support", "bundle", file.to_str().unwrap()];
    for words in [&["init"][..], &["doctor"], &["keys", "status"], &["config", "show"], &pack] {
        assert_free_of(&secrets, &words.join(" "), &said(words));
    }
    fs::create_dir(&folder).unwrap();
    assert!(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(&folder).status().unwrap().success());
    assert_folder_free_of(&secrets, &folder);
    assert_folder_free_of(&secrets, &town.path("data"));
}
