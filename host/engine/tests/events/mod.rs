//! Events out: told once, signed, sent until they are taken, and never to somebody else.

mod lasting;
mod receiver;
mod windows;

use std::time::Duration;

use receiver::Receiver;
use serde_json::json;
use weighbridge::Engine;
use weighbridge::events::{
    AllowEventNetworks, ChangeEventAddress, EventAddressStatus, EventFilter, EventState, EventView, NewEventAddress,
    ReplayEvents, ShownSigningSecret,
};
use weighbridge::model::access::{Actor, authorize};
use weighbridge::model::event::EventKind;
use weighbridge::model::id::TenantId;
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::tenant::Switch;

use weighbridge_native::{Fault, House, Shop};

use crate::rights::may;

fn tenant(engine: &Engine) -> TenantId {
    engine.find_tenant(Some("Partner")).unwrap().id()
}

async fn allow(engine: &Engine, tenant: TenantId) {
    let allow = AllowEventNetworks { networks: vec!["127.0.0.1/32".into()] };
    engine.allow_event_networks(&authorize(&Actor::owner(), ()).unwrap(), tenant, &allow).await.unwrap();
}

async fn add(engine: &Engine, receiver: &Receiver) -> ShownSigningSecret {
    let new = NewEventAddress { url: receiver.url.clone(), ..NewEventAddress::default() };
    engine.add_event_address(&may(tenant(engine)), &new).await.unwrap()
}

fn events(engine: &Engine) -> Vec<EventView> {
    engine.events(&may(tenant(engine)), &EventFilter::default()).unwrap().items
}

