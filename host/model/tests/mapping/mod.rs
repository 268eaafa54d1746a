//! How rules shape a record, and how they say what is wrong.

mod casts;
mod compile;
mod filters;
mod keys;
mod shape;

use weighbridge_model::mapping::{Mapped, Mapping, MappingError, RecordError};
use weighbridge_model::record::Fields;

fn compile(rules: &str) -> Result<Mapping, MappingError> {
    Mapping::compile(&serde_json::from_str(rules).unwrap())
}

/// The mapped line without its LF; none where a filter left the record out.
fn apply(rules: &str, record: &str) -> Result<Option<String>, RecordError> {
    let mut out = b"before\n".to_vec();
    let mapped = compile(rules).unwrap().apply(&Fields::parse(record)?, &mut out);
    let added = String::from_utf8(out).unwrap().strip_prefix("before\n").unwrap().to_owned();
    match &mapped {
        Ok(Mapped::Written) => assert!(added.ends_with('\n'), "{added}"),
        Ok(Mapped::Filtered) | Err(_) => assert_eq!(added, "", "nothing is added but a whole line"),
    }
    Ok((mapped? == Mapped::Written).then(|| added.trim_end().to_owned()))
}

#[track_caller]
fn check(rules: &str, record: &str, wanted: &str) {
    assert_eq!(apply(rules, record).unwrap().as_deref(), Some(wanted), "{rules}");
}

/// Expects an error that begins so, with this code.
#[track_caller]
fn check_error(rules: &str, record: &str, code: &str, wanted: &str) {
    let error = apply(rules, record).unwrap_err();
    assert_eq!(error.code(), code);
    assert!(error.to_string().starts_with(wanted), "{error}");
}
