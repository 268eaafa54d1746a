//! A first reading from an instant on, where the stream can tell what changed since.

use serde_json::json;
use weighbridge::PullRequest;

use super::desk::{Desk, code};
use super::source::Register;

fn since(text: &str) -> PullRequest {
    PullRequest { endpoint: "orders".into(), since: Some(text.into()), limit: Some(2), cursor: None }
}

#[tokio::test]
async fn asks_the_source_for_what_changed_since_on_every_page_of_the_reading() {
    let desk = Desk::new(Register::with_orders(3)).await;
    let first = desk.ask(since("2026-01-10")).await.unwrap();
    desk.page(first.next.as_deref(), 2).await.unwrap();
    desk.page(None, 2).await.unwrap();
    let asked = desk.register.book.lock().unwrap().since.clone();
    let midnight = Some("2026-01-09T23:00:00Z".to_owned());
    assert_eq!(asked, [midnight.clone(), midnight, None], "midnight in Warsaw, and a new reading has its own");
}

#[tokio::test]
async fn refuses_an_instant_that_is_none_and_one_beside_a_cursor() {
    let desk = Desk::new(Register::with_orders(3)).await;
    assert_eq!(code(desk.ask(since("yesterday")).await), "pull.since_malformed");
    let first = desk.page(None, 2).await.unwrap();
    let both = PullRequest { cursor: first.next, ..since("2026-01-10") };
    assert_eq!(code(desk.ask(both).await), "pull.since_with_cursor");
}

#[tokio::test]
async fn refuses_it_for_a_stream_that_has_no_cursor_field_or_one_of_numbers() {
    let stream = |more: serde_json::Value| {
        let mut stream = json!({ "stream": "orders", "direction": "source", "primary_key": ["id"] });
        stream.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        stream
    };
    let whole = json!({ "modes": ["full_refresh"] });
    let unnamed = json!({ "modes": ["full_refresh", "incremental"] });
    let numbered = json!({
        "modes": ["incremental"], "cursor_field": "id",
        "schema": { "properties": { "id": { "type": "integer" } } },
    });
    for capability in [whole, unnamed, numbered] {
        let desk = Desk::new(Register::of(stream(capability), 3)).await;
        let old = desk.page(None, 2).await.unwrap();
        assert_eq!(code(desk.ask(since("2026-01-10")).await), "pull.since_unusable");
        assert!(desk.page(old.next.as_deref(), 2).await.is_ok(), "the reading before goes on");
    }
}
