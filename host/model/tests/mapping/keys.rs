//! What becomes of the primary key of a record that is gone.

use weighbridge_model::mapping::Answers;
use weighbridge_model::record::Fields;

use super::compile;

#[track_caller]
fn check(rules: &str, key: &str, wanted: &str) {
    let mut out = Vec::new();
    compile(rules).unwrap().apply_key(&Fields::parse(key).unwrap(), &mut Answers::none(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), format!("{wanted}\n"));
}

#[test]
fn is_renamed_and_cast_as_the_record_was() {
    check(
        r#"{"rules":[{"copy":"/id","to":"/ref/number","cast":"string"}]}"#,
        r#"{"id":7}"#,
        r#"{"ref":{"number":"7"}}"#,
    );
    check(r#"{"keep":"all","rules":[{"drop":"/b"}]}"#, r#"{"id":7,"b":1}"#, r#"{"id":7}"#);
}

#[test]
fn gains_no_constant_and_no_default() {
    let rules = r#"{"rules":[{"copy":"/id"},{"constant":"x","to":"/kind"},{"copy":"/name","default":"nobody"}]}"#;
    check(rules, r#"{"id":7}"#, r#"{"id":7}"#);
}

#[test]
fn leaves_the_output_untouched_when_it_cannot_be_shaped() {
    let mapping = compile(r#"{"rules":[{"copy":"/id","cast":"integer"}]}"#).unwrap();
    let mut out = b"before\n".to_vec();
    let error =
        mapping.apply_key(&Fields::parse(r#"{"id":"x"}"#).unwrap(), &mut Answers::none(), &mut out).unwrap_err();
    assert_eq!((error.code(), out.as_slice()), ("mapping.cast_failed", &b"before\n"[..]));
}
