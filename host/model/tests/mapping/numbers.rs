//! Numbers, read and written without a float.

use super::{apply, check, check_error, compile};
use crate::random::Random;

fn rules(number: &str) -> String {
    format!(r#"{{"rules":[{{"copy":"/n","number":{number}}}]}}"#)
}

#[track_caller]
fn check_number(number: &str, value: &str, wanted: &str) {
    check(&rules(number), &format!(r#"{{"n":{value}}}"#), &format!(r#"{{"n":{wanted}}}"#));
}

const POLISH: &str = r#"{"read":{"decimal":",","group":" "},"decimals":2}"#;

#[test]
fn reads_and_writes_marks_and_decimals() {
    for (number, value, wanted) in [
        (POLISH, r#""1 234,5""#, "1234.50"),
        (POLISH, r#""-0,004""#, "0.00"),
        (POLISH, r#""-0,005""#, "-0.01"),
        (POLISH, "0.1", "0.10"),
        ("{}", r#""1.10""#, "1.10"),
        ("{}", "1.5e3", "1500"),
        ("{}", r#"" +7 ""#, "7"),
        (r#"{"decimals":0}"#, "2.5", "3"),
        (r#"{"decimals":0,"round":"half_even"}"#, "2.5", "2"),
        (r#"{"decimals":1,"round":"down"}"#, "-2.59", "-2.5"),
        (r#"{"decimals":1,"round":"reject"}"#, "2.50", "2.5"),
        (r#"{"write":{"decimal":",","group":"."},"decimals":2}"#, "1234567.005", r#""1.234.567,01""#),
        (r#"{"write":{"group":"'"}}"#, "-123456", r#""-123'456""#),
        (r#"{"write":{}}"#, "123", r#""123""#),
        ("{}", "9999999999999999999999999999", "9999999999999999999999999999"),
        ("{}", "null", "null"),
    ] {
        check_number(number, value, wanted);
    }
}

#[test]
fn rejects_what_is_no_number_and_what_does_not_fit() {
    for value in
        [r#""1,234.5""#, r#""1  234""#, r#"" 1 2 ,5x""#, r#""12,""#, r#"",5""#, r#""1e3""#, r#""""#, "true", "[]"]
    {
        let record = format!(r#"{{"n":{value}}}"#);
        check_error(&rules(POLISH), &record, "mapping.number_malformed", "/rules/0: ");
    }
    let exact = rules(r#"{"decimals":1,"round":"reject"}"#);
    check_error(&exact, r#"{"n":2.55}"#, "mapping.number_malformed", "/rules/0: 2.55");
    for value in ["1e400", "99999999999999999999999999999999", "1.23456789012345678901234567890123456e2"] {
        check_error(&rules("{}"), &format!(r#"{{"n":{value}}}"#), "mapping.number_malformed", "/rules/0: ");
    }
    let long = rules(r#"{"decimals":28}"#);
    check_error(&long, r#"{"n":12345}"#, "mapping.number_malformed", "/rules/0: 12345");
}

#[test]
fn names_marks_that_nobody_could_read() {
    for (number, at) in [
        (r#"{"read":{"decimal":",","group":","}}"#, "/rules/0/number/read"),
        (r#"{"read":{"decimal":""}}"#, "/rules/0/number/read"),
        (r#"{"write":{"group":"00"}}"#, "/rules/0/number/write"),
        (r#"{"write":{"group":"-"}}"#, "/rules/0/number/write"),
        (r#"{"decimals":29}"#, "/rules/0/number/decimals"),
    ] {
        assert_eq!(compile(&rules(number)).unwrap_err().at, at);
    }
}

#[test]
fn a_number_that_was_written_is_read_again_as_it_was() {
    let write = rules(r#"{"decimals":4,"write":{"decimal":",","group":"."}}"#);
    let read = rules(r#"{"read":{"decimal":",","group":"."}}"#);
    let mut random = Random::seeded(7);
    for _ in 0..2_000 {
        let (whole, decimals) = (random.below(1 << 40), random.below(10_000));
        let sign = if random.below(2) == 0 && whole + decimals > 0 { "-" } else { "" };
        let record = format!(r#"{{"n":{sign}{whole}.{decimals:04}}}"#);
        let written = apply(&write, &record).unwrap().unwrap();
        assert_eq!(apply(&read, &written).unwrap().unwrap(), record, "{written}");
    }
}
