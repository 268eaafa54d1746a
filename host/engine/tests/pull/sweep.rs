//! Pages are dropped when their day is over, and what a deleted service left goes with it.

use weighbridge_store::HostScope;
use weighbridge_store::tables::{Progresses, Pulls};

use super::desk::{Desk, HOUR_MS, code};
use super::source::Register;
use crate::rights::may;

#[tokio::test]
async fn keeps_two_pages_and_drops_the_others() {
    let desk = Desk::new(Register::with_orders(20)).await;
    let mut cursor = None;
    for _ in 0..6 {
        cursor = desk.page(cursor.as_deref(), 2).await.unwrap().next;
    }
    assert_eq!(desk.engine.sweep_pulls().await.unwrap(), 4);
    assert_eq!((desk.pages_kept(), desk.engine.sweep_pulls().await.unwrap()), (2, 0));
}

#[tokio::test]
async fn drops_a_page_after_a_day_and_not_before() {
    let desk = Desk::new(Register::with_orders(20)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.pass(24 * HOUR_MS - 1);
    assert_eq!(desk.engine.sweep_pulls().await.unwrap(), 0);
    desk.pass(1);
    assert_eq!((desk.engine.sweep_pulls().await.unwrap(), desk.pages_kept()), (1, 0));
    assert!(desk.page(first.next.as_deref(), 2).await.is_ok(), "the cursor of the last page is good for ever");
}

#[tokio::test]
async fn drops_the_pages_of_a_reading_that_is_over() {
    let desk = Desk::new(Register::with_orders(20)).await;
    let old = desk.page(None, 2).await.unwrap();
    desk.page(None, 2).await.unwrap();
    assert_eq!((desk.engine.sweep_pulls().await.unwrap(), desk.pages_kept()), (1, 1));
    assert_eq!(code(desk.page(old.next.as_deref(), 2).await), "cursor.expired");
}

#[tokio::test]
async fn leaves_nothing_of_a_deleted_service_but_what_it_was_billed() {
    let desk = Desk::new(Register::with_orders(20)).await;
    desk.page(None, 2).await.unwrap();
    desk.engine.delete_service(&may(desk.scope), desk.service, Some("Outsourced CRM"), None).await.unwrap();
    assert_eq!(desk.engine.sweep_pulls().await.unwrap(), 1);
    let store = desk.store();
    assert!(store.read(|tx| tx.keys::<Pulls>(HostScope::new(), None, 9)).unwrap().is_empty());
    assert!(store.read(|tx| tx.keys::<Progresses>(HostScope::new(), None, 9)).unwrap().is_empty());
    assert_eq!((desk.pages_kept(), desk.billed()), (0, (2, 1)));
}
