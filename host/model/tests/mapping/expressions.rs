//! What one jq expression makes of a record.

use weighbridge_model::mapping::{EXPRESSION_BYTES_MAX, Expression};

use super::{check, check_error, compile};

fn rules(expression: &str) -> String {
    serde_json::json!({ "rules": [{ "jq": expression, "to": "/v" }] }).to_string()
}

#[track_caller]
fn check_jq(expression: &str, record: &str, wanted: &str) {
    check(&rules(expression), record, &format!(r#"{{"v":{wanted}}}"#));
}

#[test]
fn gives_the_record_to_the_expression_and_writes_its_value() {
    for (expression, record, wanted) in [
        (".a", r#"{"a":"é\n"}"#, r#""é\n""#),
        ("[.lines[] | .q * .p] | add", r#"{"lines":[{"q":2,"p":3},{"q":1,"p":4}]}"#, "10"),
        ("if .a then \"yes\" else \"no\" end", r#"{"a":false}"#, r#""no""#),
        (".l | map(select(.k == \"x\"))[0].v", r#"{"l":[{"k":"y","v":1},{"k":"x","v":2}]}"#, "2"),
        ("with_entries(.value |= tostring)", r#"{"a":1}"#, r#"{"a":"1"}"#),
        (".a | ascii_downcase | split(\" \") | join(\"-\")", r#"{"a":"A B"}"#, r#""a-b""#),
        (".big", r#"{"big":12345678901234567890.10}"#, "12345678901234567890.10"),
        ("first(.x // .y)", r#"{"y":3}"#, "3"),
        ("null", "{}", "null"),
    ] {
        check_jq(expression, record, wanted);
    }
}

#[test]
fn gives_each_element_to_an_expression_inside_of_each() {
    let rules = r#"{"rules":[{"each":"/l","rules":[{"jq":".a + .b","to":"/s"}]}]}"#;
    check(rules, r#"{"l":[{"a":1,"b":2},{"a":3,"b":4}]}"#, r#"{"l":[{"s":3},{"s":7}]}"#);
}

#[test]
fn no_value_leaves_the_field_out_or_takes_the_default() {
    check(&rules("empty"), "{}", "{}");
    check(r#"{"rules":[{"jq":"empty","to":"/v","default":1}]}"#, "{}", r#"{"v":1}"#);
    check(r#"{"rules":[{"jq":"null","to":"/v","default":1}]}"#, "{}", r#"{"v":1}"#);
}

#[test]
fn rejects_a_record_on_which_it_fails() {
    let code = "mapping.expression_failed";
    check_error(&rules(".a.b"), r#"{"a":1}"#, code, "/rules/0: the expression fails: cannot index 1");
    check_error(&rules("1, 2"), "{}", code, "/rules/0: the expression fails: it gives more than one value");
    check_error(&rules("error(\"no\")"), "{}", code, "/rules/0: the expression fails: \"no\"");
    check_error(&rules("infinite | -."), "{}", code, "/rules/0: the expression fails: it gives what is no JSON");
    check_error(
        &rules("\"x\" * 2000000"),
        "{}",
        code,
        "/rules/0: the expression fails: it gives more than 1048576 bytes",
    );
}

#[test]
fn names_what_is_no_expression() {
    for (expression, what) in [
        (".a |", "is expected at byte 4"),
        ("(1", "is expected at byte"),
        ("nosuch(.a)", "`nosuch` is no filter"),
        ("$x", "`$x` is no variable"),
        ("include \"x\"; .", "other files"),
        ("", "is expected at byte 0"),
    ] {
        let error = compile(&rules(expression)).unwrap_err();
        assert_eq!(error.at, "/rules/0/jq");
        assert!(error.what.contains(what), "{expression}: {error}");
    }
    assert!(
        Expression::compile(&" ".repeat(EXPRESSION_BYTES_MAX + 1))
            .unwrap_err()
            .to_string()
            .contains("1000 are allowed")
    );
}

#[test]
fn the_clock_the_environment_and_the_process_are_out_of_reach() {
    for name in
        ["now", "env", "$ENV", "halt", "input", "inputs", "debug", "stderr", "input_filename", "get_search_list"]
    {
        assert!(Expression::compile(name).is_err(), "{name}");
    }
}

#[test]
fn a_text_as_deep_as_it_may_be_is_read_or_refused() {
    for piece in
        ["(", "[", "{a:", "-", ".a|", "try ", "if . then ", "def f: ", ".[", "reduce ", "1 as $x|", "..", "\"\\("]
    {
        let _ = Expression::check(&piece.repeat(EXPRESSION_BYTES_MAX / piece.len()));
        let open = EXPRESSION_BYTES_MAX / piece.len() / 2;
        let _ = Expression::check(&format!("{}.", piece.repeat(open)));
    }
}
