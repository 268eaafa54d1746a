//! Mappings, and the records that go through them: the rules on the first line, the records on those after it.

use serde_json::value::RawValue;
use weighbridge_model::mapping::{Answers, Mapped, Mapping, RecordError, Rules};
use weighbridge_model::record::Fields;

use super::pieces;

/// What is written is one JSON object on one line; what is not written leaves nothing behind.
pub fn mapping(bytes: &[u8]) {
    let Some([rules, records]) = pieces(bytes) else { return };
    let Ok(rules) = serde_json::from_str::<Rules>(rules) else { return };
    let again = serde_json::to_string(&rules).ok().and_then(|text| serde_json::from_str(&text).ok());
    assert_eq!(again.as_ref(), Some(&rules));
    let mapping = match Mapping::compile(&rules) {
        Ok(mapping) => mapping,
        Err(error) => return assert!(!error.what.is_empty(), "{error}"),
    };
    for line in records.lines() {
        let Ok(fields) = Fields::parse(line) else { continue };
        let before = b"{}\n".to_vec();
        let mut out = before.clone();
        let mapped = mapping.apply(&fields, &mut Answers::none(), &mut out);
        wrote(mapped, &before, &out);
        let mut out = before.clone();
        let mapped = mapping.apply_key(&fields, &mut Answers::none(), &mut out).map(|()| Mapped::Written);
        wrote(mapped, &before, &out);
    }
}

fn wrote(mapped: Result<Mapped, RecordError>, before: &[u8], out: &[u8]) {
    let added = out.strip_prefix(before);
    match mapped {
        Ok(Mapped::Filtered) => assert_eq!(out, before),
        Err(error) => assert!(out == before && error.code().starts_with("mapping."), "{error}"),
        Ok(Mapped::Written) => {
            let line = added.and_then(|added| added.strip_suffix(b"\n")).unwrap_or_default();
            assert!(!line.contains(&b'\n'), "one line");
            let object = serde_json::from_slice::<&RawValue>(line);
            assert!(object.as_ref().is_ok_and(|object| object.get().starts_with('{')), "{object:?}");
        }
    }
}
