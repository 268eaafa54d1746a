//! What this process uses, as the kernel counts it.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// CPU time so far, of all threads together.
pub(crate) fn cpu_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

/// Bytes of memory that are in use now; none where the system does not say.
pub(crate) fn resident_bytes() -> Option<u64> {
    resident(&std::fs::read_to_string("/proc/self/statm").ok()?, rustix::param::page_size())
}

/// The second number is how many pages are resident.
fn resident(pages: &str, page_bytes: usize) -> Option<u64> {
    let pages: u64 = pages.split_whitespace().nth(1)?.parse().ok()?;
    pages.checked_mul(page_bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_used_some_of_both() {
        assert!(cpu_time() > Duration::ZERO);
        assert!(resident_bytes().expect("this system says") > 100_000);
    }

    #[test]
    fn nothing_is_made_up_of_what_is_not_understood() {
        assert_eq!(resident("250 12 9 1 0 30 0", 4_096), Some(49_152));
        for text in ["", "250", "250 many"] {
            assert_eq!(resident(text, 4_096), None, "{text}");
        }
    }
}