/// Waits until the newest event is so far.
async fn comes_to(engine: &Engine, state: EventState) {
    for _ in 0..2_000 {
        if events(engine).first().is_some_and(|event| event.state == state) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it was to be {state:?}: {:?}", events(engine));
}

/// A house whose transfer fails when a record is rejected, and whose courier goes.
async fn house(answers: &[&'static str]) -> (House, Receiver, ShownSigningSecret) {
    let house = House::new(Shop::with_orders(1), "rejections = { count = 0, share = 1000 }").await;
    allow(&house.engine, tenant(&house.engine)).await;
    let receiver = Receiver::new(answers).await;
    let shown = add(&house.engine, &receiver).await;
    (house, receiver, shown)
}

fn carry(house: &House) {
    tokio::spawn(house.engine.clone().carry_events());
}

/// A run that fails, since its only record is rejected.
async fn fail(house: &House) {
    house.shop.order();
    let call = house.warehouse.stock.lock().unwrap().calls.len();
    house.warehouse.fault(call, Fault::RejectAll);
    assert!(house.run().await.run.failure.is_some(), "the run was to fail");
}

async fn succeed(house: &House) {
    house.shop.order();
    assert!(house.run().await.run.failure.is_none());
}

#[tokio::test]
async fn tells_of_a_failure_once_and_of_its_end() {
    let (house, receiver, shown) = house(&[]).await;
    carry(&house);
    fail(&house).await;
    fail(&house).await;
    succeed(&house).await;
    succeed(&house).await;
    let got = receiver.when(2).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(receiver.kinds().len(), 2, "{:?}", receiver.kinds());
    let failed = got.iter().find(|one| one.kind() == "run.failed").unwrap().said();
    assert_eq!(failed["data"]["code"], "transfer.too_many_rejected");
    assert_eq!(failed["data"]["customer"]["name"], "acme");
    assert_eq!(failed["data"]["transfer"]["name"], "orders");
    assert!(got.iter().any(|one| one.kind() == "run.recovered"));
    let tries = house.engine.counters().tally().event_tries;
    assert_eq!((tries["taken"], tries["waits"], tries["given_up"]), (2, 0, 0));
    assert!(got.iter().all(|one| one.is_signed_with(shown.secret.reveal())), "a signature is not as it should be");
    let all: String = got.iter().map(|one| one.body.as_str()).collect();
    assert!(!all.contains("whsec_") && !all.contains("\"note\"") && !all.contains("line.bad"), "{all}");
}

#[tokio::test]
async fn says_nothing_of_a_run_that_was_never_begun() {
    let (house, receiver, _) = house(&[]).await;
    carry(&house);
    house.customer("status = \"inactive\"").await;
    house.run().await;
    succeeds_at_nothing(&house, &receiver).await;
}

async fn succeeds_at_nothing(house: &House, receiver: &Receiver) {
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!((receiver.got().len(), events(&house.engine).len()), (0, 0));
}

#[tokio::test]
async fn sends_again_under_the_same_id_when_an_address_failed() {
    let (house, receiver, _) = house(&["500 Internal Server Error"]).await;
    carry(&house);
    fail(&house).await;
    let got = receiver.when(2).await;
    assert_eq!(got[0].id, got[1].id);
    comes_to(&house.engine, EventState::Delivered).await;
    let attempts: Vec<_> = events(&house.engine)[0].deliveries[0].attempts.iter().map(|one| one.status).collect();
    assert_eq!(attempts, [Some(500), Some(200)]);
}

#[tokio::test]
async fn stops_at_an_address_that_is_gone_and_goes_on_when_it_is_switched_on() {
    let (house, receiver, shown) = house(&["410 Gone"]).await;
    carry(&house);
    fail(&house).await;
    comes_to(&house.engine, EventState::Failed).await;
    let address = house.engine.event_address(&may(tenant(&house.engine)), shown.address.id).unwrap();
    assert_eq!(address.status, EventAddressStatus::Suspended);
    assert_eq!(address.halt.unwrap().code, "event_address.gone");
    succeed(&house).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(receiver.got().len(), 1, "it was told of something");
    let on = ChangeEventAddress { switch: Some(Switch::On), ..ChangeEventAddress::default() };
    house.engine.change_event_address(&may(tenant(&house.engine)), shown.address.id, &on, None).await.unwrap();
    fail(&house).await;
    receiver.when(2).await;
}

#[tokio::test]
async fn a_slow_address_holds_up_nobody_else() {
    let (house, quick, _) = house(&[]).await;
    let slow = Receiver::slow(&[], Duration::from_secs(5)).await;
    add(&house.engine, &slow).await;
    carry(&house);
    for _ in 0..3 {
        fail(&house).await;
        succeed(&house).await;
    }
    quick.when(6).await;
    assert_eq!(slow.got().len(), 0);
}

#[tokio::test]
async fn an_event_outlives_a_crash_and_is_not_sent_again_when_it_was_taken() {
    let (mut house, receiver, _) = house(&[]).await;
    fail(&house).await;
    house.enter_again().await;
    assert_eq!(receiver.got().len(), 0, "nobody carries yet");
    carry(&house);
    receiver.when(1).await;
    comes_to(&house.engine, EventState::Delivered).await;
    house.enter_again().await;
    carry(&house);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(receiver.got().len(), 1);
}

#[tokio::test]
async fn a_replay_sends_the_same_ids_and_nothing_to_an_address_that_is_off() {
    let (house, receiver, shown) = house(&[]).await;
    let (engine, tenant) = (&house.engine, tenant(&house.engine));
    carry(&house);
    fail(&house).await;
    receiver.when(1).await;
    comes_to(engine, EventState::Delivered).await;
    let replay = ReplayEvents { from: "2020-01-01".into(), to: "2999-01-01".into(), address: Some(shown.address.id) };
    assert_eq!(engine.replay_events(&may(tenant), &replay).await.unwrap().events, 1);
    let got = receiver.when(2).await;
    assert_eq!(got[0].id, got[1].id);
    let off = ChangeEventAddress { switch: Some(Switch::Off), ..ChangeEventAddress::default() };
    engine.change_event_address(&may(tenant), shown.address.id, &off, None).await.unwrap();
    let refused = engine.replay_events(&may(tenant), &replay).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::EventAddressOff);
}

#[tokio::test]
async fn both_secrets_sign_after_a_rotation() {
    let (house, receiver, shown) = house(&[]).await;
    carry(&house);
    let fresh = house.engine.rotate_event_address(&may(tenant(&house.engine)), shown.address.id).await.unwrap();
    fail(&house).await;
    let got = receiver.when(1).await.remove(0);
    assert!(got.is_signed_with(shown.secret.reveal()) && got.is_signed_with(fresh.secret.reveal()));
    assert_eq!(got.signatures.len(), 2);
}

#[tokio::test]
async fn a_test_says_what_the_address_answers() {
    let (house, receiver, shown) = house(&["503 Busy"]).await;
    let (engine, tenant) = (&house.engine, tenant(&house.engine));
    let tested = engine.test_event_address(&may(tenant), shown.address.id).await.unwrap();
    assert_eq!((tested.taken, tested.status), (false, Some(503)));
    let tested = engine.test_event_address(&may(tenant), shown.address.id).await.unwrap();
    assert!(tested.taken && receiver.kinds().iter().all(|kind| kind == EventKind::AddressTested.as_str()));
}

#[tokio::test]
async fn an_address_is_not_reached_where_the_operator_did_not_allow_it() {
    let house = House::new(Shop::with_orders(1), "").await;
    let receiver = Receiver::new(&[]).await;
    let shown = add(&house.engine, &receiver).await;
    let tested = house.engine.test_event_address(&may(tenant(&house.engine)), shown.address.id).await.unwrap();
    assert_eq!((tested.taken, tested.status, receiver.got().len()), (false, None, 0), "{}", tested.said);
    let plain = NewEventAddress { url: "http://example.com/events".into(), ..NewEventAddress::default() };
    let refused = house.engine.add_event_address(&may(tenant(&house.engine)), &plain).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::Invalid);
}

