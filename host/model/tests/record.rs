//! Records are split, and found in, without touching their bytes.

use weighbridge_model::record::{Fields, Pointer};

const RECORD: &str = r#"{"id":1.10,"a/b":{"~c":[10,{"deep":12345678901234567890}]},"":"empty","twice":1,"twice":2,"na\u006de":"x","":{"":7}}"#;

#[track_caller]
fn check(pointer: &str, wanted: Option<&str>) {
    let fields = Fields::parse(RECORD).unwrap();
    let found = Pointer::parse(pointer).unwrap().find(&fields).map(|value| value.get());
    assert_eq!(found, wanted, "{pointer}");
}

#[test]
fn finds_a_value_as_it_was_written() {
    check("/id", Some("1.10"));
    check("/a~1b/~0c/1/deep", Some("12345678901234567890"));
    check("/a~1b/~0c/0", Some("10"));
    check("/twice", Some("2"));
    check("/name", Some("\"x\""));
    check("//", Some("7"));
}

#[test]
fn finds_nothing_where_nothing_is() {
    for pointer in ["/no", "/id/0", "/a~1b/~0c/2", "/a~1b/~0c/01", "/a~1b/~0c/+1", "/a~1b/~0c/-", "/a~1b/~0c/-1", "/a"]
    {
        check(pointer, None);
    }
}

#[test]
fn shows_a_pointer_as_it_reads_it() {
    for text in ["/a", "/", "/a~1b/~0c/0", "/~01"] {
        assert_eq!(Pointer::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn refuses_a_text_that_is_no_pointer() {
    for text in ["", "a", "a/b", "/a~", "/a~2"] {
        let error = Pointer::parse(text).unwrap_err().to_string();
        assert!(error.contains(&format!("`{text}`")), "{error}");
    }
}

#[test]
fn takes_a_field_name_as_a_pointer_of_one_step() {
    assert_eq!(Pointer::of_field("a~b"), Pointer::parse("/a~0b"));
    assert_eq!(Pointer::of_field("/a/b"), Pointer::parse("/a/b"));
}

#[test]
fn refuses_a_line_that_is_not_one_object() {
    for line in ["", "[]", "1", "null", "{", "{\"a\":1}{}", "{\"a\":01}", "{a:1}", "\"{}\""] {
        assert!(Fields::parse(line).is_err(), "{line}");
    }
}

#[test]
fn keeps_the_order_of_fields() {
    let fields = Fields::parse(r#"{"b":1,"a":2,"c":null}"#).unwrap();
    let names: Vec<&str> = fields.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["b", "a", "c"]);
}
