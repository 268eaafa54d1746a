//! Reading what people wrote.

use serde::Serialize;
use serde::de::DeserializeOwned;
use weighbridge_model::customer::Contact;
use weighbridge_model::problem::Problem;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::{Timestamp, Window, Zone};

use crate::apply::ApplyError;
use crate::apply::named::{self, is_name, no_name};
use crate::document::WindowDocument;
use crate::error::EngineError;
use crate::texts::Texts;

/// The most labels of one thing.
const LABELS_MAX: usize = 50;

/// A text that can be a name.
pub(crate) fn name(text: &str) -> Result<(), Problem> {
    if is_name(text) { Ok(()) } else { Err(Problem::invalid("name", no_name(text))) }
}

/// A text by which a connected system can be known.
pub(crate) fn label(text: &str) -> Result<(), Problem> {
    if is_name(text) { Ok(()) } else { Err(Problem::invalid("label", no_name(text))) }
}

/// A text of a size that somebody reads.
pub(crate) fn text(text: &str, at: &str) -> Result<(), Problem> {
    Ok(named::check_text(text, at)?)
}

/// Whom to ask, each part of a size that somebody reads.
pub(crate) fn contact(contact: &Contact) -> Result<(), Problem> {
    let Contact { name, email, phone } = contact;
    let parts = [(name, "contact.name"), (email, "contact.email"), (phone, "contact.phone")];
    parts.into_iter().try_for_each(|(part, at)| text(part.as_deref().unwrap_or_default(), at))
}

/// Labels, in order and each once.
pub(crate) fn labels(labels: &[String]) -> Result<Vec<String>, Problem> {
    if labels.len() > LABELS_MAX {
        return Err(Problem::invalid("labels", format!("there are {}; at most {LABELS_MAX} are kept", labels.len())));
    }
    if let Some(wrong) = labels.iter().find(|label| !is_name(label)) {
        return Err(Problem::invalid("labels", no_name(wrong)));
    }
    let unique: std::collections::BTreeSet<&String> = labels.iter().collect();
    Ok(unique.into_iter().cloned().collect())
}

/// A date, for its midnight in the zone, or an instant.
pub(crate) fn instant(zone: &Zone, text: &str, at: &str) -> Result<Timestamp, Problem> {
    zone.instant(text).ok_or_else(|| {
        let what = format!("`{text}` is no date or instant; write one such as 2026-03-31 or 2026-03-31T08:00:00Z");
        Problem::invalid(at, what)
    })
}

/// Dates and instants of a window.
pub(crate) fn window(document: &WindowDocument, zone: &Zone) -> Result<Window, Problem> {
    Ok(named::window(document, zone, "")?)
}

/// A number in the partner's own system; an empty text is none, and the same text stays sealed as it is.
pub(crate) fn external_id(texts: &Texts<'_>, id: &str, kept: Option<&Sealed>) -> Result<Option<Sealed>, Problem> {
    text(id, "external_id")?;
    if id.is_empty() {
        return Ok(None);
    }
    Ok(Some(named::seal_changed(texts, "external_id", kept, id.as_bytes())?))
}

/// Seals a value as JSON, or keeps the sealed one that says the same; an empty one is none.
pub(crate) fn seal_some<T: Serialize + Default + PartialEq>(
    texts: &Texts<'_>,
    field: &str,
    kept: Option<&Sealed>,
    value: &T,
) -> Result<Option<Sealed>, ApplyError> {
    if *value == T::default() {
        return Ok(None);
    }
    let json = serde_json::to_vec(value).map_err(|error| EngineError::Egress(error.to_string()))?;
    named::seal_changed(texts, field, kept, &json).map(Some)
}

/// Opens what [`seal_some`] sealed.
pub(crate) fn open_some<T: DeserializeOwned + Default>(
    texts: &Texts<'_>,
    field: &str,
    sealed: Option<&Sealed>,
) -> Result<T, EngineError> {
    let Some(sealed) = sealed else { return Ok(T::default()) };
    Ok(serde_json::from_slice(&texts.open(field, sealed)?).unwrap_or_default())
}
