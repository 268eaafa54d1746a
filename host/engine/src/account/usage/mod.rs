//! What was used, by month, day, customer and transfer, beside what is granted: whole numbers from the ledger, and no prices.

mod list;
mod of;

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::meter::{Account, Amounts, Balance, Meter, Period, Quota};
use weighbridge_model::time::{Timestamp, Zone};

pub use list::{CustomerUsage, MonthTotal, UsageFilter, UsagePage};
pub use of::{UsageBy, UsageOf, UsageOfFilter, UsageRow};

use crate::account::At;

/// What somebody may use in the present period, and how much of it is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AllowanceView {
    /// What is granted; a meter without a number is counted and not limited.
    pub quota: Quota,
    /// The first instant of the present period; none where the quota is for all time.
    pub period_start: Option<At>,
    /// The first instant after it.
    pub period_end: Option<At>,
    /// What is spent of it.
    pub spent: Amounts,
    /// What is on hold.
    pub held: Amounts,
    /// What is left of each meter that is limited.
    pub left: LeftView,
}

/// What is left of each meter; nothing where that is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftView {
    /// Records.
    pub records: Option<u64>,
    /// Bytes.
    pub bytes: Option<u64>,
    /// Runs.
    pub runs: Option<u64>,
    /// Pages that third parties pull.
    pub pulls: Option<u64>,
}

impl AllowanceView {
    fn new(quota: Quota, balance: Balance, zone: &Zone, now: Timestamp) -> Self {
        let period = quota.period_start(zone, now);
        let account = Account { quota, period, balance };
        let month = (quota.period == Period::Month).then(|| zone.month_of(now));
        Self {
            quota,
            period_start: month.map(|(start, _)| At(start)),
            period_end: month.map(|(_, end)| At(end)),
            spent: balance.spent,
            held: balance.held,
            left: LeftView {
                records: account.left(Meter::Records),
                bytes: account.left(Meter::Bytes),
                runs: account.left(Meter::Runs),
                pulls: account.left(Meter::Pulls),
            },
        }
    }
}
