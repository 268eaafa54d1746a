//! Which records go on.

use super::apply;

#[track_caller]
fn check(filters: &str, record: &str, goes_on: bool) {
    let rules = format!(r#"{{"keep":"all","filter":{filters}}}"#);
    assert_eq!(apply(&rules, record).unwrap().is_some(), goes_on, "{filters} over {record}");
}

#[test]
fn lets_a_record_through_when_the_value_passes() {
    check(r#"[{"field":"/s","equals":"open"}]"#, r#"{"s":"open"}"#, true);
    check(r#"[{"field":"/s","equals":null}]"#, "{}", true);
    check(r#"[{"field":"/s/0/t","equals":{"a":1}}]"#, r#"{"s":[{"t":{"a":1}}]}"#, true);
    check(r#"[{"field":"/s","differs":"open"}]"#, r#"{"s":"closed"}"#, true);
    check(r#"[{"field":"/s","differs":"open"}]"#, "{}", true);
    check(r#"[{"field":"/s","in":[1,2]}]"#, r#"{"s":2}"#, true);
    check(r#"[{"field":"/s","exists":true}]"#, r#"{"s":0}"#, true);
    check(r#"[{"field":"/s","exists":false}]"#, r#"{"s":null}"#, true);
}

#[test]
fn leaves_a_record_out_when_the_value_does_not() {
    check(r#"[{"field":"/s","equals":"open"}]"#, r#"{"s":"closed"}"#, false);
    check(r#"[{"field":"/s","equals":1}]"#, r#"{"s":"1"}"#, false);
    check(r#"[{"field":"/s","differs":null}]"#, "{}", false);
    check(r#"[{"field":"/s","in":[1,2]}]"#, r#"{"s":3}"#, false);
    check(r#"[{"field":"/s","exists":true}]"#, r#"{"s":null}"#, false);
    check(r#"[{"field":"/s","exists":false}]"#, r#"{"s":0}"#, false);
}

#[test]
fn tells_numbers_apart_that_a_float_would_not() {
    check(r#"[{"field":"/n","equals":9007199254740993}]"#, r#"{"n":9007199254740993}"#, true);
    check(r#"[{"field":"/n","equals":9007199254740993}]"#, r#"{"n":9007199254740992}"#, false);
    check(r#"[{"field":"/n","equals":null}]"#, r#"{"n":1e400}"#, false);
    check(r#"[{"field":"/n","differs":null}]"#, r#"{"n":1e400}"#, true);
}

#[test]
fn asks_every_filter() {
    let both = r#"[{"field":"/a","equals":1},{"field":"/b","equals":2}]"#;
    check(both, r#"{"a":1,"b":2}"#, true);
    check(both, r#"{"a":1,"b":3}"#, false);
    check(both, r#"{"a":0,"b":2}"#, false);
}

#[test]
fn filters_before_a_rule_can_fail() {
    let rules = r#"{"filter":[{"field":"/a","exists":true}],"rules":[{"copy":"/b","cast":"integer"}]}"#;
    assert_eq!(apply(rules, r#"{"b":"x"}"#).unwrap(), None);
}
