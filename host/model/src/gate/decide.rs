//! The one decision.

use super::code::Refusal;
use super::facts::Facts;
use super::level::{Answer, Level, Place, short, walk};
use crate::meter::{Account, Amounts, Meter};
use crate::time::Timestamp;

/// The gate's yes: only [`decide`] makes one, and only [`crate::meter::reserve`] uses it.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    allow: Amounts,
    by_quota: bool,
}

impl Permit {
    /// What may be held: the batch limit, or what the quotas leave of it.
    pub const fn allow(&self) -> &Amounts {
        &self.allow
    }

    pub(crate) const fn into_parts(self) -> (Amounts, bool) {
        (self.allow, self.by_quota)
    }
}

/// Walks the levels from the outside in and answers with the first no.
pub fn decide(facts: &Facts, now: Timestamp) -> Result<Permit, Refusal> {
    for (place, answer) in walk(facts, now) {
        if let Answer::No(code, until) = answer {
            return Err(Refusal::new(code, place, until));
        }
    }
    let limit = facts.ask.limit;
    let left = |meter, limit: u64| {
        facts.accounts.both().into_iter().filter_map(|account| account.left(meter)).fold(limit, u64::min)
    };
    let allow = Amounts {
        records: left(Meter::Records, limit.records),
        bytes: left(Meter::Bytes, limit.bytes),
        ..Amounts::ZERO
    };
    Ok(Permit { by_quota: allow.records < limit.records || allow.bytes < limit.bytes, allow })
}

/// The no of a quota of which too little is left.
pub(crate) fn quota_refusal(account: &Account, meter: Meter) -> Refusal {
    Refusal::new(short(account, meter), Place { level: Level::Quota, side: None }, None)
}
