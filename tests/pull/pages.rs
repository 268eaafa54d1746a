//! Pages: each once, the same again, and what is said where there is none.

use super::desk::Desk;
use crate::town::ask;

#[test]
fn everything_comes_in_one_page_where_it_fits_and_counts_once() {
    let desk = Desk::new(5, &[]);
    let first = desk.get("orders/records?limit=100");
    let page = first.json();
    let ids: Vec<_> = page["records"].as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect();
    assert_eq!((ids, page["deleted"].as_array().map(Vec::len)), (vec![1, 2, 3, 4, 5], Some(0)));
    assert_eq!(
        (first.header("weighbridge-billed"), first.header("content-type")),
        (Some("true"), Some("application/json"))
    );
    assert_eq!(desk.town.billed()["pulls"], 1);
}

#[test]
fn the_same_page_again_is_the_same_bytes_and_one_entry() {
    let desk = Desk::new(250, &[]);
    let first = desk.get("orders/records?limit=100");
    let next = first.json()["next"].as_str().unwrap().to_owned();
    assert_eq!(
        first.header("link"),
        Some(&*format!("</pull/v1/orders/records?cursor={next}&limit=100>; rel=\"next\""))
    );
    let path = format!("orders/records?limit=100&cursor={next}");
    let (second, again) = (desk.get(&path), desk.get(&path));
    assert_eq!(second.json()["records"][0]["id"], 101);
    assert_eq!((second.text == again.text, again.header("weighbridge-billed")), (true, Some("false")));
    assert_eq!((desk.town.billed()["pulls"].as_u64(), desk.town.billed()["records"].as_u64()), (Some(2), Some(200)));
    let anew = desk.get("orders/records?limit=100");
    assert_eq!((anew.status, desk.get(&path).problem()), (200, (410, "cursor.expired".into())));
}

#[test]
fn what_is_asked_for_wrongly_is_told_what_is_wrong() {
    let desk = Desk::new(1, &[]);
    for (query, problem) in [
        ("cursor=nothing", (400, "cursor.unknown")),
        ("cursor=nothing&since=2026-01-01", (400, "pull.since_with_cursor")),
        ("since=yesterday", (400, "pull.since_malformed")),
        ("since=2026-01-01", (422, "pull.since_unusable")),
        ("limit=0", (422, "pull.limit_out_of_range")),
        ("limit=many", (422, "pull.limit_out_of_range")),
        ("limit=1&limit=2", (400, "request.malformed")),
        ("page=2", (400, "request.malformed")),
    ] {
        let (status, code) = problem;
        assert_eq!(desk.get(&format!("orders/records?{query}")).problem(), (status, code.into()), "{query}");
    }
    let strange = desk.get("orders/records?page=2").json();
    assert_eq!(strange["errors"][0]["at"], "page");
    assert_eq!(desk.get("orders").problem(), (404, "request.unknown_operation".into()));
    let posted = ask(&desk.host.address, "POST", "/pull/v1/ping", &[&desk.basic()], "");
    assert_eq!(posted.problem(), (404, "request.unknown_operation".into()));
}

#[test]
fn a_source_that_fails_is_a_bad_gateway_and_nothing_is_billed() {
    let desk = Desk::new(1, &[]);
    // The shop knows this token no more.
    desk.town
        .apply(&crate::town::Setting { token: "another".into(), ..Default::default() }.document(&desk.town.platforms));
    let reply = desk.get("orders/records");
    assert!(matches!(reply.status, 502 | 503), "{reply:?}");
    reply.problem();
    assert!(reply.header("retry-after").is_some());
    assert!(desk.town.billed()["pulls"].as_u64().unwrap_or(0) == 0);
}
