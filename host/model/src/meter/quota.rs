//! How much may be used, and in which period.

use serde::{Deserialize, Serialize};

use super::amounts::Meter;
use crate::time::{Timestamp, Zone};

/// What a grant is counted over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A calendar month in the tenant's zone.
    #[default]
    Month,
    /// All time.
    Ever,
}

/// The most that may be used in one period; a meter without a number is counted and not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// What the numbers are counted over.
    #[serde(default)]
    pub period: Period,
    /// Records delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// Bytes delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Runs that begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<u64>,
    /// Pages that external services pull.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulls: Option<u64>,
}

impl Quota {
    /// The hard cap of one meter; requests have none, since they are settled after they were made.
    pub const fn granted(&self, meter: Meter) -> Option<u64> {
        match meter {
            Meter::Records => self.records,
            Meter::Bytes => self.bytes,
            Meter::Runs => self.runs,
            Meter::Pulls => self.pulls,
            Meter::Requests => None,
        }
    }

    /// The first instant of the period that `now` lies in.
    pub fn period_start(&self, zone: &Zone, now: Timestamp) -> Timestamp {
        match self.period {
            Period::Month => zone.month_start(now),
            Period::Ever => Timestamp::from_millis(0),
        }
    }
}
