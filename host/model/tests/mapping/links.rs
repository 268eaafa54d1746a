//! Ids that source records were given.

use weighbridge_model::mapping::Questions;
use weighbridge_model::record::Fields;

use super::{apply_with, compile};

const LINKS: &[(&str, &str)] = &[("7", "dest-7"), ("\"a\"", "dest-a")];

fn rules(more: &str, absent: &str) -> String {
    format!(r#"{{"rules":[{{"copy":"/c","to":"/customer"{more},"lookup":{{"endpoint":"parties"{absent}}}}}]}}"#)
}

#[track_caller]
fn check(rules: &str, record: &str, wanted: &str) {
    assert_eq!(apply_with(rules, record, LINKS).unwrap().unwrap(), wanted);
}

#[test]
fn writes_the_id_that_a_source_record_was_given() {
    check(&rules("", ""), r#"{"c":7}"#, r#"{"customer":"dest-7"}"#);
    check(&rules("", ""), r#"{"c":"a"}"#, r#"{"customer":"dest-a"}"#);
    check(&rules(r#","cast":"integer""#, ""), r#"{"c":"7"}"#, r#"{"customer":"dest-7"}"#);
    check(&rules(r#","split":{"separator":"/","part":1}"#, ""), r#"{"c":"x/a"}"#, r#"{"customer":"dest-a"}"#);
    check(&rules("", ""), r#"{"c":null}"#, r#"{"customer":null}"#);
    check(&rules("", ""), "{}", "{}");
}

#[test]
fn does_with_a_key_without_a_link_what_the_rule_says() {
    check(&rules("", r#","absent":"null""#), r#"{"c":8}"#, r#"{"customer":null}"#);
    check(&rules("", r#","absent":"keep""#), r#"{"c":8}"#, r#"{"customer":8}"#);
    let error = apply_with(&rules("", ""), r#"{"c":8}"#, LINKS).unwrap_err();
    assert_eq!((error.code(), error.at()), ("mapping.no_link", Some("/rules/0")));
    assert_eq!(error.to_string(), "/rules/0: the record 8 has no id at `parties` yet");
}

#[test]
fn asks_for_each_key_of_each_endpoint_once() {
    let mapping = compile(
        r#"{"rules":[{"copy":"/a","lookup":{"endpoint":"x"}},{"copy":"/b","lookup":{"endpoint":"y"}},
            {"each":"/l","rules":[{"copy":"/c","lookup":{"endpoint":"x"}}]}]}"#,
    )
    .unwrap();
    let mut questions = Questions::default();
    for record in [r#"{"a":1,"b":1,"l":[{"c":1},{"c":2}]}"#, r#"{"a":2,"b":1,"l":[]}"#] {
        mapping.ask(&Fields::parse(record).unwrap(), &mut questions);
    }
    assert_eq!(mapping.endpoints(), ["x", "y"]);
    let wanted = [(0, "1".to_owned()), (0, "2".to_owned()), (1, "1".to_owned())];
    assert!(questions.links.iter().eq(&wanted), "{questions:?}");
}

#[test]
fn a_record_that_is_filtered_asks_for_nothing() {
    let mapping =
        compile(r#"{"filter":[{"field":"/s","equals":1}],"rules":[{"copy":"/a","lookup":{"endpoint":"x"}}]}"#).unwrap();
    let mut questions = Questions::default();
    mapping.ask(&Fields::parse(r#"{"a":1}"#).unwrap(), &mut questions);
    assert_eq!(questions, Questions::default());
}

#[test]
fn names_a_look_up_without_an_endpoint() {
    let error = compile(r#"{"rules":[{"copy":"/a","lookup":{"endpoint":""}}]}"#).unwrap_err();
    assert_eq!(error.at, "/rules/0/lookup/endpoint");
}