#[tokio::test]
async fn another_tenant_is_told_of_nothing_and_sees_nothing() {
    let (house, receiver, shown) = house(&[]).await;
    fail(&house).await;
    house.apply("[tenant]\nname = \"Other\"\n").await;
    let (engine, other) = (&house.engine, house.engine.find_tenant(Some("Other")).unwrap().id());
    allow(engine, other).await;
    let theirs = Receiver::new(&[]).await;
    let new = NewEventAddress { url: theirs.url.clone(), ..NewEventAddress::default() };
    engine.add_event_address(&may(other), &new).await.unwrap();
    carry(&house);
    receiver.when(1).await;
    let event = events(engine)[0].id;
    assert_eq!(engine.event(&may(other), event).unwrap_err().code, ProblemCode::NotThere);
    assert_eq!(engine.event_address(&may(other), shown.address.id).unwrap_err().code, ProblemCode::NotThere);
    assert!(engine.events(&may(other), &EventFilter::default()).unwrap().items.is_empty());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(theirs.got().len(), 0);
}

#[tokio::test]
async fn an_allowance_is_told_of_at_its_marks() {
    let house = House::with(Shop::with_orders(10), "", "quota = { records = 10 }", "").await;
    house.run().await;
    let mut kinds: Vec<_> = events(&house.engine).iter().map(|one| one.kind).collect();
    kinds.sort();
    assert_eq!(kinds, [EventKind::Quota80, EventKind::Quota100]);
    let allowance = events(&house.engine)[0].data.allowance.clone().unwrap();
    assert_eq!((allowance.meter.as_str(), allowance.granted), ("records", 10));
}

#[tokio::test]
async fn a_system_that_a_customer_connects_is_told_of_and_one_that_its_partner_connects_is_not() {
    let house = House::new(Shop::with_orders(1), "").await;
    let (engine, tenant) = (&house.engine, tenant(&house.engine));
    let place = (tenant, engine.find_customer(engine.find_tenant(None).unwrap(), "acme").unwrap().id());
    let shop = engine.id_of("IntegrationId", Some(tenant), None, "shop").unwrap();
    let new = json!({ "integration": shop, "label": "by the partner" });
    let new = serde_json::from_value(new).unwrap();
    engine.connect(&authorize(&Actor::owner(), place).unwrap(), &new).await.unwrap();
    assert_eq!(events(engine), []);
    let link = serde_json::from_value(json!({ "integration": shop })).unwrap();
    let link = engine.create_connect_link(&authorize(&Actor::owner(), place).unwrap(), &link).await.unwrap();
    let used = json!({ "link": link.secret, "label": "by the customer" });
    engine.use_connect_link(&serde_json::from_value(used).unwrap()).await.unwrap();
    let told = events(engine);
    assert_eq!((told.len(), told[0].kind), (1, EventKind::ConnectionCreated));
    assert_eq!(told[0].data.connection.as_ref().unwrap().name.as_deref(), Some("by the customer"));
}
