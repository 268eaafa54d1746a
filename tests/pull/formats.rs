//! JSON lines and CSV, by what is accepted.

use super::desk::Desk;

#[test]
fn json_lines_say_record_or_deleted_and_last_how_to_go_on() {
    let desk = Desk::new(3, &[]);
    let reply = desk.get_as("orders/records", &["accept: application/x-ndjson"]);
    let lines: Vec<serde_json::Value> = reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (lines.len(), lines[2]["record"]["id"].as_u64(), lines[3]["has_more"].as_bool()),
        (4, Some(3), Some(false))
    );
    assert_eq!(reply.header("content-type"), Some("application/x-ndjson"));
}

#[test]
fn a_table_has_the_fields_of_the_page_and_says_what_is_gone() {
    let desk = Desk::new(2, &[]);
    let reply = desk.get_as("orders/records", &["accept: text/csv"]);
    let lines: Vec<&str> = reply.text.split_terminator("\r\n").collect();
    assert!(lines[0].ends_with(",_deleted") && lines[0].contains("id"), "{}", lines[0]);
    assert_eq!((lines.len(), lines[1].ends_with(",false")), (3, true));
    assert_eq!(reply.header("weighbridge-has-more"), Some("false"));
}

#[test]
fn a_table_has_the_columns_of_the_schema_where_there_is_one() {
    let desk = Desk::with_schema(2);
    let reply = desk.get_as("orders/records", &["accept: text/csv"]);
    assert_eq!(reply.text.split("\r\n").next(), Some("customer,id,number,status,total,_deleted"));
}
