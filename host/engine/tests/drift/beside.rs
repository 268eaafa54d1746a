//! Drift beside a transfer's own walk: in ranges that are moved again, in what webhooks brought, and in what third parties pull.

use serde_json::{Value, json};
use weighbridge::account::{BackfillView, NewBackfill, RunStanding};
use weighbridge::model::id::EndpointId;
use weighbridge_native::{Fault, Hands, House, Shop, standard_call};

use super::{POLICIES, come, delivered, endpoint, known, schema, set};
use crate::pull::desk::{Desk, code, ids};
use crate::pull::source::Register;
use crate::rights::may;

/// Nine orders were moved; then the fifth, which is in the middle of a range, is another one.
async fn moved_once(policy: &str) -> House {
    let house = House::new(Shop::with_orders(9), "").await;
    set(&house, policy).await;
    house.run_to_the_end().await;
    house.shop.orders.lock().unwrap()[4] = drifted(5);
    house
}

fn drifted(id: u64) -> Value {
    json!({ "id": id, "total": id * 10, "note": format!("order {id}"), "new": "a" })
}

/// Orders 4 to 8.
async fn move_again(house: &House) -> BackfillView {
    let (since, until) = (Some("2026-01-01T03:00:00Z".into()), Some("2026-01-01T08:00:00Z".into()));
    let new = NewBackfill { since, until, confirm: false };
    house.engine.begin_backfill(&may(house), house.transfer(), &new).await.unwrap()
}

/// What came after the first nine, and whether the fifth of them has its new field.
fn again(house: &House) -> (Vec<u64>, Option<bool>) {
    let stock = house.warehouse.stock.lock().unwrap();
    let again = &stock.records[9..];
    let five = again.iter().find(|one| one["id"] == 5).map(|five| five.get("new").is_some());
    (again.iter().map(|one| one["id"].as_u64().unwrap()).collect(), five)
}

#[tokio::test]
async fn a_backfill_that_drifts_moves_what_the_policy_lets_move_and_the_own_walk_goes_on() {
    for policy in POLICIES {
        let house = moved_once(policy).await;
        let begun = move_again(&house).await;
        let (state, moved, five, learnt) = match policy {
            "evolve" => (RunStanding::Succeeded, vec![4, 5, 6, 7, 8], Some(true), ["id note total new", "new", ""]),
            "freeze" => (RunStanding::Failed, vec![], None, ["id note total", "", "new"]),
            "discard_row" => (RunStanding::Succeeded, vec![4, 6, 7, 8], None, ["id note total", "", "new"]),
            _ => (RunStanding::Succeeded, vec![4, 5, 6, 7, 8], Some(false), ["id note total", "", "new"]),
        };
        assert_eq!((begun.state, again(&house)), (Some(state), (moved.clone(), five)), "{policy}");
        assert_eq!((begun.delivered, house.billed().0), (moved.len() as u64, 9 + moved.len() as u64), "{policy}");
        assert_eq!(known(&house), learnt.map(str::to_owned), "{policy}");
        assert_eq!(begun.code.as_deref(), (policy == "freeze").then_some("schema.drifted"));
        house.shop.order();
        house.run_to_the_end().await;
        assert_eq!(house.warehouse.ids().last(), Some(&10), "{policy}: its own walk has nothing that drifts");
    }
}

#[tokio::test]
async fn a_frozen_backfill_moves_when_what_was_found_is_accepted() {
    let house = moved_once("freeze").await;
    let stopped = move_again(&house).await;
    assert_eq!((stopped.state, house.held()), (Some(RunStanding::Failed), 0));
    house.engine.accept_schema(&may(&house), endpoint(&house), None).await.unwrap();
    house.engine.retry_run(&may(&house), stopped.run.unwrap()).await.unwrap();
    assert_eq!(again(&house), (vec![4, 5, 6, 7, 8], Some(true)));
    assert_eq!(house.billed().0, 14);
}

#[tokio::test]
async fn a_backfill_whose_process_dies_has_taught_nothing_until_its_batch_is_settled() {
    let mut house = moved_once("evolve").await;
    let before = known(&house);
    house.warehouse.fault(3, Fault::HangAfter);
    let dies = house.warehouse.clone();
    tokio::select! {
        begun = move_again(&house) => panic!("it was to hang: {begun:?}"),
        () = dies.hangs() => {}
    }
    house.enter_again().await;
    assert_eq!(known(&house), before);
    house.recover().await;
    assert_eq!(known(&house), ["id note total new", "new", ""].map(str::to_owned));
    assert_eq!((again(&house), house.billed().0), ((vec![4, 5, 6, 7, 8], Some(true)), 14));
}

/// A house that took one delivery of three orders in, and moved them.
async fn told_once(policy: &str) -> (House, Hands) {
    let clock = Hands::as_of_now();
    let house = House::new(Shop::with_webhooks(), "").await.like(Shop::with_webhooks(), &clock).await;
    set(&house, policy).await;
    house.engine.keep_hooks().await.unwrap();
    let first: Vec<Value> = (1..=3).map(|id| json!({ "id": id, "total": id * 10, "note": "" })).collect();
    tell(&house, "one", &first).await;
    assert_eq!((house.warehouse.ids(), waiting(&house)), (vec![1, 2, 3], 0));
    (house, clock)
}

