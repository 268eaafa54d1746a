//! How long it takes until something is durable in the data folder: a batch waits for it twice.
//!
//! It is the one thing that the doctor writes: a file of its own, which is gone when it has looked.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Finding;

const ABOUT: &str = "writes";
const TRIES: usize = 20;
/// As much as the store writes at once at the least.
const BYTES: [u8; 4_096] = [0; 4_096];
/// A commit takes two; from here on a transfer makes fewer than ten in a second.
const SLOW: Duration = Duration::from_millis(50);

pub(super) async fn check(folder: &Path) -> Finding {
    let scratch = folder.join(format!("doctor.{}.scratch", std::process::id()));
    let measured = tokio::task::spawn_blocking(move || measure(Scratch(scratch))).await;
    judge(measured.unwrap_or_else(|error| Err(io::Error::other(error))))
}

/// A file that goes with whoever made it.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // It holds nothing, and where it cannot be removed the next look says so.
        let _ = fs::remove_file(&self.0);
    }
}

/// The median.
fn measure(scratch: Scratch) -> io::Result<Duration> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&scratch.0)?;
    let mut took = Vec::with_capacity(TRIES);
    for _ in 0..TRIES {
        let begun = Instant::now();
        file.write_all(&BYTES)?;
        file.sync_data()?;
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    Ok(took[TRIES / 2])
}

fn judge(measured: io::Result<Duration>) -> Finding {
    let took = match measured {
        Ok(took) => took,
        Err(error) => {
            let sentence = format!("how long they take is not known, since this process may not write there: {error}");
            return Finding::warning("doctor.sync_unknown", ABOUT, sentence)
                .next("run this command as the user that the host runs as");
        }
    };
    let sentence = format!("one is durable after {:.1} ms (the median of {TRIES})", took.as_secs_f64() * 1_000.0);
    if took > SLOW {
        Finding::warning("doctor.sync_slow", ABOUT, sentence)
            .next("put the data folder on a local disk without moving parts; every batch waits for two of them")
    } else {
        Finding::ok("doctor.sync", ABOUT, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_disk_on_which_writes_take_long() {
        let found = judge(Ok(SLOW + Duration::from_millis(1)));
        assert_eq!(
            (found.code, found.sentence.as_str()),
            ("doctor.sync_slow", "one is durable after 51.0 ms (the median of 20)")
        );
        assert_eq!(judge(Err(io::Error::other("no"))).code, "doctor.sync_unknown");
    }

    #[test]
    fn says_nothing_of_a_disk_that_is_quick() {
        assert_eq!(judge(Ok(SLOW)).code, "doctor.sync");
    }

    #[tokio::test]
    async fn leaves_nothing_behind_and_says_where_it_may_not_write() {
        let folder = tempfile::tempdir().unwrap();
        assert_ne!(check(folder.path()).await.code, "doctor.sync_unknown");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(check(&folder.path().join("absent")).await.code, "doctor.sync_unknown");
    }
}
