//! Records that do not fit what was accepted of their stream: what becomes of them is the endpoint's policy.

mod beside;

use std::sync::Arc;

use serde_json::{Value, json};
use weighbridge::RunOutcome;
use weighbridge::account::StreamSchemaView;
use weighbridge::model::id::EndpointId;
use weighbridge::model::package::Manifest;
use weighbridge::model::run::{FailureClass, RunState};
use weighbridge_native::{Fault, House, Shop};

use crate::rights::may;

const POLICIES: [&str; 4] = ["evolve", "freeze", "discard_row", "discard_value"];

fn endpoint(house: &House) -> EndpointId {
    let all = house.engine.endpoints(&may(house)).unwrap();
    all.items.iter().find(|one| one.name == "orders").unwrap().id
}

fn schema(house: &House) -> StreamSchemaView {
    house.engine.stream_schema(&may(house), endpoint(house)).unwrap()
}

/// The names of the fields that are accepted, of those among them that were learnt, and of those that were found beyond.
fn known(house: &House) -> [String; 3] {
    let view = schema(house);
    let learnt = view.fields.iter().filter(|field| field.learnt_at.is_some());
    [
        view.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(" "),
        learnt.map(|field| field.name.as_str()).collect::<Vec<_>>().join(" "),
        view.found.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(" "),
    ]
}

/// A transfer that moved three orders as they were accepted; what comes next is the test's.
async fn house_with(policy: &str, write: &str) -> House {
    let house = House::new(Shop::with_orders(3), &format!("write = \"{write}\"")).await;
    set(&house, policy).await;
    house.run_to_the_end().await;
    house
}

async fn set(house: &House, policy: &str) {
    house.customer(&format!("[[customer.endpoint]]\nname = \"orders\"\ndrift = \"{policy}\"")).await;
}

fn come(house: &House, orders: &[Value]) {
    house.shop.orders.lock().unwrap().extend_from_slice(orders);
}

/// Fields of order 5 that drifts between two that do not.
fn drifting(fields: &Value) -> Vec<Value> {
    let mut drifting = json!({ "id": 5, "total": 50, "note": "order 5" });
    drifting.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    vec![
        json!({ "id": 4, "total": 40, "note": "order 4" }),
        drifting,
        json!({ "id": 6, "total": 60, "note": "order 6" }),
    ]
}

fn counted(outcome: &RunOutcome) -> (RunState, u64, u64, u64) {
    let counts = outcome.run.counts;
    assert!(counts.balance() || outcome.run.state == RunState::Failed, "{counts:?}");
    (outcome.run.state, counts.read, counts.delivered, counts.discarded)
}

fn delivered(house: &House, id: u64) -> Option<Value> {
    house.warehouse.stock.lock().unwrap().records.iter().find(|one| one["id"] == id).cloned()
}

#[tokio::test]
async fn moves_what_fits_and_learns_nothing_from_it_under_every_policy() {
    for policy in POLICIES {
        let house = house_with(policy, "upsert").await;
        come(&house, &drifting(&json!({ "note": null, "total": 0.5 })));
        assert_eq!(counted(&house.run().await), (RunState::Succeeded, 3, 3, 0), "{policy}");
        assert_eq!(known(&house), ["id note total", "", ""].map(str::to_owned), "{policy}");
    }
}

#[tokio::test]
async fn moves_a_new_field_where_the_schema_evolves_and_says_once_what_it_learnt() {
    for write in ["upsert", "append"] {
        let house = house_with("evolve", write).await;
        come(&house, &drifting(&json!({ "new": "a", "note": 7 })));
        let outcome = house.run().await;
        assert_eq!(counted(&outcome), (RunState::Succeeded, 3, 3, 0), "{write}");
        assert_eq!(delivered(&house, 5).unwrap()["new"], "a");
        assert_eq!(known(&house), ["id note total new", "note new", ""].map(str::to_owned), "{write}");
        let (view, run) = (schema(&house), outcome.run.id);
        assert!(view.fields.iter().filter(|field| field.learnt_at.is_some()).all(|field| field.run == Some(run)));
        come(&house, &[json!({ "id": 7, "new": "b", "note": 8 })]);
        house.run_to_the_end().await;
        assert_eq!(schema(&house), view, "what is known is not learnt again");
    }
}

