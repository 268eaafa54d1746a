//! Instants, windows and zones.

use weighbridge_model::time::{Position, Timestamp, Window, Zone, zone_data};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn shows_an_instant_as_it_reads_it() {
    for text in ["1970-01-01T00:00:00Z", "2026-03-31T00:00:00.001Z", "1969-12-31T23:59:59Z"] {
        assert_eq!(at(text).to_string(), text);
    }
    assert_eq!(at("2026-03-31T02:00:00+02:00").to_string(), "2026-03-31T00:00:00Z");
}

#[test]
fn reads_nothing_as_an_instant_that_has_no_offset() {
    for text in ["", "2026-03-31", "2026-03-31T00:00:00", "tomorrow", "2026-13-01T00:00:00Z"] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
}

#[test]
fn stays_at_the_last_instant_when_more_is_added() {
    assert_eq!(Timestamp::from_millis(i64::MAX).plus_millis(1), Timestamp::from_millis(i64::MAX));
}

#[test]
fn reads_a_date_as_its_midnight_in_the_zone() {
    let warsaw = Zone::named("Europe/Warsaw").unwrap();
    for (text, instant) in [
        ("2026-03-31", "2026-03-30T22:00:00Z"),
        ("2026-01-01", "2025-12-31T23:00:00Z"),
        ("2026-03-31T12:00:00Z", "2026-03-31T12:00:00Z"),
    ] {
        assert_eq!(warsaw.instant(text), Some(at(instant)), "{text}");
    }
    assert_eq!(Zone::named("America/Asuncion").unwrap().instant("2017-10-01"), Some(at("2017-10-01T04:00:00Z")));
}

#[test]
fn reads_no_other_text_as_an_instant() {
    for text in ["", "31.03.2026", "2026-02-30", "now"] {
        assert_eq!(Zone::UTC.instant(text), None, "{text}");
    }
}

#[test]
fn names_zones_by_their_iana_names() {
    for name in ["Europe/Warsaw", "UTC", "America/Argentina/Buenos_Aires"] {
        let zone = Zone::named(name).unwrap();
        assert_eq!(serde_json::to_string(&zone).unwrap(), format!("\"{name}\""));
        assert_eq!(serde_json::from_str::<Zone>(&format!("\"{name}\"")).unwrap(), zone);
    }
}

#[test]
fn refuses_a_zone_that_nobody_knows() {
    for name in ["", "Warsaw", "Europe/Atlantis", "+02:00"] {
        let error = Zone::named(name).unwrap_err().to_string();
        assert!(error.contains(&format!("`{name}`")) && error.contains("Europe/Warsaw"), "{error}");
    }
}

#[test]
fn knows_where_an_instant_lies_in_a_window() {
    let instant = Timestamp::from_millis;
    let window = Window { start: Some(instant(10)), end: Some(instant(20)) };
    for (now, wanted) in [
        (9, Position::NotStarted(instant(10))),
        (10, Position::Inside(Some(instant(20)))),
        (19, Position::Inside(Some(instant(20)))),
        (20, Position::Ended(instant(20))),
    ] {
        assert_eq!(window.position(instant(now)), wanted, "{now}");
    }
    assert_eq!(Window::ALWAYS.position(instant(i64::MIN)), Position::Inside(None));
}

#[test]
fn the_zone_data_say_of_which_year_they_are() {
    let year: Option<u16> = zone_data().get(..4).and_then(|year| year.parse().ok());
    assert!(year.is_some_and(|year| year >= 2026), "{}", zone_data());
}
