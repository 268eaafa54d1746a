//! What each rule writes.

use super::{check, check_error};

#[test]
fn copies_a_value_under_its_own_name_or_another() {
    check(r#"{"rules":[{"copy":"/a"}]}"#, r#"{"a":1,"b":2}"#, r#"{"a":1}"#);
    check(r#"{"rules":[{"copy":"/a","to":"/b"}]}"#, r#"{"a":1,"b":2}"#, r#"{"b":1}"#);
    check(r#"{"rules":[{"copy":"/a/0/x","to":"/x"}]}"#, r#"{"a":[{"x":true}]}"#, r#"{"x":true}"#);
    check(r#"{"rules":[{"copy":"/a/x"}]}"#, r#"{"a":{"x":1,"y":2}}"#, r#"{"a":{"x":1}}"#);
}

#[test]
fn keeps_the_bytes_of_every_value_that_is_only_moved() {
    let exact = ["1.10", "1e400", "-0", "12345678901234567890", "0.1e-7", r#""\u0041\/""#, r#"{"b":1.0,"a":[1 ,2]}"#];
    for value in exact {
        check(r#"{"rules":[{"copy":"/a"}]}"#, &format!(r#"{{"a":{value}}}"#), &format!(r#"{{"a":{value}}}"#));
        check(r#"{"keep":"all"}"#, &format!(r#"{{"a": {value} }}"#), &format!(r#"{{"a":{value}}}"#));
    }
}

#[test]
fn writes_in_the_order_of_the_rules_and_gathers_what_goes_to_one_object() {
    let rules = r#"{"rules":[
        {"copy":"/c","to":"/x/c"}, {"copy":"/a","to":"/a"}, {"copy":"/b","to":"/x/deep/b"}, {"constant":0,"to":"/x/z"}
    ]}"#;
    check(rules, r#"{"a":1,"b":2,"c":3}"#, r#"{"x":{"c":3,"deep":{"b":2},"z":0},"a":1}"#);
    check(rules, r#"{}"#, r#"{"x":{"z":0}}"#);
}

#[test]
fn leaves_no_trace_of_an_object_that_nothing_goes_to() {
    check(r#"{"rules":[{"copy":"/a","to":"/x/deep/a"},{"copy":"/b"}]}"#, r#"{"b":2}"#, r#"{"b":2}"#);
    check(
        r#"{"rules":[{"copy":"/b"},{"copy":"/a","to":"/x/a"},{"copy":"/c"}]}"#,
        r#"{"b":1,"c":2}"#,
        r#"{"b":1,"c":2}"#,
    );
    check(r#"{"rules":[{"copy":"/a"}]}"#, "{}", "{}");
}

#[test]
fn writes_a_constant_of_any_kind() {
    for value in ["null", "true", "0", r#""a\"b""#, r#"{"a":[1]}"#] {
        let rules = format!(r#"{{"rules":[{{"constant":{value},"to":"/c"}}]}}"#);
        check(&rules, r#"{"a":1}"#, &format!(r#"{{"c":{value}}}"#));
    }
}

#[test]
fn writes_the_default_where_there_is_no_value_or_null() {
    let rules = r#"{"rules":[{"copy":"/a","default":"none"}]}"#;
    check(rules, "{}", r#"{"a":"none"}"#);
    check(rules, r#"{"a":null}"#, r#"{"a":"none"}"#);
    check(rules, r#"{"a":""}"#, r#"{"a":""}"#);
    check(rules, r#"{"a":false}"#, r#"{"a":false}"#);
    check(r#"{"rules":[{"copy":"/a","default":null}]}"#, "{}", r#"{"a":null}"#);
    check(r#"{"rules":[{"copy":"/a/b/c","to":"/c","default":0}]}"#, r#"{"a":{"b":1}}"#, r#"{"c":0}"#);
}

#[test]
fn keeps_a_null_where_the_rule_has_no_default() {
    check(r#"{"rules":[{"copy":"/a"}]}"#, r#"{"a":null}"#, r#"{"a":null}"#);
}

#[test]
fn keeps_the_fields_that_no_rule_reads_drops_or_writes() {
    let record = r#"{"a":1,"b":2,"c":{"d":3},"e":5}"#;
    check(r#"{"keep":"all"}"#, record, record);
    check(r#"{"keep":"all","rules":[{"drop":"/b"}]}"#, record, r#"{"a":1,"c":{"d":3},"e":5}"#);
    check(r#"{"keep":"all","rules":[{"copy":"/a","to":"/z"}]}"#, record, r#"{"b":2,"c":{"d":3},"e":5,"z":1}"#);
    check(r#"{"keep":"all","rules":[{"constant":9,"to":"/e"}]}"#, record, r#"{"a":1,"b":2,"c":{"d":3},"e":9}"#);
    check(r#"{"keep":"all","rules":[{"copy":"/c/d","to":"/d"}]}"#, record, r#"{"a":1,"b":2,"e":5,"d":3}"#);
}

#[test]
fn escapes_names_as_they_must_be() {
    check(r#"{"rules":[{"copy":"/a","to":"/q\"~1~0\n"}]}"#, r#"{"a":1}"#, r#"{"q\"/~\n":1}"#);
    check(r#"{"keep":"all"}"#, "{\"q\\\"\\n\":1}", r#"{"q\"\n":1}"#);
}

#[test]
fn looks_a_value_up_in_a_table_by_its_text() {
    let rules = r#"{"rules":[{"copy":"/s","table":{"1":"one","on":true,"null":"nothing","1.0":2}}]}"#;
    for (value, wanted) in
        [("1", "\"one\""), ("\"1\"", "\"one\""), ("\"on\"", "true"), ("null", "\"nothing\""), ("1.0", "2")]
    {
        check(rules, &format!(r#"{{"s":{value}}}"#), &format!(r#"{{"s":{wanted}}}"#));
    }
    check(r#"{"rules":[{"copy":"/s","table":{"a":1},"default":0}]}"#, r#"{"s":"b"}"#, r#"{"s":0}"#);
    check(r#"{"rules":[{"copy":"/s","table":{"é":1}}]}"#, r#"{"s":"\u00e9"}"#, r#"{"s":1}"#);
}

#[test]
fn refuses_a_value_that_is_not_in_the_table() {
    let rules = r#"{"rules":[{"copy":"/id"},{"copy":"/s","table":{"a":1}}]}"#;
    check_error(rules, r#"{"id":1,"s":"b"}"#, "mapping.not_in_table", r#"/rules/1: "b" is not in the table"#);
}

#[test]
fn maps_each_element_of_an_array() {
    let rules = r#"{"rules":[{"each":"/lines","to":"/items","rules":[
        {"copy":"/sku"}, {"copy":"/n","to":"/count","cast":"integer","default":1}, {"each":"/tags","rules":[{"copy":"/t"}]}
    ]}]}"#;
    let record = r#"{"lines":[{"sku":"x","n":"2"},{"sku":"y","tags":[{"t":1},{}]},{}]}"#;
    let wanted = r#"{"items":[{"sku":"x","count":2},{"sku":"y","count":1,"tags":[{"t":1},{}]},{"count":1}]}"#;
    check(rules, record, wanted);
    check(rules, r#"{"lines":[]}"#, r#"{"items":[]}"#);
    check(rules, "{}", "{}");
    check(r#"{"rules":[{"each":"/l","default":[],"rules":[{"copy":"/a"}]}]}"#, r#"{"l":null}"#, r#"{"l":[]}"#);
}

#[test]
fn refuses_each_over_what_is_no_array_of_objects() {
    for value in ["1", r#"{"a":1}"#, "[1]", "[{},null]", "null"] {
        let rules = r#"{"rules":[{"copy":"/id"},{"each":"/l","rules":[{"copy":"/a"}]}]}"#;
        check_error(rules, &format!(r#"{{"id":1,"l":{value}}}"#), "mapping.not_objects", "/rules/1: ");
    }
}

#[test]
fn names_the_inner_rule_that_failed() {
    let rules = r#"{"rules":[{"each":"/l","rules":[{"copy":"/a"},{"copy":"/b","cast":"integer"}]}]}"#;
    check_error(rules, r#"{"l":[{"b":1},{"b":"x"}]}"#, "mapping.cast_failed", r#"/rules/0/rules/1: "x" cannot"#);
}
