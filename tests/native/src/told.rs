//! What the shop tells by itself, signed in two ways: as the Standard Webhooks specification has it, and in one of its own.

use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use weighbridge::HookCall;
use weighbridge::connector::{Delivery, Ended, Failure, FailureClass, Hook, HookAnswer};

const KEY: &[u8] = b"what the shop and its connector share";

fn code(parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// Orders, as the specification signs them.
pub fn standard_call(id: &str, orders: &[Value]) -> HookCall {
    let body = json!({ "orders": orders }).to_string();
    let signature = format!("v1,{}", BASE64.encode(&code(&[id.as_bytes(), b".1700000000.", body.as_bytes()])));
    let headers = [("webhook-id", id), ("webhook-timestamp", "1700000000"), ("webhook-signature", &signature)];
    call(&headers, body)
}

/// Orders, or a greeting, in the shop's own way: without an id.
pub fn own_call(body: &Value) -> HookCall {
    let body = body.to_string();
    let signature = HEXLOWER.encode(&code(&[body.as_bytes()]));
    call(&[("x-shop-signature", &signature)], body)
}

fn call(headers: &[(&str, &str)], body: String) -> HookCall {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    HookCall { method: "POST".into(), path: String::new(), headers, body: body.into() }
}

/// What the connector does with it.
pub(crate) fn receive(hook: &Hook) -> Result<HookAnswer, Ended> {
    let of = |name: &str| hook.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
    let id = of("webhook-id").unwrap_or_default();
    let proven = match (of("webhook-signature"), of("x-shop-signature")) {
        (Some(signature), _) => {
            let at = of("webhook-timestamp").unwrap_or_default();
            let expected = code(&[id.as_bytes(), b".", at.as_bytes(), b".", &hook.body]);
            signature == format!("v1,{}", BASE64.encode(&expected))
        }
        (None, Some(signature)) => signature == HEXLOWER.encode(&code(&[&hook.body])),
        (None, None) => false,
    };
    if !proven {
        return Err(failed(FailureClass::Auth, "shop.signature"));
    }
    let body: Value = serde_json::from_slice(&hook.body).map_err(|_| failed(FailureClass::Config, "shop.body"))?;
    if let Some(challenge) = body["challenge"].as_str() {
        return Ok(HookAnswer { status: 200, body: challenge.to_owned().into(), deliveries: Vec::new() });
    }
    let orders = body["orders"].as_array().cloned().unwrap_or_default();
    let lines: String = orders.iter().map(|order| format!("{order}\n")).collect();
    let (stream, id, records_count) = ("orders".to_owned(), id.to_owned(), orders.len() as u64);
    let deliveries = vec![Delivery { stream, id, records: lines.into(), records_count }];
    Ok(HookAnswer { status: 202, body: bytes::Bytes::new(), deliveries })
}

fn failed(class: FailureClass, code: &str) -> Ended {
    Ended::Failure(Failure { class, code: code.into(), message: "it is not taken".into(), retry_after_ms: None })
}
