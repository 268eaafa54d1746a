//! The mapping editor: what comes, the rules, and what is wanted; tried on a record before anything moves by it.

use maud::{Markup, html};
use serde_json::{Value, json};
use weighbridge::account::{EndpointView, MappingEnds, MappingFields, MappingView, StreamFields};
use weighbridge::model::access::kinds;
use weighbridge::model::endpoint::Direction;
use weighbridge::model::id::{EndpointId, MappingId};
use weighbridge::model::problem::Problem;

use super::Part;
use super::mappings::used_by;
use super::rule_lines::{line_of, written};
use super::rule_rows::rows;
use super::tried_records::tried;
use crate::console::parts::{self, Ask, Tone, badge, icon};
use crate::console::screen::{Drawn, Screen};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    let at = |end: &str| format!("/console/customers/{{customer}}/mappings/{end}");
    let to = |v: &Visit, given: &Value| format!("{}/mappings/{}", v.home(), given["id"].as_str().unwrap_or_default());
    let editor = |screen: Screen| screen.leads("mapping set", to, "mapping-saved").tries("mapping try");
    vec![editor(Screen::new(at("new"), new)), editor(Screen::new(at("{mapping}"), edit))]
}

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::TransfersChange>()?;
    draw(&v, None).await
}

async fn edit(v: Visit) -> Drawn {
    let version = v.asks("version").and_then(|text| text.parse().ok());
    let one = v.engine.mapping(&v.may::<kinds::TransfersRead>()?, v.id::<MappingId>("mapping")?, version)?;
    draw(&v, Some(&one)).await
}

async fn draw(v: &Visit, one: Option<&MappingView>) -> Drawn {
    let above = [(format!("{}/mappings", v.home()), v.t("tab-mappings"))];
    let title = one.map_or_else(|| v.t("mappings-new"), |one| one.name.clone());
    let badge = one.map(|one| badge(Tone::Mute, &v.say("mapping-version-is", &[("version", one.version.into())])));
    let part = Part { above: &above, about: Some(v.t("editor-about")), badge, ..Part::new("mappings", "", title) };
    let endpoints = v.engine.endpoints(&v.may::<kinds::TransfersRead>()?)?.items;
    let ends = ends(v, one, &endpoints)?;
    let fields = match ends {
        Some(ends) => Some(v.engine.mapping_fields(&v.may::<kinds::TransfersRead>()?, ends).await?),
        None => None,
    };
    let is_bare = fields.as_ref().is_none_or(|of| of.source.fields.is_empty() && of.destination.fields.is_empty());
    let body = html! {
        @if let Some(one) = one { (standing(v, one)) }
        (choose(v, &endpoints, ends))
        div.editor.is-bare[is_bare] {
            @match &fields {
                Some(fields) => (stream(v, &v.t("side-source"), &fields.source)),
                None => (parts::card(&v.t("side-source"), &html! { p.muted { (v.t("editor-choose")) } })),
            }
            (middle(v, one, fields.as_ref()))
            @match &fields {
                Some(fields) => (stream(v, &v.t("side-destination"), &fields.destination)),
                None => (parts::card(&v.t("side-destination"), &html! { p.muted { (v.t("editor-choose")) } })),
            }
        }
        @if let Some(one) = one { (versions(v, one)) }
    };
    part.sheet(v, &body)
}

/// Between which endpoints: those that were asked for, or those of a transfer that uses it, or the only ones.
fn ends(v: &Visit, one: Option<&MappingView>, endpoints: &[EndpointView]) -> Result<Option<MappingEnds>, Problem> {
    let asked = |name: &str| v.asks(name).and_then(|text| text.parse::<EndpointId>().ok());
    if let (Some(source), Some(destination)) = (asked("source"), asked("destination")) {
        return Ok(Some(MappingEnds { source, destination }));
    }
    let transfers = v.engine.transfers(&v.may::<kinds::TransfersRead>()?)?.items;
    let using = one.and_then(|one| transfers.iter().find(|transfer| transfer.mapping_id == Some(one.id)));
    let named = |name: &str| endpoints.iter().find(|one| one.name == name).map(|one| one.id);
    let first = |direction: Direction| endpoints.iter().find(|one| one.direction == direction).map(|one| one.id);
    let (source, destination) = match using {
        Some(transfer) => (named(&transfer.source), named(&transfer.destination)),
        None => (first(Direction::Source), first(Direction::Destination)),
    };
    Ok(source.zip(destination).map(|(source, destination)| MappingEnds { source, destination }))
}

