//! Every cast of every kind of value.

use super::{check, check_error};

#[track_caller]
fn check_cast(cast: &str, value: &str, wanted: &str) {
    let rules = format!(r#"{{"rules":[{{"copy":"/a","cast":"{cast}"}}]}}"#);
    check(&rules, &format!(r#"{{"a":{value}}}"#), &format!(r#"{{"a":{wanted}}}"#));
}

#[track_caller]
fn check_refused(cast: &str, value: &str, wanted: &str) {
    let rules = format!(r#"{{"rules":[{{"copy":"/a","cast":"{cast}"}}]}}"#);
    let message = format!("/rules/0: {value} cannot be turned into {wanted}");
    check_error(&rules, &format!(r#"{{"a":{value}}}"#), "mapping.cast_failed", &message);
}

#[test]
fn leaves_null_and_absence_as_they_are() {
    for cast in ["string", "integer", "number", "boolean"] {
        check_cast(cast, "null", "null");
        check(&format!(r#"{{"rules":[{{"copy":"/a","cast":"{cast}"}}]}}"#), "{}", "{}");
    }
}

#[test]
fn turns_scalars_into_strings_by_their_text() {
    for (value, wanted) in [
        (r#""a\u0041""#, r#""a\u0041""#),
        ("1.10", "\"1.10\""),
        ("1e400", "\"1e400\""),
        ("12345678901234567890", "\"12345678901234567890\""),
        ("true", "\"true\""),
        ("false", "\"false\""),
    ] {
        check_cast("string", value, wanted);
    }
}

#[test]
fn turns_whole_numbers_and_their_texts_into_integers() {
    for (value, wanted) in [
        ("0", "0"),
        ("-1", "-1"),
        ("\"42\"", "42"),
        ("\" 42 \"", "42"),
        ("\"-7\"", "-7"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("\"123456789012345678901234567890\"", "123456789012345678901234567890"),
    ] {
        check_cast("integer", value, wanted);
    }
}

#[test]
fn turns_numbers_and_their_texts_into_numbers() {
    for (value, wanted) in
        [("1.10", "1.10"), ("\"1.10\"", "1.10"), ("\"-1e400\"", "-1e400"), ("\" 0.5\"", "0.5"), ("1E+2", "1E+2")]
    {
        check_cast("number", value, wanted);
    }
}

#[test]
fn turns_yes_and_no_into_booleans() {
    for value in ["true", "1", "\"true\"", "\"1\"", "\" true \""] {
        check_cast("boolean", value, "true");
    }
    for value in ["false", "0", "\"false\"", "\"0\""] {
        check_cast("boolean", value, "false");
    }
}

#[test]
fn refuses_what_cannot_be_turned_without_guessing() {
    for value in ["{}", "[1]"] {
        check_refused("string", value, "a string");
        check_refused("integer", value, "a whole number");
        check_refused("number", value, "a number");
        check_refused("boolean", value, "a boolean");
    }
    for value in ["1.0", "1e2", "true", "\"\"", "\"1.5\"", "\"007\"", "\"+1\"", "\"-\"", "\"1 2\"", "\"\u{661}\""] {
        check_refused("integer", value, "a whole number");
    }
    for value in ["true", "\"\"", "\"x\"", "\"1,5\"", "\"01\"", "\"1.\"", "\".5\"", "\"NaN\"", "\"1 2\"", "\"null\""] {
        check_refused("number", value, "a number");
    }
    for value in ["2", "\"yes\"", "\"TRUE\"", "\"\"", "1.0"] {
        check_refused("boolean", value, "a boolean");
    }
}

#[test]
fn shows_at_most_a_hundred_bytes_of_a_value_and_cuts_no_character() {
    let long = format!("{{\"a\":\"{}\"}}", "é".repeat(200));
    let rules = r#"{"rules":[{"copy":"/a","cast":"integer"}]}"#;
    let error = super::apply(rules, &long).unwrap_err().to_string();
    assert_eq!(error, format!("/rules/0: \"{} cannot be turned into a whole number", "é".repeat(49)));
}