#[tokio::test]
async fn refuses_a_batch_with_a_new_field_where_the_schema_is_frozen_and_goes_on_when_it_is_accepted() {
    for (write, fields, says) in [
        ("upsert", json!({ "new": "kanarek" }), "the field `new` is new, and holds string"),
        ("append", json!({ "total": "kanarek" }), "the field `total` is to hold number or null, and holds string"),
    ] {
        let house = house_with("freeze", write).await;
        come(&house, &drifting(&fields));
        for _ in 0..2 {
            let outcome = house.run().await;
            let failure = outcome.run.failure.as_ref().unwrap();
            assert_eq!((failure.class, failure.code.as_str()), (FailureClass::Config, "schema.drifted"));
            assert_eq!(outcome.message.as_deref(), Some(says));
            assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 2, 3], 3), "nothing of the batch moved");
        }
        let found = schema(&house).found;
        assert_eq!(found.len(), 1, "{found:?}");
        house.engine.accept_schema(&may(&house), endpoint(&house), None).await.unwrap();
        assert_eq!(counted(&house.run().await), (RunState::Succeeded, 3, 3, 0), "{write}");
        assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=6).collect::<Vec<_>>(), 6), "{write}");
        assert!(schema(&house).found.is_empty());
    }
}

#[tokio::test]
async fn accepts_only_what_was_found_and_only_as_it_was_seen() {
    let house = house_with("freeze", "upsert").await;
    let refused = async |seen: Option<&str>| {
        let problem = house.engine.accept_schema(&may(&house), endpoint(&house), seen).await.unwrap_err();
        problem.code.as_str()
    };
    assert_eq!(refused(None).await, "schema.fits");
    let before = schema(&house).etag.unwrap();
    come(&house, &drifting(&json!({ "new": 1 })));
    house.run().await;
    assert_eq!(refused(Some(&before)).await, "resource.changed");
    let seen = schema(&house).etag.unwrap();
    house.engine.accept_schema(&may(&house), endpoint(&house), Some(&seen)).await.unwrap();
    assert_eq!(refused(None).await, "schema.fits");
}

#[tokio::test]
async fn leaves_a_record_out_that_does_not_fit_where_rows_are_discarded() {
    for write in ["upsert", "append"] {
        let house = house_with("discard_row", write).await;
        come(&house, &drifting(&json!({ "new": "a" })));
        assert_eq!(counted(&house.run().await), (RunState::Succeeded, 3, 2, 1), "{write}");
        assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 2, 3, 4, 6], 5), "{write}");
        assert_eq!(known(&house), ["id note total", "", "new"].map(str::to_owned), "{write}");
    }
}

#[tokio::test]
async fn moves_a_record_without_the_field_that_does_not_fit_where_values_are_discarded() {
    for write in ["upsert", "append"] {
        let house = house_with("discard_value", write).await;
        come(&house, &drifting(&json!({ "new": "a", "note": [] })));
        assert_eq!(counted(&house.run().await), (RunState::Succeeded, 3, 3, 0), "{write}");
        assert_eq!(delivered(&house, 5).unwrap(), json!({ "id": 5, "total": 50 }), "{write}");
        assert_eq!(delivered(&house, 6).unwrap(), json!({ "id": 6, "total": 60, "note": "order 6" }), "{write}");
        assert_eq!(known(&house), ["id note total", "", "new note"].map(str::to_owned), "{write}");
    }
}

#[tokio::test]
async fn leaves_a_record_out_whose_key_does_not_fit_since_it_is_none_without_it() {
    let house = House::new(Shop::with_orders(3), "sync = \"full_refresh\"").await;
    set(&house, "discard_value").await;
    house.run_to_the_end().await;
    come(&house, &drifting(&json!({ "id": "five" })));
    assert_eq!(counted(&house.run().await), (RunState::Succeeded, 6, 5, 1));
    assert_eq!(house.warehouse.ids().iter().max(), Some(&6));
}

