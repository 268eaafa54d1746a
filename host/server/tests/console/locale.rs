//! Numbers, dates and times as a language writes them.

use super::*;

#[test]
fn numbers_are_written_as_the_language_does() {
    let (en, pl) = (Language::English, Language::Polish);
    assert_eq!(en.number(1_234_567), "1,234,567");
    assert_eq!(pl.number(1_234_567), "1\u{a0}234\u{a0}567");
    assert_eq!((en.number(1_234).as_str(), pl.number(1_234).as_str()), ("1,234", "1234"));
    assert_eq!(en.number(-5), "−5");
}

#[test]
fn bytes_are_in_the_largest_unit_and_never_less_than_there_are() {
    assert_eq!(Language::English.bytes(999), "999\u{a0}B");
    assert_eq!(Language::English.bytes(1_000), "1\u{a0}kB");
    assert_eq!(Language::Polish.bytes(1_250_000), "1,3\u{a0}MB");
}

#[test]
fn instants_are_in_the_organisations_zone() {
    let zone = Zone::named("Europe/Warsaw").unwrap();
    let at = Timestamp::parse("2026-03-30T21:59:00Z").unwrap();
    assert_eq!(Language::English.instant(&zone, at), "30 March 2026, 23:59");
    assert_eq!(Language::Polish.instant(&zone, at), "30 marca 2026, 23:59");
}

#[test]
fn distances_are_in_the_largest_unit() {
    let now = Timestamp::parse("2026-03-30T12:00:00Z").unwrap();
    assert_eq!(Language::English.distance(now, now.plus_millis(-3 * 3_600_000)), "3 hours ago");
    assert_eq!(Language::English.distance(now, now.plus_millis(60_000)), "in 1 minute");
    assert_eq!(Language::Polish.distance(now, now.plus_millis(-5 * 86_400_000)), "5 dni temu");
    assert_eq!(Language::English.lasting(80_000), "1\u{a0}min 20\u{a0}s");
}
