//! How rules shape a record, and how they say what is wrong.

mod casts;
mod compile;
mod dates;
mod expressions;
mod filters;
mod keys;
mod links;
mod numbers;
mod shape;
mod texts;

use weighbridge_model::mapping::{Answers, Expression, Mapped, Mapping, MappingError, Questions, RecordError};
use weighbridge_model::record::Fields;

fn compile(rules: &str) -> Result<Mapping, MappingError> {
    Mapping::compile(&serde_json::from_str(rules).unwrap())
}

/// Everything that a record asks for, answered: links by `links`, expressions by running them.
fn answered(mapping: &Mapping, record: &str, links: &[(&str, &str)]) -> Answers {
    let (mut questions, mut answers) = (Questions::default(), Answers::none());
    mapping.ask(&Fields::parse(record).unwrap(), &mut questions);
    for question in questions.links {
        if let Some((_, id)) = links.iter().find(|(key, _)| *key == question.1) {
            answers.give_link(question, (*id).to_owned());
        }
    }
    for question in questions.expressions {
        let expression = Expression::compile(&mapping.expressions()[question.0]).unwrap();
        let evaluated = expression.run(&question.1);
        answers.give_evaluated(question, evaluated);
    }
    answers
}

/// The mapped line without its LF; none where a filter left the record out.
fn apply(rules: &str, record: &str) -> Result<Option<String>, RecordError> {
    apply_with(rules, record, &[])
}

/// The same, with links from keys to ids.
fn apply_with(rules: &str, record: &str, links: &[(&str, &str)]) -> Result<Option<String>, RecordError> {
    let mut out = b"before\n".to_vec();
    let (mapping, fields) = (compile(rules).unwrap(), Fields::parse(record)?);
    let mapped = mapping.apply(&fields, &mut answered(&mapping, record, links), &mut out);
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
