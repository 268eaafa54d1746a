//! What can be connected, by category.

use std::collections::BTreeMap;

use maud::{Markup, html};
use weighbridge::account::PlatformView;

use super::Part;
use super::system::{purposes, sign};
use super::whose::Whose;
use crate::console::parts;
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    let mut all = both("/connect", |path| Screen::new(path, list));
    all.push(Screen::new("/console/own/connect", list));
    all
}

async fn list(v: Visit) -> Drawn {
    let whose = Whose::of(&v);
    let found = whose.platforms(&v).await?;
    let mut categories: BTreeMap<String, Vec<&PlatformView>> = BTreeMap::new();
    for one in &found {
        let first = one.categories.first().cloned().unwrap_or_else(|| "other".to_owned());
        categories.entry(first).or_default().push(one);
    }
    let above = [(whose.list(&v), whose.title(&v))];
    let part = Part { about: Some(v.t("platforms-about")), above: &above, ..whose.part(v.t("platforms")) };
    let body = html! {
        @if found.is_empty() { div.card { (parts::empty("plug", &v.t("platforms-none"), &v.t("platforms-none-about"), &Markup::default())) } }
        @for (category, platforms) in &categories {
            section.stack {
                h2 { (category_name(&v, category)) }
                div.cards { @for one in platforms { (card(&v, one)) } }
            }
        }
    };
    part.sheet(&v, &body)
}

/// A category's name; one that the texts do not know is shown as its connector wrote it.
pub(crate) fn category_name(v: &Visit, category: &str) -> String {
    let key = format!("category-{}", category.replace(['_', ' ', '/'], "-").to_lowercase());
    v.language.find(&key, &[]).unwrap_or_else(|| category.to_owned())
}

fn card(v: &Visit, one: &PlatformView) -> Markup {
    let can = Whose::of(v).can_enter(v) && (one.self_managed || !v.is_customers());
    html! {
        section.card {
            div.platform { (sign(&one.title)) div { h3 { (one.name) } small { (one.title) } } }
            p { (v.language.said(&one.summary)) }
            (purposes(v, one.functions.iter().map(|function| (function.direction, function.purpose.as_str()))))
            @if let Some(price) = &one.price { p { strong { (price) } } }
            @if !one.notice.is_empty() && v.is_customers() { p.muted { (v.language.said(&one.notice)) } }
            @if can { div.row { (parts::primary(&format!("{}/connect/{}", v.home(), one.integration), "plug", &v.t("platforms-connect"))) } }
            @else { (parts::whom_to_ask(v, "ask-partner-connect")) }
        }
    }
}
