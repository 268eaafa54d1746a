//! Two requests at once: one after the other for one reading, and side by side for two.

use super::desk::{Desk, access, ids, request};
use super::source::{Hang, Register};
use crate::rights::may;

#[tokio::test]
async fn reads_and_bills_a_page_once_that_two_ask_for_at_once() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.register.book.lock().unwrap().slow_ms = 30;
    let cursor = first.next.as_deref();
    let (one, two) = tokio::join!(desk.page(cursor, 2), desk.page(cursor, 2));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.items(), &one.next), (two.items(), &two.next));
    assert!(one.fresh != two.fresh, "one of them was read and the other one is it again");
    assert_eq!((desk.billed(), desk.register.asked()), ((4, 2), 2));
}

#[tokio::test]
async fn reads_for_two_services_side_by_side() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let other = desk.engine.create_service(&may(desk.scope), &access()).await.unwrap();
    let caller = desk.engine.authenticate(&other.service.access_id.to_string(), other.key.reveal()).unwrap();
    desk.register.book.lock().unwrap().slow_ms = 30;
    let request = request(None, 3);
    let (one, two) = tokio::join!(desk.page(None, 2), desk.engine.pull(&caller, &request));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((ids(&one), ids(&two), desk.billed()), (vec![1, 2], vec![1, 2, 3], (5, 2)));
    assert_eq!(ids(&desk.page(one.next.as_deref(), 9).await.unwrap()), [3, 4, 5]);
}

#[tokio::test]
async fn lets_twenty_requests_for_one_page_wait_for_each_other() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.register.book.lock().unwrap().slow_ms = 5;
    let caller = desk.caller().unwrap();
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (engine, caller, request) = (desk.engine.clone(), caller.clone(), request(first.next.as_deref(), 2));
        asking.spawn(async move { engine.pull(&caller, &request).await });
    }
    let pages = asking.join_all().await;
    assert!(pages.iter().all(|page| ids(page.as_ref().unwrap()) == [3, 4]));
    assert_eq!(pages.iter().filter(|page| page.as_ref().unwrap().fresh).count(), 1);
    assert_eq!(desk.billed(), (4, 2));
}

#[tokio::test]
async fn refuses_a_page_while_the_host_is_about_to_stop() {
    let desk = Desk::new(Register::with_orders(5)).await;
    desk.engine.drain();
    assert_eq!(super::desk::code(desk.page(None, 2).await), "pull.stopping");
}

#[tokio::test]
async fn waits_half_a_minute_for_another_request_of_the_same_reading_and_no_longer() {
    let desk = Desk::new(Register::with_orders(5)).await;
    desk.register.book.lock().unwrap().hang = Some(Hang::Reading);
    let (engine, caller) = (desk.engine.clone(), desk.caller().unwrap());
    let hanging = tokio::spawn(async move { engine.pull(&caller, &request(None, 2)).await });
    while desk.register.book.lock().unwrap().since.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    let begun = std::time::Instant::now();
    assert_eq!(super::desk::code(desk.page(None, 2).await), "pull.busy");
    assert!((30..40).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    assert!(!hanging.is_finished());
}
