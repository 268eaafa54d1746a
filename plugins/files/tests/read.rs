//! Reading: formats, encodings, packing, and places in the middle of a file.

use std::io::Write as _;

use serde_json::{Value, json};
use weighbridge_files::Folders;
use weighbridge_sdk::Failure;
use weighbridge_sdk::source::SyncMode;
use weighbridge_sdk::testing::{self, ScriptedHost};

const LATER_MS: u64 = 60_000;

/// A host with one file in its folder, which has lain there for a while.
fn host(name: &str, bytes: &[u8], read: &Value) -> ScriptedHost {
    let host = ScriptedHost::install();
    let mut settings = json!({ "folder": "in" });
    settings.as_object_mut().unwrap().extend(read.as_object().unwrap().clone());
    host.configure(json!({ "streams": { "orders": { "read": settings } } }));
    for folder in ["in", "done"] {
        host.folder(folder);
    }
    host.file("in", name, bytes);
    later(&host, LATER_MS);
    host
}

fn later(host: &ScriptedHost, ms: u64) {
    host.set_now_ms(weighbridge_sdk::clock::now_ms() + ms);
}

/// All records, read so many at a time, each time by a new reader.
fn records(page: u32) -> Result<Vec<Value>, Failure> {
    testing::read_all::<Folders>("orders", page)
}

/// Whatever the size of a page, the records are these.
#[track_caller]
fn check(name: &str, bytes: &[u8], read: &Value, wanted: &Value) {
    for page in [1, 2, 100] {
        let _host = host(name, bytes, read);
        assert_eq!(Value::Array(records(page).unwrap()), *wanted, "{name} by {page}");
    }
}

#[track_caller]
fn check_refused(bytes: &[u8], read: &Value, code: &str, says: &str) {
    let _host = host("orders", bytes, read);
    let failure = records(100).unwrap_err();
    assert!(failure.code == code && failure.message.contains(says), "{failure:?}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn utf_16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn csv_has_dialects() {
    let wanted = json!([{ "id": "1", "name": "a, \"b\"\nc" }, { "id": "2", "name": "" }, { "id": "3", "name": "d" }]);
    let csv = json!({ "format": "csv" });
    check("orders.csv", b"id,name\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,\r\n3,d", &csv, &wanted);
    let other = json!({ "format": "csv", "csv": { "delimiter": ";", "quote": "'" } });
    check("orders.csv", b"id;name\n1;'a, \"b\"\nc'\n2;''\n3;d\n", &other, &wanted);
    let bare = json!({ "format": "csv", "csv": { "header": false, "columns": ["id", "name"], "delimiter": "\t" } });
    check("orders.csv", b"1\t\"a, \"\"b\"\"\nc\"\n2\t\n3\td\n", &bare, &wanted);
    let null = json!({ "format": "csv", "csv": { "empty_is_null": true } });
    check("orders.csv", b"id,name\n1,\n", &null, &json!([{ "id": "1", "name": null }]));
}

#[test]
fn texts_are_read_in_the_encoding_that_the_settings_or_a_mark_say() {
    let text = "id,city\n1,Łódź 🚲\n2,Żory\n3,Gdańsk\n";
    let wanted =
        json!([{ "id": "1", "city": "Łódź 🚲" }, { "id": "2", "city": "Żory" }, { "id": "3", "city": "Gdańsk" }]);
    let marked = [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
    let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for bytes in [text.as_bytes(), &marked, &utf_16(text), &big] {
        check("orders.csv", bytes, &json!({ "format": "csv" }), &wanted);
    }
    check("orders.csv", &utf_16(text)[2..], &json!({ "format": "csv", "encoding": "utf-16" }), &wanted);
    let text = text.replace(" 🚲", "");
    let mut wanted = wanted;
    wanted[0]["city"] = json!("Łódź");
    for (name, encoding) in [("windows-1250", encoding_rs::WINDOWS_1250), ("iso-8859-2", encoding_rs::ISO_8859_2)] {
        let bytes = encoding.encode(&text).0;
        check("orders.csv", &bytes, &json!({ "format": "csv", "encoding": name }), &wanted);
    }
    let western = json!({ "format": "csv", "encoding": "windows-1252" });
    check("orders.csv", b"n\nCaf\xe9 \x80\n", &western, &json!([{ "n": "Café €" }]));
}

#[test]
fn packed_files_are_unpacked_and_gone_on_with_in_the_middle() {
    let lines: String = (0..2_000).map(|id| format!("{{\"id\":{id}}}\n")).collect();
    let wanted: Vec<Value> = (0..2_000).map(|id| json!({ "id": id })).collect();
    let (one, two) = lines.as_bytes().split_at(9_000);
    let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3][..], &zstd(two)].concat();
    for (name, bytes) in [
        ("a.jsonl.gz", [gzip(one), gzip(two)].concat()),
        ("a.jsonl.zst", [zstd(one), skippable].concat()),
        ("a.JSONL.GZ", gzip(lines.as_bytes())),
    ] {
        let _host = host(name, &bytes, &json!({ "format": "lines" }));
        assert_eq!(records(300).unwrap(), wanted, "{name}");
    }
}

