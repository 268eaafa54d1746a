//! A `.tar.gz` whose bytes follow from its files alone: sorted, of one time, of nobody.

use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use crate::files::Files;

/// Packs files under a folder, which may be `.`, at a time in seconds.
pub(crate) fn tar_gz(under: &str, files: &Files, seconds: u64) -> io::Result<Vec<u8>> {
    let mut tar = Builder::new(GzBuilder::new().write(Vec::new(), Compression::default()));
    let mut folder = |path: &str| {
        let header = header(EntryType::Directory, 0o755, 0, seconds);
        append(&mut tar, header, &format!("{under}/{path}"), &[])
    };
    folder("")?;
    files.folders().iter().try_for_each(|path| folder(&format!("{path}/")))?;
    for (path, file) in files.iter() {
        let mode = if file.is_program { 0o755 } else { 0o644 };
        let header = header(EntryType::Regular, mode, file.bytes.len() as u64, seconds);
        append(&mut tar, header, &format!("{under}/{path}"), &file.bytes)?;
    }
    tar.into_inner()?.finish()
}

/// A file alone, compressed without its name and time.
pub(crate) fn gz(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut file = GzBuilder::new().write(Vec::new(), Compression::best());
    file.write_all(bytes)?;
    file.finish()
}

fn header(kind: EntryType, mode: u32, bytes: u64, seconds: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(bytes);
    header.set_mtime(seconds);
    header.set_uid(0);
    header.set_gid(0);
    header
}

/// The path is written as it is: `tar` would take a leading `./` away, which Debian's packages have.
fn append<W: io::Write>(tar: &mut Builder<W>, mut header: Header, path: &str, bytes: &[u8]) -> io::Result<()> {
    let name = &mut header.as_old_mut().name;
    if path.len() > name.len() {
        return Err(io::Error::other(format!("the path {path} is too long for this form of archive")));
    }
    name[..path.len()].copy_from_slice(path.as_bytes());
    if let Some(ustar) = header.as_ustar_mut() {
        ustar.uname[..4].copy_from_slice(b"root");
        ustar.gname[..4].copy_from_slice(b"root");
    }
    header.set_cksum();
    tar.append(&header, bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn files(names: &[&str]) -> Files {
        let mut files = Files::default();
        names.iter().for_each(|name| files.put(*name, name.as_bytes()));
        files.put_program("bin/it", *b"go");
        files
    }

    #[test]
    fn the_same_files_make_the_same_bytes_in_whatever_order_they_came() {
        let one = tar_gz("it-1", &files(&["b", "a/c"]), 1_700_000_000).unwrap();
        assert_eq!(one, tar_gz("it-1", &files(&["a/c", "b"]), 1_700_000_000).unwrap());
        assert_ne!(one, tar_gz("it-1", &files(&["a/c", "b"]), 1_700_000_001).unwrap());
    }

    #[test]
    fn what_was_packed_is_read_by_others_with_its_mode_and_owner() {
        let packed = tar_gz(".", &files(&["a/c"]), 1_700_000_000).unwrap();
        let mut whole = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        let mut found = Vec::new();
        for entry in whole.entries().unwrap() {
            let mut entry = entry.unwrap();
            let (mut text, header) = (String::new(), entry.header().clone());
            entry.read_to_string(&mut text).unwrap();
            let path = String::from_utf8(header.path_bytes().into_owned()).unwrap();
            assert_eq!((header.uid().unwrap(), header.mtime().unwrap()), (0, 1_700_000_000));
            found.push((path, header.mode().unwrap(), text));
        }
        let of = |path: &str, mode, text: &str| (path.to_owned(), mode, text.to_owned());
        let wanted = [
            of("./", 0o755, ""),
            of("./a/", 0o755, ""),
            of("./bin/", 0o755, ""),
            of("./a/c", 0o644, "a/c"),
            of("./bin/it", 0o755, "go"),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_path_that_would_be_cut_off_is_refused() {
        assert!(tar_gz(".", &files(&[&"long/".repeat(30)]), 0).is_err());
    }
}
