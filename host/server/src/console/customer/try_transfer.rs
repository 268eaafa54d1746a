//! Trying a transfer: what its next run would move first, read and shaped here and delivered nowhere.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::model::access::kinds;
use weighbridge::model::problem::Problem;

use super::Part;
use super::editor::pretty;
use super::transfer::{above, found};
use super::transfers::why;
use crate::console::parts::{self, Ask, Column, Tone};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

/// The operation, whose answer stands on the page.
const TRY: &str = "transfer try";

pub(super) fn screens() -> Vec<Screen> {
    both("/transfers/{transfer}/try", |path| Screen::new(path, show).tries(TRY))
}

async fn show(v: Visit) -> Drawn {
    let one = found(&v)?;
    let above = above(&v, Some(&one));
    let part =
        Part { above: &above, about: Some(v.t("try-about")), ..Part::new("transfers", "my-transfers", v.t("try")) };
    if !v.can::<kinds::RecordsRead>() {
        return part.sheet(&v, &parts::whom_to_ask(&v, "ask-who-sees-records"));
    }
    let told = v.engine.explain_transfer(&v.may::<kinds::TransfersRead>()?, one.id, None)?;
    let (sign, text) = if v.answered(TRY).is_some() { ("", "try-again") } else { ("primary", "try-now") };
    let body = html! {
        @if told.allowed {
            (parts::card("", &html! {
                p { (v.t("try-what")) }
                div.row { (Ask::new(&v, TRY).button(sign, "play", &v.t(text))) }
            }))
        } @else { (why(&v, &told)) }
        @if let Some(given) = v.answered(TRY) { div.stack role="status" { (tried(&v, given)?) } }
    };
    part.sheet(&v, &body)
}

/// What came of it: numbers, the first records, and what the mapping would reject.
fn tried(v: &Visit, given: &Value) -> Result<Markup, Problem> {
    let count = |name: &str| given[name].as_u64().unwrap_or_default();
    let figures = [
        ("run-read", v.n(count("read"))),
        ("try-delivered", v.n(count("delivered"))),
        ("run-filtered", v.n(count("filtered"))),
        ("run-discarded", v.n(count("discarded"))),
        ("run-rejected", v.n(count("rejected"))),
        ("run-bytes", v.language.bytes(count("bytes"))),
        ("run-requests", v.n(count("requests"))),
    ];
    let items = |name: &str| given[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let more = if given["more"] == true { "try-more" } else { "try-no-more" };
    let nothing = parts::empty("run", &v.t("try-nothing"), &v.t("try-nothing-about"), &Markup::default());
    let mapping = found(v)?.mapping_id.filter(|_| !v.is_customers());
    Ok(html! {
        (parts::notice(Tone::Good, &html! { p { strong { (v.t("try-not-delivered")) } " " (v.t(more)) } }))
        div.figures { @for (key, figure) in &figures { div { b { (figure) } span { (v.t(key)) } } } }
        @for (name, key) in [("learns", "try-learns"), ("drifted", "try-drifted")] {
            @let fields = items(name).iter().filter_map(Value::as_str).collect::<Vec<_>>();
            @if !fields.is_empty() { (parts::notice(Tone::Warn, &html! { p { (v.t(key)) " " code { (fields.join(", ")) } } })) }
        }
        @if count("read") == 0 { div.card { (nothing) } }
        @if !items("rejections").is_empty() {
            @let edit = html! { @if let Some(id) = mapping { (parts::link(&format!("{}/mappings/{id}", v.home()), "edit", &v.t("try-mapping"))) } };
            (parts::card_with(&v.t("try-rejections"), &edit, &rejections(v, items("rejections"))))
        }
        @if !items("records").is_empty() { (parts::card(&v.t("try-records"), &records(v, items("records"), count("delivered")))) }
    })
}

/// The first records as they would be handed over; the first of them is open.
fn records(v: &Visit, records: &[Value], all: u64) -> Markup {
    let shown = [("shown", v.n(records.len()).into()), ("all", v.n(all).into())];
    html! {
        p.hint { (v.say("try-records-shown", &shown)) }
        @for (at, record) in records.iter().filter_map(Value::as_str).enumerate() {
            details.more open[at == 0] {
                summary { (v.say("try-record", &[("number", v.n(at + 1).into())])) }
                pre tabindex="0" { (pretty(record)) }
            }
        }
    }
}

fn rejections(v: &Visit, rejections: &[Value]) -> Markup {
    let columns = ["rejected-why", "rejected-record"].map(|key| Column::new(v.t(key)));
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let line = |one: &Value| {
        vec![
            html! { (v.language.said(&text(one, "message"))) small.code { (text(one, "code")) } },
            html! { code.record { (text(one, "record")) } },
        ]
    };
    parts::table(&v.t("try-rejections"), &columns, &rejections.iter().map(line).collect::<Vec<_>>())
}
