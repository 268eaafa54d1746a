//! What a mapping would do with records, where there is no host: it knows no record links.

use weighbridge_model::mapping::{Answers, Mapped, Mapping, MappingError, Questions, RecordError, Rules};
use weighbridge_model::record::Fields;
use weighbridge_sandbox::{ExpressionFailure, Expressions};

/// What would become of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shaped {
    /// It would be written so: JSON, with every number as it is.
    Written(String),
    /// The filter of this number leaves it out, counted from 0.
    Filtered(usize),
    /// It would be rejected.
    Rejected {
        /// The stable code.
        code: &'static str,
        /// The rule, as a path into the rules; none where the record itself is at fault.
        at: Option<String>,
        /// Why, in words.
        message: String,
    },
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum ShapingError {
    /// The rules make no mapping.
    #[error("{code}: {0}", code = MappingError::CODE)]
    Mapping(#[from] MappingError),
    /// An expression was not run.
    #[error("{code}: {0}", code = .0.code())]
    Expressions(#[from] ExpressionFailure),
}

/// Shapes records, JSON texts each. Blocks where the rules have expressions.
pub fn shape(
    rules: &Rules,
    records: &[impl AsRef<str>],
    expressions: &Expressions,
) -> Result<Vec<Shaped>, ShapingError> {
    let mapping = Mapping::compile(rules)?;
    let records: Vec<_> = records.iter().map(|record| Fields::parse(record.as_ref())).collect();
    let mut questions = Questions::default();
    records.iter().flatten().for_each(|fields| mapping.ask(fields, &mut questions));
    let asked: Vec<_> = questions.expressions.into_iter().collect();
    let evaluated = expressions.evaluate(mapping.expressions(), &asked)?;
    let mut answers = Answers::none();
    asked.into_iter().zip(evaluated).for_each(|(question, answer)| answers.give_evaluated(question, answer));
    let shaped = records
        .into_iter()
        .map(|record| record.map_err(RecordError::from).and_then(|fields| one(&mapping, &fields, &mut answers)));
    Ok(shaped.map(|one| one.unwrap_or_else(|error| rejected(&error))).collect())
}

fn one(mapping: &Mapping, fields: &Fields<'_>, answers: &mut Answers) -> Result<Shaped, RecordError> {
    let mut out = Vec::new();
    Ok(match mapping.apply(fields, answers, &mut out)? {
        Mapped::Written => Shaped::Written(String::from_utf8_lossy(&out).trim_end().to_owned()),
        Mapped::Filtered => Shaped::Filtered(mapping.left_out_by(fields).unwrap_or_default()),
    })
}

fn rejected(error: &RecordError) -> Shaped {
    Shaped::Rejected { code: error.code(), at: error.at().map(str::to_owned), message: error.to_string() }
}
