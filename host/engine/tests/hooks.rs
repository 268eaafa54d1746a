//! Webhooks: what is taken, what is kept, and what becomes of it, with a process that dies at every edge.

use serde_json::{Value, json};
use weighbridge::account::RejectedList;
use weighbridge::model::problem::ProblemCode;
use weighbridge::{Conduct, Engine, HookCall, HookView};
use weighbridge_native::{Fault, Hands, House, Shop, own_call, standard_call};

use crate::rights::{at, may};

async fn house() -> House {
    house_with("", "").await
}

async fn house_with(customer: &str, transfer: &str) -> House {
    let house = House::with(Shop::with_webhooks(), "", customer, transfer).await;
    house.engine.keep_hooks().await.unwrap();
    house
}

fn hook(house: &House) -> HookView {
    house.engine.hooks(&may(house)).unwrap().items.remove(0)
}

fn address(house: &House) -> String {
    hook(house).address.rsplit('/').next().unwrap().to_owned()
}

fn order(id: u64) -> Value {
    json!({ "id": id, "total": id * 10 })
}

fn orders(ids: std::ops::RangeInclusive<u64>) -> Vec<Value> {
    ids.map(order).collect()
}

async fn tell(house: &House, call: HookCall) -> Result<u16, ProblemCode> {
    let replied = house.engine.receive(&address(house), call).await;
    replied.map(|reply| reply.status).map_err(|problem| problem.code)
}

#[tokio::test]
async fn a_delivery_moves_and_is_billed_once() {
    let house = house().await;
    assert_eq!(tell(&house, standard_call("one", &orders(1..=3))).await, Ok(202));
    assert_eq!((hook(&house).waiting, house.billed().0), (1, 0), "it is kept, and nothing has moved");
    house.engine.keep_hooks().await.unwrap();
    assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 2, 3], 3));
    let seen = hook(&house);
    assert_eq!((seen.waiting, seen.taken, seen.waits.len()), (0, 1, 0));
    house.engine.keep_hooks().await.unwrap();
    assert_eq!(house.runs_billed(), 1, "where nothing waits, nothing runs");
}

#[tokio::test]
async fn a_delivery_that_comes_again_is_answered_and_changes_nothing() {
    let house = house().await;
    for call in [standard_call("one", &orders(1..=2)), own_call(&json!({ "orders": orders(3..=4) }))] {
        for _ in 0..3 {
            assert_eq!(tell(&house, call.clone()).await, Ok(202));
        }
    }
    house.engine.keep_hooks().await.unwrap();
    for call in [standard_call("one", &orders(1..=2)), own_call(&json!({ "orders": orders(3..=4) }))] {
        assert_eq!(tell(&house, call).await, Ok(202), "also when it has moved");
    }
    house.engine.keep_hooks().await.unwrap();
    assert_eq!((house.warehouse.ids(), house.billed().0, hook(&house).taken), (vec![1, 2, 3, 4], 4, 2));
}

#[tokio::test]
async fn a_greeting_is_answered_with_what_the_platform_wants_and_brings_nothing() {
    let house = house().await;
    let reply = house.engine.receive(&address(&house), own_call(&json!({ "challenge": "hello" }))).await.unwrap();
    assert_eq!((reply.status, &reply.body[..]), (200, &b"hello"[..]));
    assert_eq!((hook(&house).taken, hook(&house).waiting), (0, 0));
}

#[tokio::test]
async fn a_call_that_does_not_prove_to_be_the_platforms_is_counted_and_brings_nothing() {
    let house = house().await;
    let mut forged = standard_call("one", &orders(1..=2));
    forged.body = json!({ "orders": orders(1..=9) }).to_string().into();
    assert_eq!(tell(&house, forged).await, Err(ProblemCode::HookUnverified));
    let mut of_another_id = standard_call("one", &orders(1..=2));
    of_another_id.headers[0].1 = "two".into();
    assert_eq!(tell(&house, of_another_id).await, Err(ProblemCode::HookUnverified));
    let seen = hook(&house);
    assert_eq!((seen.unverified, seen.taken, seen.waiting), (2, 0, 0));
    house.engine.keep_hooks().await.unwrap();
    assert_eq!(hook(&house).unverified, 2, "it is counted once");
    assert!(house.warehouse.ids().is_empty());
}

