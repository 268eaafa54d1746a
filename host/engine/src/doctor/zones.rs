//! Whether the zone data that are compiled in are young enough to be right, and know the zones that are used.

use std::collections::BTreeSet;

use weighbridge_model::time::{Timestamp, zone_data};
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Schedules, Tenants};

use super::{Finding, ROWS_MAX};
use crate::engine::Host;
use crate::error::EngineError;

const ABOUT: &str = "zone data";
/// Governments change their zones a few times in a year; an edition of so many years ago is wrong somewhere.
const YEARS_MAX: i32 = 2;

pub(super) fn check(host: &Host) -> Result<Finding, EngineError> {
    Ok(judge(zone_data(), used(host)?.len(), host.now()))
}

/// The zones of organisations and of schedules. A row whose zone is not known any more cannot be read, and is the error.
fn used(host: &Host) -> Result<BTreeSet<String>, EngineError> {
    let read = |tx: &weighbridge_store::Tx<'_>| {
        let mut names = BTreeSet::new();
        for (scope, ()) in tx.keys::<Tenants>(HostScope::new(), None, ROWS_MAX)? {
            names.extend(tx.get::<Tenants>(&scope, &())?.map(|tenant| tenant.zone.name().to_owned()));
        }
        for (scope, id) in tx.keys::<Schedules>(HostScope::new(), None, ROWS_MAX)? {
            let row = tx.get::<Schedules>(&scope, &id)?;
            names.extend(row.and_then(|row| row.schedule.wording().zone.clone()));
        }
        Ok(names)
    };
    Ok(host.store.read(read)?)
}

fn judge(edition: &str, used: usize, now: Timestamp) -> Finding {
    let sentence = format!("edition {edition}, and all of the {used} zones in use are in it");
    let age = year(&now.to_string()).zip(year(edition)).map(|(now, then)| now - then);
    match age {
        Some(age) if age <= YEARS_MAX => Finding::ok("doctor.zones", ABOUT, sentence),
        _ => {
            let sentence =
                format!("edition {edition} is more than {YEARS_MAX} years old, so some clocks change wrongly");
            Finding::warning("doctor.zones_old", ABOUT, sentence)
                .next("install a newer Weighbridge: the zone data come with it")
        }
    }
}

fn year(text: &str) -> Option<i32> {
    text.get(..4)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(edition: &str, now: &str) -> &'static str {
        judge(edition, 2, Timestamp::parse(now).unwrap()).code
    }

    #[test]
    fn finds_zone_data_that_are_more_than_two_years_old_or_of_no_known_age() {
        assert_eq!(code("2026e", "2029-01-01T00:00:00Z"), "doctor.zones_old");
        assert_eq!(code("unknown", "2026-11-23T00:00:00Z"), "doctor.zones_old");
    }

    #[test]
    fn says_nothing_of_zone_data_that_are_younger() {
        assert_eq!(code("2026e", "2026-11-23T00:00:00Z"), "doctor.zones");
        assert_eq!(code("2026e", "2028-12-31T23:59:59Z"), "doctor.zones");
    }
}
