//! Rules that make no mapping name the place and what to write instead.

use weighbridge_model::mapping::Rules;

use super::{apply, check_error, compile};

#[track_caller]
fn check(rules: &str, at: &str, what: &str) {
    let error = compile(rules).unwrap_err();
    assert_eq!(error.at, at, "{error}");
    assert!(error.what.contains(what), "{error}");
}

#[test]
fn names_a_pointer_that_is_none() {
    check(r#"{"rules":[{"copy":"/a"},{"copy":"/b"},{"copy":"c"}]}"#, "/rules/2/copy", "`c` is not a JSON Pointer");
    check(r#"{"rules":[{"copy":"/a","to":""}]}"#, "/rules/0/to", "is not a JSON Pointer");
    check(r#"{"rules":[{"each":"a","rules":[{"copy":"/a"}]}]}"#, "/rules/0/each", "is not a JSON Pointer");
    check(r#"{"rules":[{"each":"/a","rules":[{"copy":"/a"},{"copy":"/~"}]}]}"#, "/rules/0/rules/1/copy", "`/~` is not");
    check(r#"{"keep":"all","rules":[{"drop":"a"}]}"#, "/rules/0/drop", "is not a JSON Pointer");
    check(r#"{"keep":"all","filter":[{"field":"s","exists":true}]}"#, "/filter/0/field", "`s` is not a JSON Pointer");
}

#[test]
fn names_a_rule_that_is_not_exactly_one_thing() {
    for rule in ["{}", r#"{"to":"/a"}"#, r#"{"copy":"/a","constant":1}"#, r#"{"copy":"/a","each":"/b"}"#] {
        check(&format!(r#"{{"rules":[{{"copy":"/z"}},{rule}]}}"#), "/rules/1", "exactly one of");
    }
    check(r#"{"rules":[{"constant":1}]}"#, "/rules/0", "`to` is missing");
}

#[test]
fn names_a_key_without_a_meaning_there() {
    for (rule, key) in [
        (r#"{"copy":"/a","rules":[{"copy":"/b"}]}"#, "`rules`"),
        (r#"{"constant":1,"to":"/a","cast":"integer"}"#, "`cast`"),
        (r#"{"constant":1,"to":"/a","table":{}}"#, "`table`"),
        (r#"{"constant":1,"to":"/a","default":2}"#, "`default`"),
        (r#"{"constant":1,"to":"/a","rules":[{"copy":"/b"}]}"#, "`rules`"),
        (r#"{"each":"/a","cast":"string","rules":[{"copy":"/b"}]}"#, "`cast`"),
        (r#"{"each":"/a","table":{},"rules":[{"copy":"/b"}]}"#, "`table`"),
    ] {
        check(&format!(r#"{{"rules":[{rule}]}}"#), "/rules/0", key);
    }
}

#[test]
fn names_a_drop_that_drops_nothing() {
    check(r#"{"rules":[{"copy":"/b"},{"drop":"/a"}]}"#, "/rules/1", "nothing is kept");
    check(r#"{"keep":"all","rules":[{"drop":"/a","to":"/b"}]}"#, "/rules/0", "stands alone");
    check(r#"{"keep":"all","rules":[{"drop":"/a/b"}]}"#, "/rules/0/drop", "only a top-level field");
}

#[test]
fn names_a_place_that_is_written_twice() {
    check(r#"{"rules":[{"copy":"/a"},{"copy":"/b","to":"/a"}]}"#, "/rules/1/to", "`/a` is written by an earlier rule");
    check(r#"{"rules":[{"copy":"/a"},{"copy":"/b","to":"/a/c"}]}"#, "/rules/1/to", "`/a/c` is written");
    check(r#"{"rules":[{"copy":"/b","to":"/a/c"},{"copy":"/a"}]}"#, "/rules/1/to", "`/a` is written");
}

#[test]
fn names_rules_that_write_nothing() {
    check("{}", "/rules", "nothing would be written");
    check(r#"{"rules":[{"each":"/a"}]}"#, "/rules/0/rules", "nothing would be written");
}

#[test]
fn names_a_filter_that_is_not_exactly_one_test() {
    for filter in [r#"{"field":"/a"}"#, r#"{"field":"/a","equals":1,"exists":true}"#] {
        let rules = format!(r#"{{"keep":"all","filter":[{{"field":"/z","exists":true}},{filter}]}}"#);
        check(&rules, "/filter/1", "exactly one of");
    }
    check(r#"{"keep":"all","filter":[{"field":"/a","in":[]}]}"#, "/filter/0/in", "no record would go on");
}

#[test]
fn refuses_a_key_that_nobody_reads() {
    for rules in [r#"{"rule":[]}"#, r#"{"rules":[{"copy":"/a","too":"/b"}]}"#, r#"{"filter":[{"field":"/a","is":1}]}"#]
    {
        let error = serde_json::from_str::<Rules>(rules).unwrap_err().to_string();
        assert!(error.contains("unknown field"), "{error}");
    }
}

#[test]
fn refuses_a_record_that_is_no_object() {
    let error = apply(r#"{"keep":"all"}"#, "[]").unwrap_err();
    assert_eq!(error.code(), "mapping.not_an_object");
    check_error(r#"{"keep":"all"}"#, "{\"a\":", "mapping.not_an_object", "the line is not a JSON object");
}

#[test]
fn names_a_pointer_that_leads_too_deep() {
    check(&format!(r#"{{"rules":[{{"copy":"/a","to":"{}"}}]}}"#, "/a".repeat(33)), "/rules/0/to", "33 steps");
    check(&format!(r#"{{"rules":[{{"copy":"{}","to":"/a"}}]}}"#, "/a".repeat(100_000)), "/rules/0/copy", "too deep");
    compile(&format!(r#"{{"rules":[{{"copy":"/a","to":"{}"}}]}}"#, "/a".repeat(32))).unwrap();
}
