//! What became of the records that rules were tried on.

use maud::{Markup, html};
use serde_json::Value;

use super::editor::pretty;
use super::rule_lines::line_of;
use crate::console::parts::{Tone, badge};
use crate::console::visit::Visit;

/// Each record as it would be written, or why it would not.
pub(super) fn tried(v: &Visit, typed: Option<&[(String, String)]>) -> Markup {
    let Some(given) = v.answered("mapping try") else { return Markup::default() };
    let rules = typed.and_then(|fields| fields.iter().find(|(name, _)| name == "rules"));
    let rules = rules.map_or("", |(_, text)| text.as_str());
    let items = given["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        div.tried role="status" {
            h3 { (v.t("editor-tried")) }
            @if items.is_empty() { p { (v.t("editor-tried-none")) } }
            @for item in items { (outcome(v, item, rules)) }
        }
    }
}

fn outcome(v: &Visit, item: &Value, rules: &str) -> Markup {
    let word = item["outcome"].as_str().unwrap_or_default();
    let tone = match word {
        "written" => Tone::Good,
        "rejected" => Tone::Bad,
        _ => Tone::Mute,
    };
    let line = item["at"].as_str().and_then(|at| line_of(rules, at));
    html! {
        p {
            (badge(tone, &v.word("outcome", word)))
            @if let Some(line) = line { " " strong { (v.say("editor-line", &[("line", line.into())])) } }
            @if let Some(message) = item["message"].as_str() { " " (v.language.said(message)) }
            @if let Some(code) = item["code"].as_str() { " " code { (code) } }
        }
        @if let Some(record) = item["record"].as_str() { pre tabindex="0" { (pretty(record)) } }
    }
}
