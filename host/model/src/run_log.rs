//! What connectors say in a run.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For the connector's author.
    Debug,
    /// Worth knowing.
    Info,
    /// Worth looking at.
    Warn,
    /// Something failed.
    Error,
}

/// One thing that a connector said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// How much it matters.
    pub level: LogLevel,
    /// The connector's name.
    pub connector: String,
    /// In its words, without secrets.
    pub text: String,
}

/// The most lines of an attempt that are kept, the last ones.
pub const LINES_MAX: usize = 200;
/// The most bytes of their texts.
pub const BYTES_MAX: usize = 64 * 1024;

/// What was said last in one attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLog {
    lines: VecDeque<LogLine>,
    dropped: u64,
}

impl RunLog {
    /// Keeps a line, and drops the oldest ones where it would be too much. What is for the connector's author only is
    /// not kept.
    pub fn keep(&mut self, line: LogLine) {
        if line.level == LogLevel::Debug {
            return;
        }
        self.lines.push_back(line);
        while self.lines.len() > LINES_MAX || self.lines.len() > 1 && self.bytes() > BYTES_MAX {
            self.lines.pop_front();
            self.dropped += 1;
        }
    }

    /// The lines, the oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &LogLine> {
        self.lines.iter()
    }

    /// How many lines before them were dropped.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn bytes(&self) -> usize {
        self.lines.iter().map(|line| line.text.len()).sum()
    }
}
