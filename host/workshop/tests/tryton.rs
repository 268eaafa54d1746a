//! A Tryton server of a few parties, in this process.

use serde_json::{Value, json};
use weighbridge_sandbox::Answer;
use weighbridge_workshop::{Answered, Asked, Platform, Venue};

use crate::shop::answered;

/// Answers the calls that this repository's connector makes.
pub struct Tryton;

impl Venue for Tryton {
    fn open(&self) -> Box<dyn Platform> {
        Box::new(Self)
    }
}

impl Platform for Tryton {
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        let call: Value = serde_json::from_slice(&asked.body.as_ref().unwrap().bytes()).unwrap();
        let (method, params) = (call["method"].as_str().unwrap(), &call["params"]);
        let body = match method.rsplit('.').next().unwrap() {
            "search_read" if params[0][0][0] == "code" => json!([{"id": 2, "code": "P2"}]),
            "search_read" => json!(parties(params)),
            "create" => params[0].as_array().unwrap().iter().zip(100..).map(|(_, id)| json!(id)).collect(),
            "get_preferences" => json!({"language": "en"}),
            _ => Value::Null,
        };
        Box::pin(std::future::ready(Some(answered(&body))))
    }
}

fn parties(params: &Value) -> Vec<Value> {
    let changed = |id: i64| json!({"__class__": "datetime", "year": 2026, "month": 3, "day": 29, "hour": 1, "minute": id, "second": 0, "microsecond": 0});
    let count = usize::try_from(params[2].as_i64().unwrap()).unwrap();
    if params[3][0][1] == "DESC" {
        let field = params[4][0].as_str().unwrap();
        return if field == "create_date" { vec![json!({"id": 7, "create_date": changed(7)})] } else { Vec::new() };
    }
    let after = params[0][0][2].as_i64().unwrap();
    let row = |id: i64| {
        json!({"id": id, "code": format!("P{id}"), "name": format!("Party {id}"), "active": true,
            "create_date": changed(id), "write_date": null})
    };
    (1..=7).filter(|id| *id > after).take(count).map(row).collect()
}
