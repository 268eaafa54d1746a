//! What a mapping makes of sample records, before anything moves.

use weighbridge_model::mapping::{Answers, Mapped, Mapping, MappingError, Questions, RecordError, Rules};
use weighbridge_model::record::Fields;
use weighbridge_store::CustomerScope;

use crate::engine::Engine;
use crate::known::Unknown;

/// What becomes of one sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Previewed {
    /// This record would be written: JSON, with every number as it is.
    Written(String),
    /// The filter of this number leaves it out, counted from 0.
    Filtered(usize),
    /// It would be rejected.
    Rejected {
        /// The stable code.
        code: &'static str,
        /// The rule, as a path into the rules; none where the sample itself is at fault.
        at: Option<String>,
        /// Why, in words.
        message: String,
    },
}

/// Why there is nothing to see.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The rules make no mapping.
    #[error("{code}: {0}", code = MappingError::CODE)]
    Mapping(#[from] MappingError),
    /// What the rules ask for cannot be looked up.
    #[error("{code}: {message}")]
    NotLookedUp {
        /// The stable code.
        code: &'static str,
        /// Why, and what to do.
        message: String,
    },
}

impl From<Unknown> for PreviewError {
    fn from(unknown: Unknown) -> Self {
        Self::NotLookedUp { code: unknown.code(), message: unknown.to_string() }
    }
}

impl Engine {
    /// Shapes sample records, JSON texts each, by rules that nobody has applied. Links are looked up among the customer's; no
    /// transfer is needed, and nothing is written.
    pub async fn preview_mapping(
        &self,
        scope: CustomerScope,
        rules: &Rules,
        samples: &[impl AsRef<str>],
    ) -> Result<Vec<Previewed>, PreviewError> {
        let mapping = Mapping::compile(rules)?;
        let samples: Vec<_> = samples.iter().map(|sample| Fields::parse(sample.as_ref())).collect();
        let mut questions = Questions::default();
        samples.iter().flatten().for_each(|fields| mapping.ask(fields, &mut questions));
        let mut answers = self.host.answer(scope, &mapping, questions).await?;
        let previewed = samples.into_iter().map(|sample| {
            sample.map_err(RecordError::from).and_then(|fields| preview(&mapping, &fields, &mut answers))
        });
        Ok(previewed.map(|one| one.unwrap_or_else(|error| rejected(&error))).collect())
    }
}

fn preview(mapping: &Mapping, fields: &Fields<'_>, answers: &mut Answers) -> Result<Previewed, RecordError> {
    let mut out = Vec::new();
    Ok(match mapping.apply(fields, answers, &mut out)? {
        Mapped::Written => Previewed::Written(String::from_utf8_lossy(&out).trim_end().to_owned()),
        Mapped::Filtered => Previewed::Filtered(mapping.left_out_by(fields).unwrap_or_default()),
    })
}

fn rejected(error: &RecordError) -> Previewed {
    let (at, message) = (error.at().map(str::to_owned), error.to_string());
    Previewed::Rejected { code: error.code(), at, message }
}