#[test]
fn lines_may_be_empty_and_the_last_one_unended() {
    let wanted = json!([{ "a": 1.50 }, { "b": "x" }]);
    check("orders", b"{\"a\":1.50}\n\r\n\n {\"b\":\"x\"} \r", &json!({ "format": "lines" }), &wanted);
    check("orders", b"", &json!({ "format": "lines" }), &json!([]));
}

#[test]
fn a_document_has_its_records_where_a_pointer_leads() {
    let text = br#"{"a/b": {"items": [{"id": 1},
        {"id": 2.10}]}}"#;
    let at = json!({ "format": "json", "records": "/a~1b/items" });
    check("orders", text, &at, &json!([{ "id": 1 }, { "id": 2.10 }]));
    check("orders", b"[{\"id\":1}]", &json!({ "format": "json" }), &json!([{ "id": 1 }]));
    check("orders", b"{\"id\":1}", &json!({ "format": "json" }), &json!([{ "id": 1 }]));
}

#[test]
fn what_is_not_as_described_is_refused_with_its_file_and_its_place() {
    let csv = json!({ "format": "csv" });
    check_refused(b"id,name\n1,a\n2\n", &csv, "files.csv_fields", "orders: the row at byte 12 has 1 fields and not 2");
    check_refused(b"id,id\n1,a\n", &csv, "files.csv_columns", "two columns");
    check_refused(b"id\n\xff\n", &csv, "files.encoding", "orders: near byte ");
    check_refused(b"a", &json!({ "format": "csv", "csv": { "header": false } }), "files.csv_columns", "columns");
    check_refused(b"a", &json!({ "format": "csv", "csv": { "delimiter": "\"" } }), "files.csv_marks", "different");
    let lines = json!({ "format": "lines" });
    check_refused(b"{}\n[1]\n", &lines, "files.json_malformed", "orders: the line at byte 3 is no JSON object");
    check_refused(b"{}\n{\"a\":}\n", &lines, "files.json_malformed", "byte 3");
    check_refused(b"[1]", &json!({ "format": "json" }), "files.json_malformed", "record 0");
    check_refused(b"{}", &json!({ "format": "json", "records": "/x" }), "files.json_pointer", "/x");
    let cut = gzip(&[b'x'; 9_000]);
    let _host = host("a.gz", &cut[..cut.len() - 9], &lines);
    assert_eq!(records(9).unwrap_err().code, "files.packing_malformed");
    let mut wrong = zstd(b"{}\n{}\n");
    let at = wrong.len() - 1;
    wrong[at] ^= 1;
    let _host = host("a.zst", &wrong, &lines);
    assert_eq!(records(9).unwrap_err().code, "files.packing_malformed");
}

