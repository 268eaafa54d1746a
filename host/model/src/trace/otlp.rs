//! Spans as collectors of OpenTelemetry take them: OTLP, in JSON.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::{ClosedSpan, Value};

/// Kinds of spans, by the numbers of the protocol.
const INTERNAL: u8 = 1;
const SERVER: u8 = 2;
const CLIENT: u8 = 3;
/// The status of what failed.
const FAILED: u8 = 2;

/// The body of an `ExportTraceServiceRequest`. `random` stands for the id of a trace that has none.
pub fn body(spans: &[ClosedSpan], version: &str, mut random: impl FnMut() -> [u8; 16]) -> Vec<u8> {
    let spans: Vec<Json> = spans.iter().map(|span| written(span, span.trace.or(random()))).collect();
    let of = json!([attribute("service.name", &text("weighbridge")), attribute("service.version", &text(version))]);
    let scope = json!({ "name": "weighbridge", "version": version });
    let all = json!({ "resourceSpans": [{
        "resource": { "attributes": of },
        "scopeSpans": [{ "scope": scope, "spans": spans }],
    }] });
    all.to_string().into_bytes()
}

fn written(span: &ClosedSpan, trace: [u8; 16]) -> Json {
    let attributes: Vec<Json> = span.values.iter().map(|(name, value)| attribute(&key(name), value)).collect();
    let mut json = json!({
        "traceId": hex(&trace),
        "spanId": hex(&span.id.to_be_bytes()),
        "name": span.name,
        "kind": kind(span.name),
        "startTimeUnixNano": span.begun_ns.to_string(),
        "endTimeUnixNano": span.ended_ns.to_string(),
        "attributes": attributes,
    });
    if let Some(parent) = span.parent {
        json["parentSpanId"] = hex(&parent.to_be_bytes()).into();
    }
    if span.is_failed() {
        json["status"] = json!({ "code": FAILED });
    }
    json
}

fn kind(name: &str) -> u8 {
    match name {
        "request" => CLIENT,
        "pull" => SERVER,
        _ => INTERNAL,
    }
}

/// The names that everybody uses, where there are any, and else our own.
fn key(name: &str) -> String {
    match name {
        "method" => "http.request.method".to_owned(),
        "status" => "http.response.status_code".to_owned(),
        own => format!("weighbridge.{own}"),
    }
}

fn attribute(key: &str, value: &Value) -> Json {
    let value = match value {
        // Numbers of 64 bits are texts in the protocol's JSON.
        Value::Count(count) => json!({ "intValue": count.to_string() }),
        Value::Flag(is_so) => json!({ "boolValue": is_so }),
        Value::Word(word) => json!({ "stringValue": word }),
    };
    json!({ "key": key, "value": value })
}

fn text(text: &str) -> Value {
    Value::Word(text.to_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::super::TraceId;
    use super::*;
    use crate::id::RunId;

    fn span(name: &'static str, parent: Option<u64>, values: Vec<(&'static str, Value)>) -> Json {
        let trace = TraceId::default();
        trace.is_of(RunId::from_bytes([0xab; 16]));
        let span = ClosedSpan { trace, id: 0x1f, parent, name, begun_ns: 5, ended_ns: 9, values };
        let body: Json = serde_json::from_slice(&body(&[span], "1.2.3", || [0; 16])).unwrap();
        assert_eq!(body["resourceSpans"][0]["resource"]["attributes"][1]["value"]["stringValue"], "1.2.3");
        body["resourceSpans"][0]["scopeSpans"][0]["spans"][0].clone()
    }

    #[test]
    fn a_span_stands_as_the_protocol_wants_it() {
        let values =
            vec![("status", Value::Count(200)), ("run", Value::word("abc").unwrap()), ("again", Value::Flag(true))];
        let wanted = json!({
            "traceId": "ab".repeat(16), "spanId": "000000000000001f", "parentSpanId": "0000000000000002",
            "name": "request", "kind": 3, "startTimeUnixNano": "5", "endTimeUnixNano": "9",
            "attributes": [
                { "key": "http.response.status_code", "value": { "intValue": "200" } },
                { "key": "weighbridge.run", "value": { "stringValue": "abc" } },
                { "key": "weighbridge.again", "value": { "boolValue": true } },
            ],
        });
        assert_eq!(span("request", Some(2), values), wanted);
    }

    #[test]
    fn a_span_with_a_code_has_failed_and_the_first_of_a_trace_has_no_parent() {
        let failed = span("run", None, vec![("code", Value::word("quota.exhausted").unwrap())]);
        assert_eq!((&failed["status"]["code"], &failed["parentSpanId"]), (&json!(2), &Json::Null));
        assert_eq!(span("run", None, Vec::new())["status"], Json::Null);
    }
}
