//! The one decision.

use super::code::Refusal;
use super::facts::{ExternalServiceFacts, Facts};
use super::level::{Answer, Level, Place, external_service, short, walk};
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
        if let Some(refusal) = refusal(place, answer) {
            return Err(refusal);
        }
    }
    let limit = facts.ask.limit;
    let left = |meter, limit: u64| facts.accounts.all().filter_map(|account| account.left(meter)).fold(limit, u64::min);
    let allow = Amounts {
        records: left(Meter::Records, limit.records),
        bytes: left(Meter::Bytes, limit.bytes),
        pulls: u64::from(facts.is_pull()),
        ..Amounts::ZERO
    };
    Ok(Permit { by_quota: allow.records < limit.records || allow.bytes < limit.bytes, allow })
}

/// The first no of a batch that has its hold, or its entry, already: all levels but the quota.
pub fn admit(facts: &Facts, now: Timestamp) -> Result<(), Refusal> {
    let mut levels = walk(facts, now).filter(|(place, _)| place.level != Level::Quota);
    levels.find_map(|(place, answer)| refusal(place, answer)).map_or(Ok(()), Err)
}

/// The no of an external service's own level: it comes before anything is said of a tenant or a customer.
pub fn admit_service(facts: Option<&ExternalServiceFacts>, now: Timestamp) -> Result<(), Refusal> {
    let (level, answer) = external_service(facts, now);
    refusal(Place { level, side: None }, answer).map_or(Ok(()), Err)
}

const fn refusal(place: Place, answer: Answer) -> Option<Refusal> {
    match answer {
        Answer::Yes(_) => None,
        Answer::No(code, until) => Some(Refusal::new(code, place, until)),
    }
}

/// The no of a quota of which too little is left.
pub(crate) fn quota_refusal(account: &Account, meter: Meter) -> Refusal {
    Refusal::new(short(account, meter), Place { level: Level::Quota, side: None }, None)
}
