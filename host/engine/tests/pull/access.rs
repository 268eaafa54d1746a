//! Who has the right key, and for how long it works.

use weighbridge::account::{NewAccess, RotateKey};
use weighbridge::document::WindowDocument;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::service::ApiKey;
use weighbridge::model::time::Timestamp;

use super::desk::{Desk, HOUR_MS, access, code, refused};
use super::source::Register;
use crate::rights::{at, may};

#[tokio::test]
async fn answers_an_unknown_id_and_a_wrong_key_alike() {
    let desk = Desk::new(Register::with_orders(1)).await;
    let wrong = ApiKey::new(&[1; 20]);
    let unknown_id = weighbridge::model::service::AccessId::from_bytes([1; 16]).to_string();
    for (id, key) in [
        (desk.access_id.as_str(), wrong.reveal()),
        (unknown_id.as_str(), desk.key.as_str()),
        (unknown_id.as_str(), wrong.reveal()),
        ("nothing like an id", desk.key.as_str()),
    ] {
        let refusal = desk.engine.authenticate(id, key);
        assert_eq!(refused(refusal), RefusalCode::ExternalServiceUnknown);
    }
    assert!(desk.caller().is_ok());
}

#[tokio::test]
async fn tells_a_mistyped_key_from_an_unknown_one() {
    let desk = Desk::new(Register::with_orders(1)).await;
    let mut typed = desk.key.clone();
    let last = if typed.pop() == Some('a') { 'b' } else { 'a' };
    typed.push(last);
    assert_eq!(code(desk.engine.authenticate(&desk.access_id, &typed)), "api_key.mistyped");
    assert_eq!(code(desk.engine.authenticate(&desk.access_id, "Bearer")), "api_key.malformed");
}

#[tokio::test]
async fn refuses_the_key_of_another_customers_service() {
    let desk = Desk::new(Register::with_orders(1)).await;
    let other = desk.engine.find_customer(desk.engine.find_tenant(None).unwrap(), "other").unwrap();
    let theirs = desk.engine.create_service(&may(other), &access()).await.unwrap();
    let mixed = desk.engine.authenticate(&desk.access_id, theirs.key.reveal());
    assert_eq!(refused(mixed), RefusalCode::ExternalServiceUnknown);
    let caller = desk.engine.authenticate(&theirs.service.access_id.to_string(), theirs.key.reveal()).unwrap();
    assert_eq!(caller.scope().id(), other.id());
    let request = weighbridge::PullRequest { endpoint: "secret".into(), ..Default::default() };
    assert_eq!(
        refused(desk.engine.pull(&caller, &request).await),
        RefusalCode::ExternalServiceScope,
        "the name is another customer's"
    );
}

fn windowed() -> NewAccess {
    let window = WindowDocument { start: Some("2026-02-01".into()), end: Some("2026-03-31".into()) };
    NewAccess { window, ..access() }
}

#[tokio::test]
async fn answers_a_ping_before_the_start_and_says_when_access_begins() {
    let desk = Desk::with(Register::with_orders(1), "", windowed()).await;
    let ping = desk.engine.ping(&desk.caller().unwrap()).await.unwrap();
    assert_eq!(ping.begins, Some(at("2026-01-31T23:00:00Z")), "midnight in Warsaw");
    assert_eq!(ping.ends, Some(at("2026-03-30T22:00:00Z")), "midnight there in summer");
    assert_eq!(ping.endpoints, ["orders"]);
    assert_eq!(refused(desk.page(None, 5).await), RefusalCode::ExternalServiceNotStarted);
}

#[tokio::test]
async fn gives_pages_from_the_first_instant_to_the_one_before_the_end() {
    let desk = Desk::with(Register::with_orders(1), "", windowed()).await;
    let (start, end) = (at("2026-01-31T23:00:00Z"), at("2026-03-30T22:00:00Z"));
    desk.set(start.plus_millis(-1));
    assert_eq!(refused(desk.page(None, 5).await), RefusalCode::ExternalServiceNotStarted);
    desk.set(start);
    assert!(desk.page(None, 5).await.is_ok());
    assert_eq!(desk.engine.ping(&desk.caller().unwrap()).await.unwrap().begins, None);
    desk.set(end.plus_millis(-1));
    assert!(desk.page(None, 5).await.is_ok());
    desk.set(end);
    assert_eq!(refused(desk.page(None, 5).await), RefusalCode::ExternalServiceEnded);
    assert_eq!(refused(desk.engine.ping(&desk.caller().unwrap()).await), RefusalCode::ExternalServiceEnded);
}

#[tokio::test]
async fn takes_both_keys_during_the_overlap_and_the_new_one_after_it() {
    let desk = Desk::new(Register::with_orders(1)).await;
    let shown = desk
        .engine
        .rotate_service_key(&may(desk.scope), desk.service, RotateKey { overlap_hours: 2, ..RotateKey::default() })
        .await;
    let shown = shown.unwrap();
    assert_eq!(shown.service.previous_key_until.unwrap().0, desk_now(&desk).plus_millis(2 * HOUR_MS));
    let new = || desk.engine.authenticate(&desk.access_id, shown.key.reveal());
    desk.pass(2 * HOUR_MS - 1);
    assert!(desk.caller().is_ok() && new().is_ok());
    desk.pass(1);
    assert_eq!(refused(desk.caller()), RefusalCode::ExternalServiceUnknown);
    assert!(new().is_ok());
}

fn desk_now(desk: &Desk) -> Timestamp {
    weighbridge::clock::Clock::now(&desk.clock)
}

#[tokio::test]
async fn takes_only_the_new_key_where_no_overlap_is_wanted() {
    let desk = Desk::new(Register::with_orders(1)).await;
    let how = RotateKey { overlap_hours: 0, ..RotateKey::default() };
    let shown = desk.engine.rotate_service_key(&may(desk.scope), desk.service, how).await.unwrap();
    assert_eq!(refused(desk.caller()), RefusalCode::ExternalServiceUnknown);
    assert!(desk.engine.authenticate(&desk.access_id, shown.key.reveal()).is_ok());
    let how = RotateKey { overlap_hours: 721, ..RotateKey::default() };
    assert!(desk.engine.rotate_service_key(&may(desk.scope), desk.service, how).await.is_err());
}

#[tokio::test]
async fn goes_on_with_its_cursors_under_a_new_key() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    let how = RotateKey { overlap_hours: 0, ..RotateKey::default() };
    let shown = desk.engine.rotate_service_key(&may(desk.scope), desk.service, how).await.unwrap();
    let caller = desk.engine.authenticate(&desk.access_id, shown.key.reveal()).unwrap();
    let page = desk.engine.pull(&caller, &super::desk::request(first.next.as_deref(), 2)).await.unwrap();
    assert_eq!(super::desk::ids(&page), [3, 4]);
}

#[tokio::test]
async fn keeps_no_key_that_can_be_read_back() {
    let desk = Desk::new(Register::with_orders(1)).await;
    let services =
        desk.store().read(|tx| tx.scan::<weighbridge_store::tables::Services>(&desk.scope, None, 9)).unwrap();
    let json = serde_json::to_string(&services[0].1).unwrap();
    assert!(!json.contains(&desk.key) && !json.contains(&desk.key[3..]) && !json.contains("Outsourced"), "{json}");
}
