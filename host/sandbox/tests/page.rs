//! What a stream's declaration adds to its pages.

use bytes::Bytes;
use weighbridge_sandbox::{Page, PageCheck, Stop};

fn page(records: &str) -> Page {
    Page {
        records: Bytes::copy_from_slice(records.as_bytes()),
        records_count: records.lines().count() as u64,
        removed: Bytes::new(),
        removed_count: 0,
        checkpoint: None,
        more: true,
        remaining: None,
        wait_ms: None,
    }
}

fn check(field: &str, values: &[&str], expected: Result<(), Stop>) {
    let mut check = PageCheck::new(Some(field), true);
    let key = field.trim_start_matches('/').replace("~1", "/");
    let mut pages = values.iter().map(|value| page(&format!("{{\"x\":[{{}},\"}}\"],\"{key}\":{value}}}\n")));
    let outcome = pages.try_for_each(|page| check.check(&page));
    assert_eq!(outcome.map_err(|stopped| stopped.stop), expected, "{values:?}");
}

#[test]
fn passes_values_that_stay_or_rise() {
    check("at", &["1", "1", "2", "10", "10.5", "11"], Ok(()));
    check("/at", &["\"a\"", "\"a\"", "\"b\"", "\"ba\""], Ok(()));
    check("/a~1t", &["9007199254740992", "9007199254740993"], Ok(()));
    check("at", &["1", "null", "2"], Ok(()));
}

#[test]
fn stops_values_that_fall_from_one_page_to_the_next() {
    check("at", &["2", "1"], Err(Stop::CursorFell));
    check("at", &["2", "null", "1"], Err(Stop::CursorFell));
    check("at", &["\"b\"", "\"a\""], Err(Stop::CursorFell));
    check("at", &["9007199254740993", "9007199254740992"], Err(Stop::CursorFell));
    check("at", &["1", "\"a\""], Err(Stop::CursorFell));
}

#[test]
fn compares_instants_as_instants() {
    check("at", &["\"2026-01-01T00:00:00Z\"", "\"2026-01-01T00:00:00.5Z\""], Ok(()));
    check("at", &["\"2026-01-01T01:00:00+01:00\"", "\"2026-01-01T00:00:00Z\""], Ok(()));
    check("at", &["\"2026-01-01T00:00:00Z\"", "\"2026-01-01T00:30:00+01:00\""], Err(Stop::CursorFell));
}

#[test]
fn finds_a_field_inside_a_field() {
    let mut check = PageCheck::new(Some("/meta/at"), true);
    check.check(&page("{\"at\":9,\"meta\":{\"b\":\"\\\"\",\"\\u0061t\":2}}\n")).unwrap();
    let fallen = check.check(&page("{\"meta\":{\"at\":2}}\n{\"meta\":{\"at\":1}}\n")).unwrap_err();
    assert!(fallen.message.ends_with("See line 2 of `records`."), "{}", fallen.message);
}