#[tokio::test]
async fn grows_the_schema_with_the_settlement_and_never_before_it_where_it_crashes() {
    for (policy, write) in
        [("evolve", "upsert"), ("evolve", "append"), ("discard_value", "append"), ("discard_row", "upsert")]
    {
        for hang in [Fault::HangBefore, Fault::HangAfter] {
            let name = format!("{policy}, {write}, {hang:?}");
            let mut house = house_with(policy, write).await;
            let before = known(&house);
            come(&house, &drifting(&json!({ "new": "a" })));
            let calls = house.warehouse.stock.lock().unwrap().calls.len();
            house.warehouse.fault(calls, hang);
            house.run_and_crash().await;
            assert_eq!(known(&house), before, "{name}: nothing is known ahead of what is settled");
            house.run_to_the_end().await;
            let new = if policy == "evolve" { ["id note total new", "new", ""] } else { ["id note total", "", "new"] };
            assert_eq!(known(&house), new.map(str::to_owned), "{name}");
            let five = delivered(&house, 5);
            assert_eq!(
                five.map(|one| one.get("new").is_some()),
                match policy {
                    "evolve" => Some(true),
                    "discard_value" => Some(false),
                    _ => None,
                },
                "{name}"
            );
            let moved = if policy == "discard_row" { 5 } else { 6 };
            assert_eq!((house.warehouse.ids().len(), house.billed().0), (moved, moved as u64), "{name}");
        }
    }
}

#[tokio::test]
async fn takes_what_the_connector_describes_for_what_is_accepted_from_the_first_record_on() {
    let described = |fields: &[&str]| {
        let shop = Shop::with_orders(3);
        let mut manifest = Manifest::clone(&shop.manifest);
        let properties = fields.iter().map(|name| ((*name).to_owned(), json!({}))).collect::<serde_json::Map<_, _>>();
        manifest.capabilities[0].schema = Some(json!({ "type": "object", "properties": properties }));
        Shop { manifest: Arc::new(manifest), ..shop }
    };
    for (fields, moved) in [(&["id", "total", "note"][..], 3), (&["id", "total"][..], 0)] {
        let house = House::new(described(fields), "").await;
        set(&house, "freeze").await;
        let outcome = house.run().await;
        assert_eq!((outcome.run.state == RunState::Succeeded, outcome.run.counts.delivered), (moved > 0, moved));
        let found = if moved > 0 { "" } else { "note" };
        assert_eq!(known(&house)[2], found);
    }
}

#[tokio::test]
async fn begins_anew_where_the_endpoint_reads_another_connection() {
    let house = house_with("freeze", "upsert").await;
    let other = "[[customer.connection]]\nname = \"second\"\nintegration = \"shop\"\n[[customer.endpoint]]\nname = \"orders\"\nconnection = \"second\"\nstream = \"orders\"";
    house.customer(other).await;
    assert!(schema(&house).fields.is_empty(), "what is known is of another stream");
    come(&house, &drifting(&json!({ "new": "a" })));
    house.run_to_the_end().await;
    assert_eq!(known(&house), ["id note total new", "", ""].map(str::to_owned));
}

#[tokio::test]
async fn says_in_a_trial_what_the_next_run_would_do_and_changes_nothing() {
    for policy in POLICIES {
        let house = house_with(policy, "upsert").await;
        let before = schema(&house);
        come(&house, &drifting(&json!({ "new": "a" })));
        let tried = house.engine.try_transfer(&may(&house), house.transfer()).await;
        let said = tried.map(|view| (view.delivered, view.discarded, view.learns.join(" "), view.drifted.join(" ")));
        let said = said.map_err(|problem| problem.errors.iter().map(|one| one.what.clone()).collect::<String>());
        let (new, none) = ("new".to_owned(), String::new());
        assert_eq!(
            said,
            match policy {
                "evolve" => Ok((3, 0, new, none)),
                "freeze" => Err("schema.drifted: the field `new` is new, and holds string".to_owned()),
                "discard_row" => Ok((2, 1, none, new)),
                _ => Ok((3, 0, none, new)),
            },
            "{policy}"
        );
        assert_eq!(schema(&house), before, "{policy}");
    }
}

#[tokio::test]
async fn refuses_a_policy_for_a_destination() {
    let house = House::new(Shop::with_orders(0), "").await;
    let text = "[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"acme\"\n[[customer.endpoint]]\nname = \"lines\"\ndrift = \"freeze\"";
    let document = weighbridge::document::Document::parse(text).unwrap();
    let refused = house.engine.apply(&document, std::path::Path::new(".")).await.unwrap_err();
    assert!(refused.to_string().contains("drift"), "{refused}");
}
