//! An operator who signed in approves a version over the API, and only what was read; nobody else may.

use serde_json::json;

use super::operator::{Operator as _, Typist};
use super::sample::{KEY, asking, manifest, signed};
use crate::town::{Client, Host};

#[test]
fn an_operator_approves_what_was_read_and_takes_it_back_under_their_own_name() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    typist.install(&signed(&manifest("1.0.0"), &KEY)).unwrap();
    typist.install(&signed(&asking("1.1.0"), &KEY)).unwrap();
    let codes = || {
        let doctor = typist.town.works(&["doctor"]);
        let codes = doctor["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned());
        codes.collect::<Vec<_>>()
    };
    assert!(codes().contains(&"doctor.approvals_waiting".to_owned()));
    let host = Host::start(&typist.town);
    let person = |words: &[&str]| {
        let invited = typist.town.works(words);
        let join = json!({ "link": invited["link"], "password": "four random words here" });
        let joined = Client::stranger(&host.address).post("/sessions/join", &join).worked();
        joined["session"].as_str().unwrap().to_owned()
    };
    let otto = person(&["operator", "invite", "--email", "otto@example.com", "--role", "operator"]);
    let operator = Client::with(&host.address, &otto);
    let listed = operator.get("/connectors").worked();
    assert_eq!(listed["items"][0]["approval_needed"], "1.1.0", "{listed}");
    let path = "/connectors/acme.shop/versions/1.1.0";
    let proposal = operator.get(path).worked();
    assert!(!proposal["asks_for"].as_array().unwrap().is_empty(), "{proposal}");
    let approve = |difference: &str| operator.post(&format!("{path}/approve"), &json!({ "difference": difference }));
    let other = approve(&"0".repeat(64));
    assert_eq!((other.status, other.code().as_str()), (412, "connector.difference_changed"));
    approve(proposal["difference"].as_str().unwrap()).worked();
    assert!(!codes().contains(&"doctor.approvals_waiting".to_owned()));
    assert_eq!(operator.get("/connectors").worked()["items"][0]["version"], "1.1.0");
    assert_eq!(operator.get(path).code(), "connector.nothing_to_approve");
    let back = operator.post("/connectors/acme.shop/versions/1.0.0/rollback", &json!({})).worked();
    assert_eq!(back["before"], "1.1.0");
    let lines = operator.get("/host/audit?act=connector.*").worked();
    let by_otto = lines["items"].as_array().unwrap().iter().filter(|line| line["actor_email"] == "otto@example.com");
    let acts: Vec<_> = by_otto.map(|line| line["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["connector.rolled_back", "connector.approved"]);
}