/// What there is to know before it is changed.
fn standing(v: &Visit, one: &MappingView) -> Markup {
    let newest = one.versions.first().map_or(one.version, |newest| newest.version);
    let numbers = [("version", one.version.into()), ("newest", newest.into())];
    html! {
        @if newest != one.version { (parts::notice(Tone::Warn, &html! { p { (v.say("mapping-older", &numbers)) } })) }
        @if !v.can::<kinds::TransfersChange>() { (parts::whom_to_ask(v, "ask-tenant-admin")) }
    }
}

fn choose(v: &Visit, endpoints: &[EndpointView], ends: Option<MappingEnds>) -> Markup {
    let select = |name: &str, direction: Direction, now: Option<EndpointId>| {
        html! {
            div.field { label for={ "f-" (name) } { (v.word("side", name)) }
                select #{ "f-" (name) } name=(name) {
                    @for one in endpoints.iter().filter(|one| one.direction == direction) {
                        option value=(one.id) selected[Some(one.id) == now] { (one.name) }
                    }
                } }
        }
    };
    html! {
        form.card method="get" {
            div.filter {
                (select("source", Direction::Source, ends.map(|ends| ends.source)))
                (select("destination", Direction::Destination, ends.map(|ends| ends.destination)))
                @if let Some(version) = v.asks("version") { input type="hidden" name="version" value=(version); }
                button.button { (v.t("editor-show-fields")) }
            }
        }
    }
}

/// The fields of a stream, as its system describes them.
fn stream(v: &Visit, title: &str, of: &StreamFields) -> Markup {
    let silence = || match (&of.stands_still, &of.code) {
        (Some(why), _) => parts::sentence(v.language, &why.code),
        (None, Some(_)) => v.t("editor-not-told"),
        (None, None) if of.stream.is_none() => v.t("endpoint-needs-place"),
        (None, None) => v.t("editor-not-described"),
    };
    parts::card(
        title,
        &html! {
            p.muted { (of.name) @if let Some(stream) = &of.stream { " · " (stream) } }
            @if of.fields.is_empty() { p { (silence()) } }
            @else {
                ul.fields tabindex="0" aria-label=(title) {
                    @for field in &of.fields {
                        li {
                            code { (field.path) }
                            @if field.primary_key { span.tag { (v.t("editor-key")) } }
                            @else if field.required { span.tag { (v.t("editor-required")) } }
                            small { (field.types.iter().filter(|kind| *kind != "null").cloned().collect::<Vec<_>>().join(", "))
                                @if !field.about.is_empty() { " · " (field.about) } }
                        }
                    }
                }
            }
        },
    )
}

/// The rules, and the record that they are tried on.
fn middle(v: &Visit, one: Option<&MappingView>, fields: Option<&MappingFields>) -> Markup {
    let beginning = json!({ "keep": "mapped", "rules": [{ "copy": "/id" }] });
    let text = written(one.map_or(&beginning, |one| &one.rules));
    if !v.can::<kinds::TransfersChange>() {
        return html! { section.card { h2 { (v.t("editor-rules")) } pre tabindex="0" { (text) } (sample(v, fields)) } };
    }
    let can_try = v.can::<kinds::RecordsRead>();
    let ask = Ask::new(v, "mapping set");
    let ask = if can_try { ask.also("mapping try") } else { ask };
    let ask = match one {
        Some(one) => ask.with("name", &one.name),
        None => ask,
    };
    let record =
        fields.and_then(|fields| fields.sample.as_ref()).map(|sample| pretty(&sample.record)).unwrap_or_default();
    html! {
        section.card {
            h2 { (v.t("editor-rules")) }
            (wrong_lines(v))
            (ask.form_wide(&html! {
                @if one.is_none() { (ask.field("name", "customers-name").hint("transfer-name-hint").required().text()) }
                (rows(v, fields))
                details.as-text open {
                    summary { (v.t("editor-as-text")) }
                    (ask.field("rules", "editor-rules").hint("editor-rules-hint").required().value(text).area(14))
                }
                @if can_try {
                    (ask.field("samples:several", "editor-sample").hint(sample_hint(fields)).value(record).area(8))
                }
                @if one.is_some_and(|one| !one.used_by.is_empty()) { (ask.field("apply", "editor-apply").hint("editor-apply-hint").check()) }
                div.row {
                    button.button.primary { (v.t(if one.is_some() { "editor-save" } else { "mappings-make" })) }
                    (ask.trial("editor-try"))
                }
            }))
            @if !can_try { (sample(v, fields)) }
            (tried(v, v.typed_into(&["mapping try"])))
        }
    }
}

