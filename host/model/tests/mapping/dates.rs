//! Dates, read and written.

use super::{check, check_error, compile};

fn rules(date: &str) -> String {
    format!(r#"{{"rules":[{{"copy":"/d","date":{date}}}]}}"#)
}

#[track_caller]
fn check_date(date: &str, value: &str, wanted: &str) {
    check(&rules(date), &format!(r#"{{"d":{value}}}"#), &format!(r#"{{"d":{wanted}}}"#));
}

#[test]
fn reads_and_writes_by_patterns_in_a_zone() {
    for (date, value, wanted) in [
        (r#"{"read":"%d.%m.%Y","write":"%Y-%m-%d"}"#, r#""31.12.2026""#, r#""2026-12-31""#),
        (r#"{"read":"%d.%m.%Y","zone":"Europe/Warsaw"}"#, r#""31.12.2026""#, r#""2026-12-31T00:00:00+01:00""#),
        (r#"{"read":"%d/%m/%y %H:%M","zone":"Europe/Warsaw","write":"unix"}"#, r#""01/07/26 12:00""#, "1782900000"),
        (r#"{"read":"unix","zone":"America/New_York"}"#, "1782900000", r#""2026-07-01T06:00:00-04:00""#),
        (r#"{"read":"unix_ms","write":"%Y%m%d"}"#, r#""1782900000123""#, r#""20260701""#),
        (r#"{"write":"unix_ms"}"#, r#""2026-07-01T10:00:00.123Z""#, "1782900000123"),
        (r#"{"zone":"Asia/Tokyo"}"#, r#""2026-07-01T10:00:00+00:00""#, r#""2026-07-01T19:00:00+09:00""#),
        (r#"{"zone":"Asia/Tokyo","write":"%d %b %Y"}"#, r#""2026-07-01""#, r#""01 Jul 2026""#),
        (r#"{"read":"%Y-%m-%d %H:%M:%S %z","write":"%H:%M"}"#, r#""2026-07-01 12:00:00 +0200""#, r#""10:00""#),
        (r#"{"read":"%d.%m.%Y"}"#, "null", "null"),
    ] {
        check_date(date, value, wanted);
    }
}

#[test]
fn decides_where_the_clock_jumps() {
    let date = r#"{"read":"%Y-%m-%d %H:%M","zone":"Europe/Warsaw"}"#;
    check_date(date, r#""2026-03-29 02:30""#, r#""2026-03-29T03:30:00+02:00""#);
    check_date(date, r#""2026-10-25 02:30""#, r#""2026-10-25T02:30:00+02:00""#);
}

#[test]
fn rejects_what_is_no_date() {
    for value in [r#""31.02.2026""#, r#""2026-01-01""#, r#""""#, "5", "{}", r#""1.1.2026x""#] {
        let record = format!(r#"{{"d":{value}}}"#);
        check_error(&rules(r#"{"read":"%d.%m.%Y"}"#), &record, "mapping.date_malformed", "/rules/0: ");
    }
    check_error(&rules(r#"{"read":"unix"}"#), r#"{"d":99999999999999}"#, "mapping.date_malformed", "/rules/0: ");
}

#[test]
fn names_what_makes_no_date() {
    for (date, at) in [
        (r#"{"read":"dd.mm.yyyy"}"#, "/rules/0/date/read"),
        (r#"{"read":"%H:%M"}"#, "/rules/0/date/read"),
        (r#"{"write":"%!"}"#, "/rules/0/date/write"),
        (r#"{"zone":"Mars/Olympus"}"#, "/rules/0/date/zone"),
    ] {
        assert_eq!(compile(&rules(date)).unwrap_err().at, at);
    }
    let both = r#"{"rules":[{"copy":"/d","date":{},"cast":"string"}]}"#;
    assert!(compile(both).unwrap_err().what.contains("`cast` has no meaning beside `date`"));
}
