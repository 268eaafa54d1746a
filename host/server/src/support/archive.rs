//! The files as one archive, tar (ustar) under gzip: all there is to it for a few small files.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use weighbridge::support::SupportFile;

/// What stands before every name.
const FOLDER: &str = "weighbridge-support/";
/// The unit of the format.
const BLOCK: usize = 512;
/// The longest name that fits.
const NAME_MAX: usize = 100;

/// All files; `at` is when they were made, in seconds since 1970.
pub fn archive(files: &[SupportFile], at: u64) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    for file in files {
        packed.write_all(&head(&format!("{FOLDER}{}", file.name), file.text.len(), at)?)?;
        packed.write_all(file.text.as_bytes())?;
        packed.write_all(&vec![0; file.text.len().next_multiple_of(BLOCK) - file.text.len()])?;
    }
    packed.write_all(&[0; 2 * BLOCK])?;
    packed.finish()
}

/// Numbers are octal; the sum is over all bytes, with spaces in its own place.
fn head(name: &str, bytes: usize, at: u64) -> io::Result<[u8; BLOCK]> {
    if name.len() > NAME_MAX {
        return Err(io::Error::other("a name is too long for an archive"));
    }
    let mut head = [0; BLOCK];
    let mut put = |place: usize, text: &str| head[place..place + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000600");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{bytes:011o}"));
    put(136, &format!("{at:011o}"));
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\u{0}00");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    Ok(head)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn file(name: &str, text: &str) -> SupportFile {
        SupportFile { name: name.to_owned(), about: String::new(), text: text.to_owned() }
    }

    #[test]
    fn every_archiver_unpacks_it_to_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let files = [file("a.txt", ""), file("b.json", &"{}\n".repeat(171)), file("c.txt", &"ż".repeat(256))];
        std::fs::write(folder.path().join("bundle.tar.gz"), archive(&files, 1_795_392_000).unwrap()).unwrap();
        let unpacked = Command::new("tar").args(["-xzf", "bundle.tar.gz"]).current_dir(folder.path()).output().unwrap();
        assert!(unpacked.status.success() && unpacked.stderr.is_empty(), "{unpacked:?}");
        for file in files {
            let text = std::fs::read_to_string(folder.path().join(FOLDER).join(&file.name)).unwrap();
            assert_eq!(text, file.text, "{}", file.name);
        }
    }

    #[test]
    fn a_name_that_does_not_fit_is_refused() {
        assert!(archive(&[file(&"a".repeat(NAME_MAX), "")], 0).is_err());
    }
}
