//! Which fields are accepted of the stream that an endpoint reads, what was learnt lately, and what was found beyond them.

use maud::{Markup, html};
use weighbridge::account::{AcceptedFieldView, EndpointView, FoundFieldView, StreamSchemaView};
use weighbridge::model::access::kinds;
use weighbridge::model::drift::{DriftPolicy, FieldType};
use weighbridge::model::problem::Problem;

use crate::console::parts::{self, Ask, Column, Tone};
use crate::console::visit::Visit;

/// So many fields that were learnt are told apart from the others.
const LEARNT_SHOWN_MAX: usize = 10;

/// The fields of a source, and whether something waits to be accepted.
pub(super) fn cards(v: &Visit, one: &EndpointView) -> Result<Markup, Problem> {
    let seen = v.engine.stream_schema(&v.may::<kinds::TransfersRead>()?, one.id)?;
    Ok(html! {
        @if !seen.found.is_empty() { (found(v, &seen)) }
        (learnt(v, &seen))
        (parts::card(&v.t("schema-fields"), &fields(v, &seen)))
    })
}

/// What happens to records that do not fit, chosen among all there is.
pub(super) fn choice(v: &Visit, ask: &Ask<'_>, now: DriftPolicy) -> Markup {
    let one = |policy: DriftPolicy| {
        let word = parts::worded(&policy);
        (word.clone(), v.word("drift", &word), v.word("drift", &format!("{word}-about")))
    };
    let choices = DriftPolicy::ALL.map(one);
    ask.field("drift", "schema-drift").hint("schema-drift-hint").value(parts::worded(&now)).radios(&choices)
}

fn found(v: &Visit, seen: &StreamSchemaView) -> Markup {
    let is_frozen = seen.drift == DriftPolicy::Freeze;
    let columns =
        ["schema-field", "schema-expected", "schema-found-types", "schema-when"].map(|key| Column::new(v.t(key)));
    let line = |one: &FoundFieldView| {
        vec![
            html! { code { (one.name) } },
            html! { @if one.accepted.is_empty() { span.muted { (v.t("schema-new-field")) } } @else { (types(v, &one.accepted)) } },
            types(v, &one.found),
            html! { @if let Some(at) = one.found_at { (v.at(at)) } },
        ]
    };
    let lines: Vec<_> = seen.found.iter().map(line).collect();
    let ask = Ask::new(v, "endpoint accept-schema").seen(seen.etag.as_deref().unwrap_or_default());
    let about = match seen.drift {
        DriftPolicy::Evolve => "schema-found-evolve",
        DriftPolicy::Freeze => "schema-found-freeze",
        DriftPolicy::DiscardRow => "schema-found-rows",
        DriftPolicy::DiscardValue => "schema-found-values",
    };
    let body = html! {
        (parts::notice(if is_frozen { Tone::Bad } else { Tone::Warn }, &html! { p { (v.t(about)) } }))
        (parts::table(&v.t("schema-found"), &columns, &lines))
        @if v.can::<kinds::TransfersChange>() { (ask.button("primary", "good", &v.t("schema-accept"))) }
    };
    parts::card(&v.t("schema-found"), &body)
}

/// What was learnt, the newest first.
fn learnt(v: &Visit, seen: &StreamSchemaView) -> Markup {
    let mut learnt: Vec<_> = seen.fields.iter().filter(|one| one.learnt_at.is_some()).collect();
    learnt.sort_by_key(|one| std::cmp::Reverse(one.learnt_at));
    learnt.truncate(LEARNT_SHOWN_MAX);
    let columns = ["schema-field", "schema-types", "schema-when"].map(|key| Column::new(v.t(key)));
    let line = |one: &&AcceptedFieldView| {
        vec![
            html! { code { (one.name) } },
            types(v, &one.types),
            html! { @if let Some(at) = one.learnt_at { (v.at(at)) } },
        ]
    };
    let lines: Vec<_> = learnt.iter().map(line).collect();
    html! {
        @if !lines.is_empty() {
            (parts::card(&v.t("schema-learnt"), &parts::table(&v.t("schema-learnt"), &columns, &lines)))
        }
    }
}

fn fields(v: &Visit, seen: &StreamSchemaView) -> Markup {
    let policy = parts::worded(&seen.drift);
    let columns = ["schema-field", "schema-types"].map(|key| Column::new(v.t(key)));
    let line = |one: &AcceptedFieldView| vec![html! { code { (one.name) } }, types(v, &one.types)];
    let lines: Vec<_> = seen.fields.iter().map(line).collect();
    html! {
        (parts::facts(&[(
            v.t("schema-drift"),
            html! { (v.word("drift", &policy)) small { (v.word("drift", &format!("{policy}-about"))) } },
        )]))
        @if lines.is_empty() { (parts::empty("grid", &v.t("schema-none"), &v.t("schema-none-about"), &html! {})) }
        @else { (parts::table(&v.t("schema-fields"), &columns, &lines)) }
    }
}

/// The types in words. That a field may be empty says something only where nothing else is known of it.
fn types(v: &Visit, types: &[FieldType]) -> Markup {
    let of_values: Vec<_> = types.iter().filter(|one| **one != FieldType::Null).collect();
    let has_all = [FieldType::Boolean, FieldType::Number, FieldType::String, FieldType::Array, FieldType::Object]
        .iter()
        .all(|one| types.contains(one));
    let words: Vec<_> = of_values.iter().map(|one| v.word("type", one.word())).collect();
    html! {
        @if has_all { (v.t("type-any")) } @else if words.is_empty() { (v.t("type-null")) } @else { (words.join(", ")) }
    }
}
