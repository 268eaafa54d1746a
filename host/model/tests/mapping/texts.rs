//! Texts put together and cut apart.

use super::{apply, check, check_error};

#[track_caller]
fn check_concat(concat: &str, record: &str, wanted: &str) {
    check(&format!(r#"{{"rules":[{{"concat":{concat},"to":"/n"}}]}}"#), record, wanted);
}

#[test]
fn puts_fields_and_texts_together_by_their_text() {
    let concat = r#"{"parts":[{"copy":"/a"},{"text":"-"},{"copy":"/b/c"},{"copy":"/d"}]}"#;
    check_concat(concat, r#"{"a":"x\"é","b":{"c":1.10},"d":true}"#, r#"{"n":"x\"é-1.10true"}"#);
    let concat = r#"{"parts":[{"copy":"/a"},{"copy":"/b"}],"separator":", "}"#;
    check_concat(concat, r#"{"a":"x","b":"y"}"#, r#"{"n":"x, y"}"#);
}

#[test]
fn does_with_an_absent_part_what_the_rule_says() {
    let rules = |absent: &str| {
        format!(
            r#"{{"rules":[{{"concat":{{"parts":[{{"copy":"/a"}},{{"copy":"/b"}}],"separator":" "{absent}}},"to":"/n"}}]}}"#
        )
    };
    for record in [r#"{"b":"y"}"#, r#"{"a":null,"b":"y"}"#] {
        check(&rules(r#","absent":"skip""#), record, r#"{"n":"y"}"#);
        check(&rules(r#","absent":"empty""#), record, r#"{"n":" y"}"#);
        check(&rules(r#","absent":"nothing""#), record, "{}");
        check_error(
            &rules(""),
            record,
            "mapping.part_missing",
            "/rules/0: there is no text, number or boolean at `/a`",
        );
    }
    check_error(&rules(r#","absent":"skip""#), r#"{"a":[1]}"#, "mapping.part_missing", "/rules/0");
}

#[test]
fn an_absent_part_may_stand_for_the_rules_default() {
    let rules = r#"{"rules":[{"concat":{"parts":[{"copy":"/a"}],"absent":"nothing"},"default":"?","to":"/n"}]}"#;
    check(rules, "{}", r#"{"n":"?"}"#);
}

#[test]
fn a_key_is_never_half_a_text() {
    use weighbridge_model::mapping::Answers;
    use weighbridge_model::record::Fields;
    let rules = r#"{"rules":[{"concat":{"parts":[{"copy":"/id"},{"copy":"/x"}],"absent":"skip"},"to":"/id"},{"copy":"/id","to":"/k"}]}"#;
    let mut out = Vec::new();
    super::compile(rules)
        .unwrap()
        .apply_key(&Fields::parse(r#"{"id":"7"}"#).unwrap(), &mut Answers::none(), &mut out)
        .unwrap();
    assert_eq!(out, b"{\"k\":\"7\"}\n");
}

#[test]
fn cuts_a_text_and_takes_one_part() {
    let rules = |part: i32, more: &str| {
        format!(r#"{{"rules":[{{"copy":"/a","split":{{"separator":", ","part":{part}}}{more}}}]}}"#)
    };
    for (part, wanted) in [(0, "x"), (1, "y\\\"z"), (2, "3"), (-1, "3"), (-3, "x")] {
        check(&rules(part, ""), r#"{"a":"x, y\"z, 3"}"#, &format!(r#"{{"a":"{wanted}"}}"#));
    }
    for part in [3, -4, i32::MIN, i32::MAX] {
        check(&rules(part, ""), r#"{"a":"x, y, 3"}"#, "{}");
        check(&rules(part, r#","default":0"#), r#"{"a":"x, y, 3"}"#, r#"{"a":0}"#);
    }
    check(&rules(2, r#","cast":"integer""#), r#"{"a":"x, y, 3"}"#, r#"{"a":3}"#);
    check(&rules(1, r#","table":{"y":"yes"}"#), r#"{"a":"x, y, 3"}"#, r#"{"a":"yes"}"#);
    check(&rules(1, ""), r#"{"a":null}"#, r#"{"a":null}"#);
    check_error(&rules(0, ""), r#"{"a":5}"#, "mapping.cast_failed", "/rules/0: 5 cannot be turned into a text");
}

#[test]
fn names_what_makes_no_text() {
    for (rule, at) in [
        (r#"{"concat":{"parts":[]},"to":"/n"}"#, "/rules/0/concat/parts"),
        (r#"{"concat":{"parts":[{"text":"x"},{"copy":"a"}]},"to":"/n"}"#, "/rules/0/concat/parts/1/copy"),
        (r#"{"concat":{"parts":[{"text":"x"}]}}"#, "/rules/0"),
        (r#"{"concat":{"parts":[{"text":"x"}]},"to":"/n","cast":"integer"}"#, "/rules/0"),
        (r#"{"copy":"/a","split":{"separator":"","part":0}}"#, "/rules/0/split/separator"),
    ] {
        let error = super::compile(&format!(r#"{{"rules":[{rule}]}}"#)).unwrap_err();
        assert_eq!(error.at, at, "{error}");
    }
}

#[test]
fn what_was_cut_and_put_together_again_is_what_it_was() {
    let rules = r#"{"rules":[
        {"copy":"/t","to":"/p","split":{"separator":"|","part":0}},
        {"copy":"/t","to":"/q","split":{"separator":"|","part":1}}]}"#;
    let back = r#"{"rules":[{"concat":{"parts":[{"copy":"/p"},{"copy":"/q"}],"separator":"|"},"to":"/t"}]}"#;
    for text in ["a|b", "|", "é|\\u0000\\n", " | "] {
        let record = format!(r#"{{"t":"{text}"}}"#);
        let cut = apply(rules, &record).unwrap().unwrap();
        let again: serde_json::Value = serde_json::from_str(&apply(back, &cut).unwrap().unwrap()).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(&record).unwrap());
    }
}
