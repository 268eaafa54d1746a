//! The same cursor gives the same page for a day; what is older is gone.

use weighbridge::document::Document;

use super::desk::{Desk, HOUR_MS, code, ids, refused};
use super::source::{Event, Register};
use crate::rights::may;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::tenant::Switch;

#[tokio::test]
async fn serves_the_same_bytes_when_the_source_has_changed_meanwhile() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    let second = desk.page(first.next.as_deref(), 2).await.unwrap();
    desk.register.book.lock().unwrap().events[2] = Event::Changed(3, "changed");
    let again = desk.page(first.next.as_deref(), 2).await.unwrap();
    assert_eq!((again.items(), &again.next, again.has_more), (second.items(), &second.next, second.has_more));
    assert!(second.fresh && !again.fresh);
}

#[tokio::test]
async fn serves_a_page_for_a_day_to_the_millisecond_and_refuses_it_then() {
    let desk = Desk::new(Register::with_orders(9)).await;
    let first = desk.page(None, 2).await.unwrap();
    let second = desk.page(first.next.as_deref(), 2).await.unwrap();
    desk.pass(24 * HOUR_MS - 1);
    assert!(!desk.page(first.next.as_deref(), 2).await.unwrap().fresh);
    desk.pass(1);
    assert_eq!(code(desk.page(first.next.as_deref(), 2).await), "cursor.expired");
    assert_eq!(ids(&desk.page(second.next.as_deref(), 2).await.unwrap()), [5, 6], "the next page is not a kept one");
}

#[tokio::test]
async fn serves_the_current_and_the_previous_page_and_refuses_what_is_older() {
    let desk = Desk::new(Register::with_orders(9)).await;
    let mut cursors = Vec::new();
    let mut page = desk.page(None, 2).await.unwrap();
    for _ in 0..3 {
        cursors.push(page.next.clone().unwrap());
        page = desk.page(cursors.last().map(String::as_str), 2).await.unwrap();
    }
    assert_eq!(ids(&desk.page(Some(&cursors[2]), 2).await.unwrap()), [7, 8]);
    assert_eq!(ids(&desk.page(Some(&cursors[1]), 2).await.unwrap()), [5, 6]);
    assert_eq!(code(desk.page(Some(&cursors[0]), 2).await), "cursor.expired");
}

#[tokio::test]
async fn begins_a_new_reading_without_a_cursor_and_refuses_those_of_the_one_before() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let old = desk.page(None, 2).await.unwrap();
    let new = desk.page(None, 2).await.unwrap();
    assert_eq!((ids(&old), ids(&new), desk.billed()), (vec![1, 2], vec![1, 2], (4, 2)));
    assert_eq!(code(desk.page(old.next.as_deref(), 2).await), "cursor.expired");
    assert_eq!(ids(&desk.page(new.next.as_deref(), 2).await.unwrap()), [3, 4]);
}

#[tokio::test]
async fn keeps_the_old_reading_when_a_new_one_gives_no_page() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let old = desk.page(None, 2).await.unwrap();
    desk.register.book.lock().unwrap().busy = 1;
    assert_eq!(code(desk.page(None, 2).await), "pull.failed");
    assert_eq!(ids(&desk.page(old.next.as_deref(), 2).await.unwrap()), [3, 4]);
}

#[tokio::test]
async fn serves_no_kept_page_while_the_gate_says_no_and_the_same_one_when_it_says_yes() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.page(first.next.as_deref(), 2).await.unwrap();
    desk.customer("status = \"inactive\"").await;
    assert_eq!(refused(desk.page(first.next.as_deref(), 2).await), RefusalCode::CustomerInactive);
    desk.customer("status = \"active\"").await;
    desk.engine.switch_service(&may(desk.scope), desk.service, Switch::Off).await.unwrap();
    assert_eq!(refused(desk.page(first.next.as_deref(), 2).await), RefusalCode::ExternalServiceOff);
    desk.engine.switch_service(&may(desk.scope), desk.service, Switch::On).await.unwrap();
    assert_eq!(ids(&desk.page(first.next.as_deref(), 2).await.unwrap()), [3, 4]);
}

#[tokio::test]
async fn serves_a_kept_page_when_nothing_is_left_of_the_quota() {
    let desk = Desk::with(Register::with_orders(9), "quota = { records = 4 }", super::desk::access()).await;
    let first = desk.page(None, 2).await.unwrap();
    let second = desk.page(first.next.as_deref(), 2).await.unwrap();
    assert_eq!(refused(desk.page(second.next.as_deref(), 2).await), RefusalCode::QuotaExhausted);
    assert_eq!(ids(&desk.page(first.next.as_deref(), 2).await.unwrap()), [3, 4]);
    assert_eq!(desk.billed(), (4, 2));
}

#[tokio::test]
async fn refuses_a_cursor_that_was_given_out_for_something_else_or_was_changed() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap().next.unwrap();
    for index in 0..first.len() {
        let mut changed = first.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(code(desk.page(Some(&changed), 2).await), "cursor.unknown", "{index}");
    }
    for text in ["", "x", "1", "ąę"] {
        assert_eq!(code(desk.page(Some(text), 2).await), "cursor.unknown");
    }
    let other = desk.engine.create_service(&may(desk.scope), &super::desk::access()).await.unwrap();
    let caller = desk.engine.authenticate(&other.service.access_id.to_string(), other.key.reveal()).unwrap();
    let answer = desk.engine.pull(&caller, &super::desk::request(Some(&first), 2)).await;
    assert_eq!(code(answer), "cursor.unknown");
}

#[tokio::test]
async fn refuses_the_cursors_of_an_endpoint_that_stands_for_another_place_since() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    let text = r#"
        [tenant]
        name = "Partner"
        [[customer]]
        name = "acme"
        [[customer.connection]]
        name = "second"
        integration = "register"
        [[customer.endpoint]]
        name = "orders"
        connection = "second"
        stream = "orders"
    "#;
    desk.engine.apply(&Document::parse(text).unwrap(), std::path::Path::new(".")).await.unwrap();
    assert_eq!(code(desk.page(first.next.as_deref(), 2).await), "cursor.expired");
    assert_eq!(ids(&desk.page(None, 2).await.unwrap()), [1, 2]);
}
