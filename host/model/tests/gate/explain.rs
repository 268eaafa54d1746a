//! Every level's answer, and the first instant at which the answer is another one.

use weighbridge_model::gate::{Answer, Facts, Level, RefusalCode, decide, explain};
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::{Timestamp, Window};

use super::{MINUTE_MS, NOW, hours, not_started, open};
use crate::random::Random;

#[test]
fn lists_every_level_from_the_outside_in_the_sided_ones_twice() {
    let levels: Vec<Level> = explain(&open(), NOW).levels.iter().map(|one| one.place.level).collect();
    assert!(levels.is_sorted());
    let sided = |level: Level| if (Level::Connector..=Level::Endpoint).contains(&level) { 2 } else { 1 };
    for code in RefusalCode::ALL.iter().filter(|code| code.level() != Level::ExternalService) {
        let times = levels.iter().filter(|level| **level == code.level()).count();
        assert_eq!(times, sided(code.level()), "{:?}", code.level());
    }
}

#[test]
fn lists_the_nos_behind_the_first_one_too() {
    let mut facts = open();
    facts.host_frozen = true;
    super::side(&mut facts, 1).integration = Switch::Off;
    facts.transfer.suspended = true;
    let explained = explain(&facts, NOW);
    let said = explained.levels.iter().filter_map(|one| match one.answer {
        Answer::No(code, _) => Some(code),
        Answer::Yes(_) => None,
    });
    let wanted = [RefusalCode::HostFrozen, RefusalCode::IntegrationOff, RefusalCode::TransferSuspended];
    assert_eq!(said.collect::<Vec<_>>(), wanted);
    assert_eq!(explained.refusal, decide(&facts, NOW).err());
}

#[test]
fn says_until_when_a_level_lets_through() {
    let mut facts = open();
    let end = NOW.plus_millis(30 * MINUTE_MS);
    facts.customer_window = Window { start: None, end: Some(end) };
    facts.transfer.schedule = Some(hours("09:00-10:00"));
    let until = |level| explain(&facts, NOW).levels.iter().find(|one| one.place.level == level).unwrap().answer.until();
    assert_eq!((until(Level::CustomerWindow), until(Level::Transfer)), (Some(end), Some(end)));
}

#[test]
fn knows_no_change_when_only_a_person_can_bring_one_about() {
    let mut facts = open();
    facts.host_frozen = true;
    facts.customer_window = not_started();
    facts.transfer.schedule = Some(hours("10:00-11:00"));
    assert_eq!(explain(&facts, NOW).changes_at, None);
}

#[test]
fn finds_a_change_that_lies_behind_a_hundred_days_of_allowed_hours() {
    let mut facts = open();
    let start = NOW.plus_millis(100 * 24 * 60 * MINUTE_MS);
    facts.customer_window = Window { start: Some(start), end: None };
    facts.transfer.schedule = Some(hours("09:00-10:00"));
    assert_eq!(explain(&facts, NOW).changes_at, Some(start));
}

/// A window with edges on whole quarters of an hour, in the two days around `NOW`.
fn some_window(random: &mut Random) -> Window {
    let mut edge = || (random.below(3) > 0).then(|| NOW.plus_millis((random.below(192) as i64 - 64) * 15 * MINUTE_MS));
    Window { start: edge(), end: edge() }
}

fn some_facts(random: &mut Random) -> Facts {
    let mut facts = open();
    facts.customer_window = some_window(random);
    for index in 0..2 {
        let side = super::side(&mut facts, index);
        side.connection.window = some_window(random);
        side.endpoint.window = some_window(random);
    }
    if random.below(2) == 0 {
        let (start, length) = (random.below(24), random.below(22) + 1);
        facts.transfer.schedule = Some(hours(&format!("{start:02}:15-{:02}:45", (start + length) % 24)));
    }
    facts
}

/// The first later quarter of an hour at which `decide` answers otherwise, found by asking at each.
fn found_by_asking(facts: &Facts) -> Option<Timestamp> {
    let outcome = |at| decide(facts, at).err().map(|refusal| (refusal.code, refusal.place));
    let quarters = (1..4 * 24 * 4).map(|quarter| NOW.plus_millis(quarter * 15 * MINUTE_MS));
    quarters.into_iter().find(|at| outcome(*at) != outcome(NOW))
}

#[test]
fn changes_at_the_first_instant_at_which_decide_answers_otherwise() {
    let mut random = Random::seeded(7);
    for round in 0..400 {
        let facts = some_facts(&mut random);
        assert_eq!(explain(&facts, NOW).changes_at, found_by_asking(&facts), "round {round}: {facts:#?}");
    }
}
