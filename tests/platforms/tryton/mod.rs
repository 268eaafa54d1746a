//! The Tryton ERP, from the Python package index: its own server, its own database, the real countries of the world.

mod connector;
mod install;
mod outside;
mod rpc;
mod server;
mod transfers;

use serde_json::json;

use super::wanted;
use server::Tryton;

#[test]
fn answers_in_the_words_that_the_connector_speaks() {
    if !wanted("Tryton") {
        return;
    }
    let tryton = Tryton::start();
    let count = |model: &str| tryton.call(&format!("model.{model}.search_count"), json!([[], {}]));
    assert!(count("country.subdivision").as_u64() > Some(5000));
    assert!(count("country.country").as_u64() > Some(200));

    let parties = json!([[{"code": "C1", "name": "One"}, {"code": "C2", "name": "Two"}], {}]);
    let ids = tryton.call("model.party.party.create", parties);
    tryton.call("model.party.party.write", json!([[ids[0]], {"name": "Uno"}, [ids[1]], {"name": "Due"}, {}]));
    let known = json!([[["code", "in", ["C1", "C2"]]], 0, null, [["id", "ASC"]], ["name"], {"active_test": false}]);
    let names = tryton.call("model.party.party.search_read", known);
    assert_eq!(names, json!([{"id": ids[0], "name": "Uno"}, {"id": ids[1], "name": "Due"}]));
}

#[test]
fn refuses_a_wrong_password_and_a_session_of_nobody() {
    if !wanted("Tryton") {
        return;
    }
    let tryton = Tryton::start();
    let login = json!({"method": "common.db.login", "params": ["admin", {"password": "wrong"}]});
    assert_eq!(tryton.post(&login, None).0, 401);
    let call = json!({"method": "model.party.party.search_count", "params": [[], {}]});
    assert_eq!(tryton.post(&call, Some("Session YWRtaW46MTp4")).0, 401);
}
