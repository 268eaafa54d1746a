//! Quantities of everything that is counted.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meter {
    /// Records delivered.
    Records,
    /// Bytes of the delivered payload: the lines handed to the destination, each with its LF.
    Bytes,
    /// HTTP requests that connectors made.
    Requests,
    /// Runs that began.
    Runs,
    /// Pages that external services pulled.
    Pulls,
}

impl Meter {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Records, Self::Bytes, Self::Requests, Self::Runs, Self::Pulls];
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Records => "records",
            Self::Bytes => "bytes",
            Self::Requests => "requests",
            Self::Runs => "runs",
            Self::Pulls => "pulls",
        })
    }
}

/// So much of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Amounts {
    /// Records delivered.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub records: u64,
    /// Bytes of the delivered payload.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub bytes: u64,
    /// HTTP requests that connectors made.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub requests: u64,
    /// Runs that began.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub runs: u64,
    /// Pages that external services pulled.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pulls: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_zero(amount: &u64) -> bool {
    *amount == 0
}

impl Amounts {
    /// Nothing of anything.
    pub const ZERO: Self = Self { records: 0, bytes: 0, requests: 0, runs: 0, pulls: 0 };

    /// The amount of one meter.
    pub const fn of(&self, meter: Meter) -> u64 {
        match meter {
            Meter::Records => self.records,
            Meter::Bytes => self.bytes,
            Meter::Requests => self.requests,
            Meter::Runs => self.runs,
            Meter::Pulls => self.pulls,
        }
    }

    /// Both together.
    #[must_use]
    pub const fn plus(&self, other: &Self) -> Self {
        Self {
            records: self.records.saturating_add(other.records),
            bytes: self.bytes.saturating_add(other.bytes),
            requests: self.requests.saturating_add(other.requests),
            runs: self.runs.saturating_add(other.runs),
            pulls: self.pulls.saturating_add(other.pulls),
        }
    }

    /// What is left after taking `other` away, or nothing if it does not reach.
    pub const fn minus(&self, other: &Self) -> Option<Self> {
        match (
            self.records.checked_sub(other.records),
            self.bytes.checked_sub(other.bytes),
            self.requests.checked_sub(other.requests),
            self.runs.checked_sub(other.runs),
            self.pulls.checked_sub(other.pulls),
        ) {
            (Some(records), Some(bytes), Some(requests), Some(runs), Some(pulls)) => {
                Some(Self { records, bytes, requests, runs, pulls })
            }
            _ => None,
        }
    }
}