#[tokio::test]
async fn a_hook_takes_calls_at_its_newest_address_and_refuses_them_at_any_other() {
    let house = house().await;
    let before = address(&house);
    let call = || standard_call("one", &orders(1..=1));
    for unknown in ["", "0", &"0".repeat(26), &before.to_uppercase()] {
        let refused = house.engine.receive(unknown, call()).await.unwrap_err();
        assert_eq!(refused.code, ProblemCode::NotThere);
    }
    let id = hook(&house).connection;
    let unasked = house.engine.rotate_hook(&may(&house), id, false).await.unwrap_err();
    assert_eq!(unasked.code, ProblemCode::ConfirmationNeeded);
    let rotated = house.engine.rotate_hook(&may(&house), id, true).await.unwrap();
    assert!(!format!("{rotated:?}").contains(rotated.secret.as_ref().unwrap().reveal()), "no log has the secret");
    assert_eq!(house.engine.receive(&before, call()).await.unwrap_err().code, ProblemCode::NotThere);
    assert_ne!(before, address(&house));
    assert_eq!(tell(&house, call()).await, Ok(202));
}

#[tokio::test]
async fn a_connection_has_a_hook_from_when_its_settings_ask_for_one() {
    let house = House::new(Shop::with_webhooks_by_setting(), "").await;
    house.engine.keep_hooks().await.unwrap();
    assert_eq!(house.engine.hooks(&may(&house)).unwrap().items.len(), 0);
    let all = house.engine.connections(&may(&house)).await.unwrap().items;
    let id = all.into_iter().find(|one| one.label == "shop").unwrap().id;
    let refused = house.engine.rotate_hook(&may(&house), id, true).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::HookAbsent);
    let settings = serde_json::from_value(json!({ "configuration": { "place": "north" } })).unwrap();
    house.engine.change_connection(&may(&house), id, &settings, None).await.unwrap();
    assert_eq!(tell(&house, standard_call("one", &orders(1..=2))).await, Ok(202));
}

#[tokio::test]
async fn a_quota_splits_a_delivery_and_the_rest_moves_when_there_is_more() {
    let house = house_with("quota = { records = 2 }", "").await;
    tell(&house, standard_call("one", &orders(1..=5))).await.unwrap();
    tell(&house, standard_call("two", &orders(6..=6))).await.unwrap();
    house.engine.keep_hooks().await.unwrap();
    assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 2], 2));
    let seen = hook(&house);
    assert_eq!((seen.waiting, seen.waits[0].records, seen.waits[0].deliveries), (2, 4, 2));
    assert_eq!(seen.waits[0].code.as_deref(), Some("quota.exhausted"));
    assert_eq!(tell(&house, standard_call("three", &orders(7..=7))).await, Ok(202), "no quota is asked at the door");
    house.customer("quota = { records = 100 }").await;
    house.engine.keep_hooks().await.unwrap();
    assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 2, 3, 4, 5, 6, 7], 7), "in order, and none twice");
    assert_eq!(hook(&house).waiting, 0);
}

#[tokio::test]
async fn what_waits_moves_when_its_customer_is_active_again_and_nothing_comes_in_before() {
    let house = house().await;
    tell(&house, standard_call("one", &orders(1..=2))).await.unwrap();
    house.customer("status = \"inactive\"").await;
    house.engine.keep_hooks().await.unwrap();
    assert!(house.warehouse.ids().is_empty());
    let runs = house.runs().len();
    house.engine.keep_hooks().await.unwrap();
    assert_eq!(house.runs().len(), runs, "what waits makes no runs");
    assert_eq!(hook(&house).waits[0].code.as_deref(), Some("customer.inactive"));
    assert_eq!(tell(&house, standard_call("two", &orders(3..=3))).await, Err(ProblemCode::HookClosed));
    house.customer("status = \"active\"").await;
    assert_eq!(tell(&house, standard_call("two", &orders(3..=3))).await, Ok(202));
    house.engine.keep_hooks().await.unwrap();
    assert_eq!((house.warehouse.ids(), hook(&house).waiting), (vec![1, 2, 3], 0));
}

#[tokio::test]
async fn what_waits_is_kept_for_another_while_when_the_host_says_so() {
    let origin = house_with("quota = { records = 1 }", "").await;
    let clock = Hands::at(at("2027-01-05T08:00:00Z"));
    let house = origin.like(Shop::with_webhooks(), &clock).await;
    tell(&house, standard_call("one", &orders(1..=3))).await.unwrap();
    house.engine.keep_hooks().await.unwrap();
    clock.set(house.engine.now().plus_millis(2 * 86_400_000));
    house.engine.keep_hooks().await.unwrap();
    assert_eq!(hook(&house).waiting, 1);
    let conduct = Conduct { inbox_days: 1, space_min: 0, ..Conduct::default() };
    house.engine.conduct_by(conduct).unwrap();
    house.engine.keep_hooks().await.unwrap();
    assert_eq!(hook(&house).waiting, 0);
}

