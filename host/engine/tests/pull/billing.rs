//! A page costs once, whoever asks how often; and no more than was granted.

use weighbridge::account::NewAccess;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::meter::Quota;

use super::desk::{Desk, access, ids, refused};
use super::source::{Event, Register};
use crate::rights::{at, may};

#[tokio::test]
async fn bills_a_page_once_that_is_asked_for_five_times() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    let mut fresh = 0;
    for _ in 0..5 {
        let page = desk.page(first.next.as_deref(), 2).await.unwrap();
        assert_eq!(ids(&page), [3, 4]);
        fresh += u64::from(page.fresh);
    }
    assert_eq!((fresh, desk.entries().len(), desk.billed(), desk.register.asked()), (1, 2, (4, 2), 2));
}

#[tokio::test]
async fn bills_every_new_reading() {
    let desk = Desk::new(Register::with_orders(3)).await;
    for readings in 1..=3 {
        desk.page(None, 5).await.unwrap();
        assert_eq!(desk.billed(), (3 * readings, readings));
    }
}

#[tokio::test]
async fn bills_no_run_to_the_quota_of_runs() {
    let desk = Desk::with(Register::with_orders(3), "quota = { runs = 0 }", access()).await;
    assert!(desk.page(None, 5).await.is_ok());
}

#[tokio::test]
async fn refuses_more_pages_than_were_granted() {
    let desk = Desk::with(Register::with_orders(9), "quota = { pulls = 1 }", access()).await;
    let first = desk.page(None, 2).await.unwrap();
    assert_eq!(refused(desk.page(first.next.as_deref(), 2).await), RefusalCode::QuotaExhausted);
}

#[tokio::test]
async fn gives_what_is_left_of_the_services_own_quota_and_refuses_then() {
    let quota = Quota { records: Some(5), ..Quota::default() };
    let desk = Desk::with(Register::with_orders(9), "", NewAccess { quota, ..access() }).await;
    let first = desk.page(None, 4).await.unwrap();
    let second = desk.page(first.next.as_deref(), 4).await.unwrap();
    assert_eq!((ids(&first).len(), ids(&second)), (4, vec![5]));
    assert_eq!(refused(desk.page(second.next.as_deref(), 4).await), RefusalCode::QuotaExhausted);
    assert_eq!(desk.engine.service(&may(desk.scope), desk.service).unwrap().used.records, 5);
    let other = desk.engine.create_service(&may(desk.scope), &access()).await.unwrap();
    let caller = desk.engine.authenticate(&other.service.access_id.to_string(), other.key.reveal()).unwrap();
    let page = desk.engine.pull(&caller, &super::desk::request(None, 9)).await.unwrap();
    assert_eq!(ids(&page).len(), 9, "one service's quota is none of another's");
}

#[tokio::test]
async fn counts_a_services_quota_anew_in_the_next_month_of_the_tenants_zone() {
    let quota = Quota { records: Some(2), ..Quota::default() };
    let desk = Desk::with(Register::with_orders(9), "", NewAccess { quota, ..access() }).await;
    let first = desk.page(None, 2).await.unwrap();
    // Midnight in Warsaw is an hour before midnight in Greenwich.
    let february = at("2026-01-31T23:00:00Z");
    desk.set(february.plus_millis(-1));
    assert_eq!(refused(desk.page(first.next.as_deref(), 2).await), RefusalCode::QuotaExhausted);
    desk.set(february);
    assert_eq!(ids(&desk.page(first.next.as_deref(), 2).await.unwrap()), [3, 4]);
}

#[tokio::test]
async fn refuses_a_quota_that_is_smaller_than_one_checkpoint_and_holds_nothing() {
    let desk = Desk::with(Register::with_orders(9), "quota = { records = 4 }", access()).await;
    desk.register.book.lock().unwrap().checkpoint_every = 6;
    assert_eq!(refused(desk.page(None, 9).await), RefusalCode::QuotaTooSmall);
    assert_eq!(desk.billed(), (0, 0));
}

#[tokio::test]
async fn bills_deletions_as_records_and_an_empty_page_as_a_page() {
    let desk = Desk::new(Register::with_orders(0)).await;
    let empty = desk.page(None, 9).await.unwrap();
    assert_eq!(desk.billed(), (0, 1));
    desk.register.happens(Event::Gone(4));
    desk.page(empty.next.as_deref(), 9).await.unwrap();
    assert_eq!(desk.billed(), (1, 2));
}