/// What is wrong, by the lines of the text as it was typed.
fn wrong_lines(v: &Visit) -> Markup {
    let Some(entered) = &v.entered else { return Markup::default() };
    let text = entered.fields.iter().find(|(name, _)| name == "rules").map_or("", |(_, text)| text.as_str());
    let found = entered.problem.errors.iter().filter_map(|wrong| {
        let pointer = wrong.at.strip_prefix("rules")?;
        Some((line_of(text, pointer)?, pointer.split('/').nth(2)?.to_owned(), v.language.said(&wrong.what)))
    });
    let found: Vec<_> = found.collect();
    html! {
        @if !found.is_empty() {
            ul.wrong-lines data-wrong-rules=(found.iter().map(|(_, rule, _)| rule.as_str()).collect::<Vec<_>>().join(",")) {
                @for (line, _, what) in &found {
                    li { (icon("warn")) span { strong { (v.say("editor-line", &[("line", (*line).into())])) } " " (what) } }
                }
            }
        }
    }
}

fn sample_hint(fields: Option<&MappingFields>) -> &'static str {
    use weighbridge::account::SampleKind;
    match fields.and_then(|fields| fields.sample.as_ref()).map(|sample| sample.kind) {
        Some(SampleKind::Example) => "editor-sample-example",
        Some(SampleKind::Kept) => "editor-sample-kept",
        None => "editor-sample-own",
    }
}

/// The record for whoever may not try: without its contents where these are not for them.
fn sample(v: &Visit, fields: Option<&MappingFields>) -> Markup {
    let sample = fields.and_then(|fields| fields.sample.as_ref());
    html! {
        @if let Some(sample) = sample {
            h3 { (v.t("editor-sample")) }
            @if sample.redacted { p.muted { (v.t("editor-sample-redacted")) } }
            pre tabindex="0" { (pretty(&sample.record)) }
        }
        (parts::whom_to_ask(v, "ask-who-sees-records"))
    }
}

/// A record on several lines. Its numbers stay as they are written, so that none loses a digit.
pub(super) fn pretty(record: &str) -> String {
    let (mut text, mut depth, mut in_text, mut is_escaped) = (String::new(), 0_usize, false, false);
    let line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    };
    for one in record.chars() {
        if in_text {
            text.push(one);
            (in_text, is_escaped) = (is_escaped || one != '"', !is_escaped && one == '\\');
            continue;
        }
        match one {
            '{' | '[' => {
                depth += 1;
                text.push(one);
                line(&mut text, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut text, depth);
                text.push(one);
            }
            ',' => {
                text.push(one);
                line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            one if one.is_whitespace() => {}
            one => {
                in_text = one == '"';
                text.push(one);
            }
        }
    }
    text
}

fn versions(v: &Visit, one: &MappingView) -> Markup {
    let body = html! {
        ul.plain { @for version in &one.versions { li {
            @if version.version == one.version { strong { (v.say("mapping-version-is", &[("version", version.version.into())])) } }
            @else { a href={ (v.path) "?version=" (version.version) } { (v.say("mapping-version-is", &[("version", version.version.into())])) } }
            " " small { (v.at(version.created_at)) }
        } } }
    };
    html! { div.columns { (parts::card(&v.t("mapping-versions"), &body)) (parts::card(&v.t("used-by"), &used_by(v, one))) } }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn a_record_stands_on_several_lines_with_every_digit() {
        let expected =
            "{\n  \"id\": 12345678901234567890.10,\n  \"a\": \"x, \\\"{\",\n  \"l\": [\n    1,\n    2\n  ]\n}";
        assert_eq!(pretty(r#"{"id":12345678901234567890.10, "a":"x, \"{","l":[1,2]}"#), expected);
    }
}
