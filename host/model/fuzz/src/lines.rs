//! Pages of records as a guest hands them over.

use serde_json::{Map, Value};
use weighbridge_model::lines::{LineFaultKind, Pointer, check, find};

/// So many brackets are never too deep, for this reader or another.
const SHALLOW: usize = 100;

/// The check takes exactly what a parser takes, without the character that no store keeps; and finds what a parser finds.
pub fn page(bytes: &[u8]) {
    match check(bytes) {
        Ok(count) => {
            let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            assert_eq!(count, lines.len() as u64);
            lines.into_iter().for_each(taken);
        }
        Err(fault) => {
            let line = bytes.split_inclusive(|byte| *byte == b'\n').nth(fault.line - 1).unwrap_or_default();
            assert!(fault.byte <= bytes.len());
            match fault.kind {
                LineFaultKind::Utf8 => assert!(std::str::from_utf8(bytes).is_err()),
                LineFaultKind::Unended => assert_ne!(line.last(), Some(&b'\n')),
                LineFaultKind::Nul => assert!(!line.is_empty()),
                LineFaultKind::Json => assert!(is_deep(line) || object(line).is_none(), "a parser takes this"),
            }
        }
    }
}

fn is_deep(line: &[u8]) -> bool {
    line.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() > SHALLOW
}

fn object(line: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(line).ok()
}

fn taken(line: &[u8]) {
    let object = object(line);
    assert!(object.is_some(), "no parser takes this");
    for (name, value) in object.iter().flatten() {
        assert!(!name.contains('\0') && !holds_nul(value));
        let pointer = Pointer::parse(&format!("/{}", name.replace('~', "~0").replace('/', "~1")));
        let found = find(line, &pointer).and_then(|found| serde_json::from_slice::<Value>(found).ok());
        assert_eq!(found.as_ref(), Some(value));
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