async fn tell(house: &House, delivery: &str, orders: &[Value]) {
    let hook = house.engine.hooks(&may(house)).unwrap().items.remove(0);
    let address = hook.address.rsplit('/').next().unwrap();
    assert_eq!(house.engine.receive(address, standard_call(delivery, orders)).await.unwrap().status, 202);
    house.engine.keep_hooks().await.unwrap();
}

fn waiting(house: &House) -> u64 {
    house.engine.hooks(&may(house)).unwrap().items.remove(0).waiting
}

fn drifting() -> Vec<Value> {
    vec![json!({ "id": 4, "total": 40, "note": "" }), drifted(5), json!({ "id": 6, "total": 60, "note": "" })]
}

#[tokio::test]
async fn what_a_webhook_brought_moves_as_the_policy_lets_it_and_a_frozen_one_waits_until_it_is_accepted() {
    for policy in POLICIES {
        let (house, clock) = told_once(policy).await;
        tell(&house, "two", &drifting()).await;
        let (moved, learnt) = match policy {
            "evolve" => (vec![1, 2, 3, 4, 5, 6], ["id note total new", "new", ""]),
            "freeze" => (vec![1, 2, 3], ["id note total", "", "new"]),
            "discard_row" => (vec![1, 2, 3, 4, 6], ["id note total", "", "new"]),
            _ => (vec![1, 2, 3, 4, 5, 6], ["id note total", "", "new"]),
        };
        assert_eq!((house.warehouse.ids(), house.billed().0), (moved.clone(), moved.len() as u64), "{policy}");
        assert_eq!(known(&house), learnt.map(str::to_owned), "{policy}");
        assert_eq!(waiting(&house), u64::from(policy == "freeze"), "{policy}: what does not move is not dropped");
        let five = delivered(&house, 5).map(|five| five.get("new").is_some());
        assert_eq!(
            five,
            [Some(true), None, None, Some(false)][POLICIES.iter().position(|one| *one == policy).unwrap()]
        );
        if policy == "freeze" {
            house.engine.accept_schema(&may(&house), endpoint(&house), None).await.unwrap();
            clock.set(house.engine.now().plus_millis(61_000));
            house.engine.keep_hooks().await.unwrap();
            assert_eq!((house.warehouse.ids(), waiting(&house), house.billed().0), ((1..=6).collect(), 0, 6));
        }
    }
}

#[tokio::test]
async fn what_a_webhook_brought_and_what_is_read_are_held_against_one_schema() {
    let (house, _) = told_once("evolve").await;
    tell(&house, "two", &drifting()).await;
    let before = schema(&house);
    come(&house, &[drifted(7)]);
    house.run_to_the_end().await;
    assert_eq!((schema(&house), delivered(&house, 7).unwrap()["new"].clone()), (before, json!("a")));
}

/// A third party's desk, and the endpoint that it reads: its description has all fields of its records but one.
async fn desk(policy: &str) -> (Desk, EndpointId) {
    let desk = Desk::new(Register::with_orders(3)).await;
    desk.customer(&format!("[[customer.endpoint]]\nname = \"orders\"\ndrift = \"{policy}\"")).await;
    let all = desk.engine.endpoints(&may(desk.scope)).unwrap().items;
    let endpoint = all.iter().find(|one| one.name == "orders").unwrap().id;
    (desk, endpoint)
}

fn of_the_desk(desk: &Desk, endpoint: EndpointId) -> (bool, bool) {
    let view = desk.engine.stream_schema(&may(desk.scope), endpoint).unwrap();
    (view.fields.iter().any(|one| one.name == "note"), view.found.iter().any(|one| one.name == "note"))
}

#[tokio::test]
async fn a_page_that_is_pulled_has_what_the_policy_lets_move_and_only_that_is_billed() {
    for (policy, moved, has_note, learnt) in [
        ("evolve", vec![1, 2, 3], true, (true, false)),
        ("discard_row", vec![], false, (false, true)),
        ("discard_value", vec![1, 2, 3], false, (false, true)),
    ] {
        let (desk, endpoint) = desk(policy).await;
        let page = desk.page(None, 9).await.unwrap();
        assert_eq!((ids(&page), desk.billed().0), (moved.clone(), moved.len() as u64), "{policy}");
        assert_eq!(format!("{:?}", page.lines().collect::<Vec<_>>()).contains("note"), has_note, "{policy}");
        assert_eq!(of_the_desk(&desk, endpoint), learnt, "{policy}");
    }
}

#[tokio::test]
async fn a_frozen_page_is_not_given_out_nor_billed_and_is_when_what_was_found_is_accepted() {
    let (desk, endpoint) = desk("freeze").await;
    for _ in 0..2 {
        let refused = desk.page(None, 9).await;
        assert!(refused.as_ref().unwrap_err().to_string().contains("schema.drifted"), "{refused:?}");
        assert_eq!((code(refused), desk.billed(), desk.pages_kept()), ("pull.failed", (0, 0), 0));
        assert_eq!(of_the_desk(&desk, endpoint), (false, true), "it is kept what was found");
    }
    desk.engine.accept_schema(&may(desk.scope), endpoint, None).await.unwrap();
    let page = desk.page(None, 9).await.unwrap();
    assert_eq!((ids(&page), desk.billed()), (vec![1, 2, 3], (3, 1)));
}
