//! Writing: what a file is called, what is in it, and that it is written again as it was.

use std::io::Read as _;

use serde_json::{Value, json};
use weighbridge_files::Folders;
use weighbridge_sdk::destination::{Receipt, WriteMode};
use weighbridge_sdk::testing::{self, ScriptedHost};

fn host(write: &Value) -> ScriptedHost {
    let host = ScriptedHost::install();
    let mut settings = json!({ "folder": "out" });
    settings.as_object_mut().unwrap().extend(write.as_object().unwrap().clone());
    host.configure(json!({ "streams": { "orders": { "write": settings } } }));
    host.folder("out");
    host
}

fn write(records: &[Value]) -> Receipt {
    testing::write::<Folders>("orders", WriteMode::Append, records).unwrap()
}

/// One file of this name has this text in it.
#[track_caller]
fn check(settings: &Value, records: &[Value], name: &str, text: &str) {
    let host = host(settings);
    write(records);
    let bytes = host.file_bytes("out", name).unwrap_or_else(|| panic!("{:?}", host.file_names("out")));
    assert_eq!(String::from_utf8_lossy(&bytes), text);
}

#[test]
fn csv_has_the_columns_of_the_settings_or_all_that_there_are() {
    let records = [json!({ "id": 1, "n": "a;\"b\"" }), json!({ "id": 2.50, "x": [1, null] }), json!({ "n": null })];
    let all = "id,n,x\n1,\"a;\"\"b\"\"\",\n2.5,,\"[1,null]\"\n,,\n";
    check(&json!({ "format": "csv" }), &records, "orders-KEY-0-3.csv", all);
    let settings = json!({ "format": "csv", "prefix": "o", "csv": { "columns": ["n", "id"], "delimiter": ";", "header": false, "crlf": true } });
    check(&settings, &records, "o-KEY-0-3.csv", "\"a;\"\"b\"\"\";1\r\n;2.5\r\n;\r\n");
    check(&json!({ "format": "csv" }), &[json!({ "a": "" })], "orders-KEY-0.csv", "a\n\"\"\n");
}

#[test]
fn lines_and_documents_hold_the_records_as_they_are() {
    let records = [json!({ "id": 1 }), json!({ "id": 2 })];
    check(&json!({ "format": "lines" }), &records, "orders-KEY-0-2.jsonl", "{\"id\":1}\n{\"id\":2}\n");
    check(&json!({ "format": "json" }), &records, "orders-KEY-0-2.json", "[{\"id\":1},{\"id\":2}]\n");
}

#[test]
fn a_file_has_so_many_records_and_the_same_batch_makes_the_same_files() {
    let host = host(&json!({ "format": "lines", "records": 2 }));
    let records: Vec<Value> = (0..5).map(|id| json!({ "id": id })).collect();
    write(&records);
    let names = host.file_names("out");
    assert_eq!(names, ["orders-KEY-0-2.jsonl", "orders-KEY-2-2.jsonl", "orders-KEY-4.jsonl"]);
    let bytes: Vec<_> = names.iter().map(|name| host.file_bytes("out", name)).collect();
    write(&records);
    assert_eq!(host.file_names("out"), names);
    assert_eq!(names.iter().map(|name| host.file_bytes("out", name)).collect::<Vec<_>>(), bytes);
}

#[test]
fn a_record_that_cannot_be_written_in_the_encoding_is_rejected_alone() {
    let host = host(&json!({ "format": "csv", "encoding": "windows-1250" }));
    let receipt = write(&[json!({ "n": "Łódź" }), json!({ "n": "日本" }), json!({ "n": "Żory" })]);
    let rejected: Vec<_> = receipt.rejected.iter().map(|one| (one.index, one.code.as_str())).collect();
    assert_eq!((receipt.taken, rejected), (3, vec![(1, "files.not_encodable")]));
    let bytes = host.file_bytes("out", "orders-KEY-0-3.csv").unwrap();
    assert_eq!(encoding_rs::WINDOWS_1250.decode(&bytes).0, "n\nŁódź\nŻory\n");
    assert!(write(&[json!({ "n": "日本" })]).rejected.len() == 1 && host.file_names("out").len() == 1, "no empty file");
}

#[test]
fn what_is_packed_is_read_back_as_it_was() {
    let records: Vec<Value> = (0..500).map(|id| json!({ "id": id, "name": "Zażółć gęślą jaźń 🚲" })).collect();
    for (packing, end) in [("gzip", ".gz"), ("zstd", ".zst")] {
        for encoding in ["utf-8", "utf-8-bom", "utf-16"] {
            let host = host(&json!({ "format": "lines", "packing": packing, "encoding": encoding }));
            write(&records);
            let name = format!("orders-KEY-0-500.jsonl{end}");
            let bytes = host.file_bytes("out", &name).unwrap();
            let read = json!({ "folder": "out", "format": "lines", "settle_s": 1 });
            host.configure(json!({ "streams": { "orders": { "read": read } } }));
            host.set_now_ms(weighbridge_sdk::clock::now_ms() + 9_000);
            assert_eq!(testing::read_all::<Folders>("orders", 70).unwrap(), records, "{name} {encoding}");
            assert!(packing != "gzip" || unpacked(&bytes).len() > bytes.len());
        }
    }
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    unpacked
}

#[test]
fn only_adding_files_is_known() {
    let _host = host(&json!({ "format": "lines" }));
    for mode in [WriteMode::Upsert, WriteMode::Overwrite] {
        assert_eq!(testing::write::<Folders>("orders", mode, &[json!({})]).unwrap_err().code, "unsupported");
    }
}
