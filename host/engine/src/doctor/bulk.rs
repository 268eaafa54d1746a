//! How much of the store's file is in use. A file never shrinks: what was removed leaves room for what comes.

use super::{Finding, unusable};
use crate::engine::Host;
use crate::error::EngineError;

const ABOUT: &str = "store";
/// A smaller file is worth no thought.
const SMALL: u64 = 256 << 20;
/// All of a file is read for it, so a larger one is let be.
const LOOKED_THROUGH_MAX: u64 = 2 << 30;
/// So many times what is in use.
const TIMES: u64 = 4;

pub(super) async fn check(host: &Host) -> Finding {
    let file = std::fs::metadata(&host.store_path).map_or(0, |about| about.len());
    if file > LOOKED_THROUGH_MAX {
        let sentence =
            format!("its file has {} MiB; how much of so large a one is in use is not looked for", file >> 20);
        return Finding::ok("doctor.store", ABOUT, sentence);
    }
    match host.store.live_bytes().await.map_err(EngineError::from) {
        Ok(live) => judge(file, live.unwrap_or(file)),
        Err(error) => unusable(ABOUT, &error),
    }
}

fn judge(file: u64, live: u64) -> Finding {
    let sentence = format!("its file has {} MiB, of which {} are in use", file >> 20, live >> 20);
    if file >= SMALL && file / TIMES > live {
        Finding::warning("doctor.store_sparse", ABOUT, sentence)
            .next("nothing is wrong: what was removed leaves room for what comes; do not wait for the file to shrink, and count its whole size on the disk")
    } else {
        Finding::ok("doctor.store", ABOUT, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_large_file_of_which_little_is_in_use() {
        assert_eq!(judge(SMALL, SMALL / TIMES - 1).code, "doctor.store_sparse");
    }

    #[test]
    fn says_nothing_of_a_file_that_is_small_or_in_use() {
        assert_eq!(judge(SMALL, SMALL / TIMES).code, "doctor.store");
        assert_eq!(judge(SMALL - 1, 0).code, "doctor.store");
    }
}
