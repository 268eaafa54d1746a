//! Upserting parties.

use serde_json::{Value, json};
use weighbridge_sdk::destination::WriteMode;
use weighbridge_sdk::testing::{Scripted, ScriptedHost, Sent, write};
use weighbridge_tryton::Tryton;

fn host(answer: impl Fn(&str, &Value) -> Scripted + 'static) -> ScriptedHost {
    let host = ScriptedHost::install();
    host.configure(json!({"base_url": "https://erp.example", "database": "erp"}));
    host.answers(move |sent| {
        let call = sent.json();
        answer(call["method"].as_str().unwrap().rsplit('.').next().unwrap(), &call["params"])
    });
    host
}

fn methods(host: &ScriptedHost) -> Vec<String> {
    host.sent().iter().map(|sent: &Sent| sent.json()["method"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn creates_what_is_new_and_changes_what_is_known() {
    let host = host(|method, params| match method {
        "search_read" => {
            assert_eq!(params[0], json!([["code", "in", ["A", "B", "C"]]]));
            (200, json!([{"id": 5, "code": "B"}])).into()
        }
        "create" => {
            assert_eq!(params, &json!([[{"code": "A", "name": "a"}, {"code": "C", "name": "c"}], {}]));
            (200, json!([8, 9])).into()
        }
        _ => {
            assert_eq!(params, &json!([[5], {"name": "b"}, {}]));
            (200, "null").into()
        }
    });
    let records = ["A", "B", "C"].map(|code| json!({"code": code, "name": code.to_lowercase()}));
    let mut receipt = write::<Tryton>("parties", WriteMode::Upsert, &records).unwrap();
    receipt.assigned.sort();
    assert_eq!(receipt.assigned, [(0, "8".to_owned()), (1, "5".to_owned()), (2, "9".to_owned())]);
    assert_eq!(
        methods(&host),
        ["model.party.party.search_read", "model.party.party.create", "model.party.party.write"]
    );
}

#[test]
fn has_each_come_again_when_one_of_several_is_refused() {
    let _host = host(|method, _| match method {
        "search_read" => (200, "[]").into(),
        _ => (400, "<p>The name is too long.</p>").into(),
    });
    for (count, retryable) in [(2, true), (1, false)] {
        let records: Vec<Value> = (0..count).map(|number| json!({"code": format!("C{number}")})).collect();
        let receipt = write::<Tryton>("parties", WriteMode::Upsert, &records).unwrap();
        assert_eq!(receipt.rejected.len(), count);
        assert_eq!(
            (receipt.rejected[0].code.as_str(), receipt.rejected[0].retryable),
            ("tryton.user_error", retryable)
        );
        assert!(receipt.rejected[0].message.contains("too long"));
    }
}

#[test]
fn rejects_records_that_are_no_parties() {
    let host = host(|_, _| (200, "[]").into());
    let records = [json!({"name": "x"}), json!({"code": "A", "colour": 1}), json!({"code": ""})];
    let receipt = write::<Tryton>("parties", WriteMode::Upsert, &records).unwrap();
    let codes: Vec<&str> = receipt.rejected.iter().map(|rejection| rejection.code.as_str()).collect();
    assert_eq!(codes, ["tryton.code_missing", "tryton.field_unknown", "tryton.code_missing"]);
    assert!(host.sent().is_empty());
}

#[test]
fn fails_when_the_server_does() {
    let _host = host(|_, _| (503, "").into());
    let failure = write::<Tryton>("parties", WriteMode::Upsert, &[json!({"code": "A"})]).unwrap_err();
    assert_eq!(failure.code, "tryton.503");
}

#[test]
fn refuses_streams_and_modes_it_does_not_write() {
    let _host = host(|_, _| (200, "[]").into());
    assert_eq!(write::<Tryton>("countries", WriteMode::Upsert, &[json!({})]).unwrap_err().code, "unsupported");
    assert_eq!(write::<Tryton>("parties", WriteMode::Append, &[json!({})]).unwrap_err().code, "unsupported");
}