#[tokio::test]
async fn what_waits_too_long_is_kept_as_rejected_records_and_is_never_dropped_unseen() {
    let origin = house_with("quota = { records = 1 }", "").await;
    // Early in a month, whose quota holds for all of what follows.
    let clock = Hands::at(at("2027-01-05T08:00:00Z"));
    let house = origin.like(Shop::with_webhooks(), &clock).await;
    tell(&house, standard_call("one", &orders(1..=3))).await.unwrap();
    house.engine.keep_hooks().await.unwrap();
    assert_eq!(hook(&house).waiting, 1, "it waits for a week");
    clock.set(house.engine.now().plus_millis(6 * 86_400_000));
    house.engine.keep_hooks().await.unwrap();
    assert_eq!(hook(&house).waiting, 1);
    clock.set(house.engine.now().plus_millis(2 * 86_400_000));
    house.engine.keep_hooks().await.unwrap();
    let list = house.engine.rejected_list(&may(&house), &RejectedList::default()).unwrap();
    let codes: Vec<_> = list.items.iter().map(|one| one.code.clone()).collect();
    assert_eq!((hook(&house).waiting, codes), (0, vec!["hook.overdue".to_string(); 2]));
}

#[tokio::test]
async fn a_call_whose_process_dies_at_any_edge_leaves_one_delivery_when_it_comes_again() {
    for write in ["", "write = \"append\""] {
        let mut edge = 0;
        loop {
            let mut house = house_with("", write).await;
            let (address, call) = (address(&house), standard_call("one", &orders(1..=3)));
            let work = async |engine: &Engine| {
                engine.receive(&address, call.clone()).await.unwrap();
                engine.keep_hooks().await.unwrap();
            };
            let lived = house.live_and(Some(edge), work).await;
            // The platform was not answered, or the answer was lost: it sends it again.
            house.live_and(None, work).await.unwrap();
            house.recover().await;
            house.live_and(None, work).await.unwrap();
            assert_eq!(house.warehouse.ids(), [1, 2, 3], "{write} edge {edge}: {:?}", house.strike.edges());
            assert_eq!((house.billed().0, house.held(), hook(&house).waiting), (3, 0, 0), "{write} edge {edge}");
            assert_eq!(hook(&house).taken, 1);
            if lived.is_some() {
                break;
            }
            edge += 1;
        }
        assert!(edge > 10, "{edge} edges were passed");
    }
}

#[tokio::test]
async fn a_destination_that_fails_is_asked_again_later_and_gets_the_same_once() {
    let house = house().await;
    house.warehouse.fault(0, Fault::Busy);
    tell(&house, standard_call("one", &orders(1..=3))).await.unwrap();
    house.engine.keep_hooks().await.unwrap();
    house.engine.keep_hooks().await.unwrap();
    assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 2, 3], 3));
}

#[tokio::test]
async fn a_connector_is_told_once_that_it_is_on_and_off_and_where_its_hook_is() {
    let house = house().await;
    assert!(house.shop.told.lock().unwrap().is_empty(), "without an address there is nothing to tell");
    house.engine.reached_at("https://host.example");
    for _ in 0..2 {
        house.engine.keep_hooks().await.unwrap();
    }
    let seen = hook(&house);
    assert!(seen.address.starts_with("https://host.example/hooks/v1/"), "{}", seen.address);
    use weighbridge::connector::Lifecycle::{Disabled, Enabled};
    assert_eq!(*house.shop.told.lock().unwrap(), [(Enabled, Some(seen.address.clone()))]);
    let off = json!({ "switch": "off", "confirm": true });
    let off = serde_json::from_value(off).unwrap();
    house.engine.switch_connection(&may(&house), seen.connection, &off, None).await.unwrap();
    house.engine.keep_hooks().await.unwrap();
    let told: Vec<_> = house.shop.told.lock().unwrap().iter().map(|one| one.0).collect();
    assert!(told.len() >= 2 && told[0] == Enabled && told[1..].iter().all(|one| *one == Disabled), "{told:?}");
    assert_eq!(tell(&house, standard_call("one", &orders(1..=1))).await, Err(ProblemCode::HookClosed));
}
