//! Documentation for whoever holds the key.

use super::desk::Desk;
use crate::town::ask;

#[test]
fn the_page_has_the_fields_the_addresses_and_nothing_that_runs() {
    let desk = Desk::with_schema(1);
    let reply = desk.get("docs");
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    for wanted in [
        "<code>id</code><span class=\"key\">key</span></td><td>integer</td><td>The number of the order.",
        "<code>customer.id</code>",
        "one of: open, paid",
        "With &lt;tax&gt;.",
        "/pull/v1/orders/records?limit=1000'",
        "Outsourced CRM",
        "Europe/Warsaw",
        &desk.id,
    ] {
        assert!(reply.text.contains(wanted), "{wanted} is not in {}", reply.text);
    }
    for unwanted in ["<script", "<tax>", " style=", &desk.key] {
        assert!(!reply.text.contains(unwanted), "{unwanted}");
    }
}

#[test]
fn the_document_for_programs_has_the_schema() {
    let desk = Desk::with_schema(1);
    let document = desk.get("openapi.json").json();
    let records = &document["paths"]["/pull/v1/orders/records"]["get"]["responses"]["200"]["content"];
    let fields = &records["application/json"]["schema"]["properties"]["records"]["items"]["properties"];
    assert_eq!(fields["id"]["type"], "integer");
    assert_eq!(document["servers"][0]["url"], format!("http://{}", desk.host.address));
}

#[test]
fn the_page_is_there_before_the_access_begins_and_says_so() {
    let desk = Desk::new(1, &["--window", r#"{"start": "2090-01-01"}"#]);
    let page = desk.get("docs").text;
    assert!(page.contains("has not begun") && page.contains("2090-01-01 00:00"), "{page}");
}

#[test]
fn nobody_without_a_key_sees_it() {
    let desk = Desk::new(1, &[]);
    assert_eq!(ask(&desk.host.address, "GET", "/pull/v1/docs", &[], "").problem().0, 401);
}
