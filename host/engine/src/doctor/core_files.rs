//! Whether a crash would write what this process knows into a core file.

use super::Finding;

const ABOUT: &str = "core files";

pub(super) fn check() -> Finding {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    match soft_limit(&limits) {
        Some("0") => Finding::ok("doctor.core_files", ABOUT, "a crash writes no core file"),
        Some(limit) => {
            let sentence = format!("a crash may write a core file with keys in it (limit {limit})");
            Finding::failed("doctor.core_files", ABOUT, sentence)
                .next("set the limit for core files to 0 (LimitCORE=0)")
        }
        None => Finding::warning("doctor.core_files", ABOUT, "the limit for core files is not known on this system"),
    }
}

fn soft_limit(limits: &str) -> Option<&str> {
    limits.lines().find_map(|line| line.strip_prefix("Max core file size"))?.split_whitespace().next()
}