#[test]
fn files_come_in_the_order_in_which_they_arrived_and_only_those_that_are_meant() {
    let host = host("b.jsonl", b"{\"id\":1}\n", &json!({ "format": "lines", "pattern": "*.jsonl" }));
    host.file("in", "other.txt", b"no record");
    host.file("in", "a.jsonl", b"{\"id\":2}\n{\"id\":3}\n");
    later(&host, LATER_MS);
    assert_eq!(records(1).unwrap(), [json!({ "id": 1 }), json!({ "id": 2 }), json!({ "id": 3 })]);
}

#[test]
fn a_file_that_still_grows_is_left_alone_and_one_that_came_since_is_read_next_time() {
    let host = host("a", b"{\"id\":1}\n", &json!({ "format": "lines", "settle_s": 30 }));
    let read = |start| testing::read_from::<Folders>("orders", SyncMode::Incremental, start, 10).unwrap();
    host.file("in", "0-comes-later", b"{\"id\":2}\n");
    let (first, place) = read(None);
    assert_eq!(first, [json!({ "id": 1 })]);
    later(&host, 29_000);
    assert_eq!(read(place.clone()), (Vec::new(), place.clone()));
    later(&host, 1_000);
    let (second, place) = read(place);
    assert_eq!(second, [json!({ "id": 2 })]);
    host.file("in", "a", b"{\"id\":4}\n");
    later(&host, LATER_MS);
    assert_eq!(read(place).0, [json!({ "id": 4 })], "a file that is replaced is another one");
}

#[test]
fn what_is_settled_is_filed_away_and_nothing_else() {
    let settings = json!({ "format": "lines", "pattern": "*.jsonl", "file_away": "done" });
    let host = host("a.jsonl", b"{\"id\":1}\n", &settings);
    host.file("in", "other.txt", b"");
    host.file("done", "a.jsonl", b"one of before");
    host.file("in", "b.jsonl", b"{\"id\":2}\n{\"id\":3}\n");
    later(&host, LATER_MS);
    // A reader that stops in the middle of a file has filed away only those before it.
    let mut reader = open();
    let limit = weighbridge_sdk::source::Limit { records: 2, bytes: 1 << 20 };
    let page = reader.next(limit).unwrap();
    reader.acknowledge(&page.checkpoint.clone().unwrap()).unwrap();
    assert_eq!(host.file_names("in"), ["b.jsonl", "other.txt"]);
    let dated = host.file_names("done");
    assert!(dated.len() == 2 && dated[0].ends_with(".a.jsonl") && dated[1] == "a.jsonl", "{dated:?}");
    // One that comes under the name of one that was read is another one.
    host.file("in", "a.jsonl", b"{\"id\":4}\n");
    let page = reader.next(limit).unwrap();
    reader.acknowledge(&page.checkpoint.unwrap()).unwrap();
    assert_eq!(host.file_names("in"), ["a.jsonl", "other.txt"]);
}

fn open() -> Box<dyn weighbridge_sdk::source::Reader> {
    use weighbridge_sdk::{Connector as _, config, source::ReadRequest};
    let request =
        ReadRequest { stream: "orders".into(), mode: SyncMode::Incremental, start: None, since: None, until: None };
    Folders::new(config::get().unwrap()).unwrap().read(request).unwrap()
}

#[test]
fn a_folder_that_is_not_granted_is_denied_and_a_partition_has_its_files_to_itself() {
    let read = json!({ "format": "lines", "pattern": "*" });
    let host = host("c1-a", b"{\"id\":1}\n", &read);
    host.file("in", "c2-a", b"{\"id\":2}\n");
    later(&host, LATER_MS);
    let with = |pattern: &str, folder: &str| {
        let read = json!({ "format": "lines", "pattern": pattern, "folder": folder });
        host.configure(json!({ "partition": "c1", "streams": { "orders": { "read": read } } }));
        records(9)
    };
    assert_eq!(with("{partition}-*", "in").unwrap(), [json!({ "id": 1 })]);
    assert_eq!(with("*", "in").unwrap_err().code, "files.partition_unused");
    assert_eq!(with("{partition}-*", "elsewhere").unwrap_err().code, "files.denied");
}
