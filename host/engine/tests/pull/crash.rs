//! A process that dies between two steps of a page: it is billed once, or not at all.

use super::desk::{Desk, ids};
use super::source::{Hang, Register};

#[tokio::test]
async fn bills_nothing_and_reads_the_page_anew_when_it_died_before_the_settlement() {
    let mut desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.ask_and_crash(Hang::Reading, first.next.as_deref(), 2).await;
    assert_eq!(desk.billed(), (2, 1));
    desk.ask_and_crash(Hang::Reading, first.next.as_deref(), 2).await;
    let page = desk.page(first.next.as_deref(), 2).await.unwrap();
    assert_eq!((ids(&page), page.fresh, desk.billed()), (vec![3, 4], true, (4, 2)));
}

#[tokio::test]
async fn serves_the_settled_page_and_bills_it_once_when_it_died_before_the_answer() {
    let mut desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.ask_and_crash(Hang::Acknowledging, first.next.as_deref(), 2).await;
    assert_eq!(desk.billed(), (4, 2));
    desk.register.book.lock().unwrap().events.clear();
    let page = desk.page(first.next.as_deref(), 2).await.unwrap();
    assert_eq!((ids(&page), page.fresh, desk.billed()), (vec![3, 4], false, (4, 2)));
}

#[tokio::test]
async fn gives_the_hold_back_at_the_next_sweep_when_nobody_asks_again() {
    let mut desk = Desk::new(Register::with_orders(5)).await;
    desk.ask_and_crash(Hang::Reading, None, 2).await;
    let held = |desk: &Desk| {
        let usage = desk.engine.usage(None).unwrap();
        usage.iter().map(|line| line.balance.held.records).sum::<u64>()
    };
    assert_eq!(held(&desk), 4, "two records, for the tenant and for the customer");
    desk.engine.sweep_pulls().await.unwrap();
    assert_eq!((held(&desk), desk.billed()), (0, (0, 0)));
    assert_eq!(ids(&desk.page(None, 2).await.unwrap()), [1, 2]);
}

#[tokio::test]
async fn keeps_the_old_readings_cursor_when_it_died_in_the_first_page_of_a_new_one() {
    let mut desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.ask_and_crash(Hang::Reading, None, 2).await;
    assert_eq!(ids(&desk.page(first.next.as_deref(), 2).await.unwrap()), [3, 4]);
}

#[tokio::test]
async fn serves_kept_pages_to_the_next_process() {
    let mut desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    let second = desk.page(first.next.as_deref(), 2).await.unwrap();
    desk.enter_again().await;
    let again = desk.page(first.next.as_deref(), 2).await.unwrap();
    assert_eq!((again.items(), again.fresh), (second.items(), false));
    assert_eq!(ids(&desk.page(again.next.as_deref(), 2).await.unwrap()), [5]);
}

#[tokio::test]
async fn reads_a_page_to_its_end_when_whoever_asked_has_gone() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.register.book.lock().unwrap().slow_ms = 100;
    let gone = tokio::time::timeout(std::time::Duration::from_millis(20), desk.page(first.next.as_deref(), 2)).await;
    assert!(gone.is_err());
    let page = desk.page(first.next.as_deref(), 2).await.unwrap();
    assert_eq!((ids(&page), page.fresh, desk.billed()), (vec![3, 4], false, (4, 2)));
}
