//! Not faster than the access allows, and when it was last used.

use weighbridge::account::NewAccess;
use weighbridge::model::gate::RefusalCode;
use weighbridge::{PullError, PullRequest};

use super::desk::{Desk, access, refused};
use super::source::Register;
use crate::rights::may;

#[tokio::test]
async fn refuses_what_comes_too_fast_and_answers_at_the_instant_that_it_said() {
    let desk = Desk::with(Register::with_orders(9), "", NewAccess { rate_per_minute: Some(3), ..access() }).await;
    let first = desk.page(None, 2).await.unwrap();
    for _ in 0..2 {
        desk.page(first.next.as_deref(), 2).await.unwrap();
    }
    let error = desk.page(first.next.as_deref(), 2).await.unwrap_err();
    let PullError::Refused(refusal) = error else { panic!("{error}") };
    assert_eq!(refusal.code, RefusalCode::ExternalServiceRate);
    let until = refusal.until.unwrap();
    assert_eq!(refused(desk.engine.ping(&desk.caller().unwrap()).await), RefusalCode::ExternalServiceRate);
    desk.set(until.plus_millis(-1));
    assert_eq!(refused(desk.page(first.next.as_deref(), 2).await), RefusalCode::ExternalServiceRate);
    desk.set(until);
    assert!(desk.page(first.next.as_deref(), 2).await.is_ok());
    assert_eq!(desk.billed(), (4, 2));
}

#[tokio::test]
async fn lets_requests_come_as_they_like_where_no_rate_is_set() {
    let desk = Desk::new(Register::with_orders(9)).await;
    let caller = desk.caller().unwrap();
    for _ in 0..500 {
        desk.engine.ping(&caller).await.unwrap();
    }
}

#[tokio::test]
async fn shows_when_a_service_last_came_to_a_minute() {
    let desk = Desk::new(Register::with_orders(9)).await;
    let last = || desk.engine.service(&may(desk.scope), desk.service).unwrap().last_used_at.map(|at| at.0);
    assert_eq!(last(), None);
    desk.page(None, 2).await.unwrap();
    assert_eq!(last(), Some(super::desk::NOON));
    desk.pass(59_999);
    desk.page(None, 2).await.unwrap();
    assert_eq!(last(), Some(super::desk::NOON));
    desk.pass(1);
    let request = PullRequest { endpoint: "secret".into(), ..PullRequest::default() };
    refused(desk.ask(request).await);
    assert_eq!(last(), Some(super::desk::NOON.plus_millis(60_000)), "a refused request was one too");
}
