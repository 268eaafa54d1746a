//! The last lines of a log, in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// So many are kept, each cut off at so many bytes.
const LINES_MAX: usize = 1_000;
const LINE_BYTES_MAX: usize = 2_000;

/// Lines of a log, the oldest first. A clone is the same log.
#[derive(Clone, Debug, Default)]
pub struct RecentLog(Arc<Mutex<VecDeque<String>>>);

impl RecentLog {
    /// Keeps a line, and forgets the oldest where there are too many.
    pub fn keep(&self, line: &str) {
        let end = (0..=line.len().min(LINE_BYTES_MAX)).rev().find(|end| line.is_char_boundary(*end));
        let line = line[..end.unwrap_or_default()].to_owned();
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// Those that are kept.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept_and_each_is_cut_off() {
        let log = RecentLog::default();
        (0..=LINES_MAX).for_each(|number| log.keep(&number.to_string()));
        log.clone().keep(&"ż".repeat(LINE_BYTES_MAX));
        let lines = log.lines();
        assert_eq!((lines.len(), lines[0].as_str()), (LINES_MAX, "2"));
        assert_eq!(lines[LINES_MAX - 1].len(), LINE_BYTES_MAX);
    }
}
