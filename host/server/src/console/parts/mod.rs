//! What pages are made of: one look for each thing that a page can say. `/console/design` shows all of them.

mod amounts;
mod ask;
mod doubt;
mod gate;
mod icon;
mod list;
mod quota;
mod settings;
mod told;
mod window;

use maud::{Markup, html};

pub(crate) use amounts::{allowance, amount, columns};
pub(crate) use ask::Ask;
pub(crate) use doubt::{doubt_cells, doubt_columns};
pub(crate) use gate::{level, said_by_levels};
pub(crate) use icon::icon;
pub(crate) use list::{Column, address, pager, table};
pub(crate) use quota::{granted, quota_fields, used_of};
pub(crate) use settings::{AskedSettings, secret_fields, setting_fields};
pub(crate) use told::{next_step, problem_notice, sentence, sentence_and_step, told, wrongs};

pub(crate) use window::{window, window_fields};

use super::texts::Language;
use super::visit::Visit;

/// How something stands, at a glance. The word beside it says the same to whoever sees no colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// It works.
    Good,
    /// It wants somebody.
    Warn,
    /// It does not work.
    Bad,
    /// It is at it.
    Busy,
    /// Nothing to say.
    Mute,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Busy => "busy",
            Self::Mute => "mute",
        }
    }
}

/// A word of the API, as it is written there.
pub(crate) fn worded(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A word for how something stands.
pub(crate) fn badge(tone: Tone, text: &str) -> Markup {
    html! { span.badge.(tone.class()) { (text) } }
}

/// The head of a page: where it is, what it is, and what can be done.
pub(crate) struct Head<'a> {
    /// The pages above it: address and name.
    pub(crate) above: &'a [(String, String)],
    pub(crate) title: &'a str,
    /// A sentence of what it is for.
    pub(crate) about: Option<&'a str>,
    /// How the thing stands.
    pub(crate) badge: Option<Markup>,
    /// Links and buttons.
    pub(crate) actions: Markup,
}

impl<'a> Head<'a> {
    pub(crate) fn new(title: &'a str) -> Self {
        Self { above: &[], title, about: None, badge: None, actions: Markup::default() }
    }

    pub(crate) fn show(&self, visit: &Visit) -> Markup {
        self.around(visit, "crumbs", &html! { h1 { (self.title) } })
    }

    /// The same below the head of what the page is a part of.
    pub(crate) fn second(&self, visit: &Visit) -> Markup {
        self.around(visit, "crumbs-part", &html! { h2.part { (self.title) } })
    }

    fn around(&self, visit: &Visit, crumbs: &str, heading: &Markup) -> Markup {
        html! {
            div.head {
                @if !self.above.is_empty() {
                    nav.crumbs aria-label=(visit.t(crumbs)) {
                        @for (path, name) in self.above { a href=(path) { (name) } (icon("next")) }
                    }
                }
                div.head-row {
                    div {
                        div.title { (heading) @if let Some(badge) = &self.badge { (badge) } }
                        @if let Some(about) = self.about { p.lead { (about) } }
                    }
                    div.actions { (self.actions) }
                }
            }
        }
    }
}

/// A part of a page under a heading of its own.
pub(crate) fn card(title: &str, body: &Markup) -> Markup {
    html! { section.card { @if !title.is_empty() { h2 { (title) } } (body) } }
}

/// A part of a page with links beside its heading.
pub(crate) fn card_with(title: &str, actions: &Markup, body: &Markup) -> Markup {
    html! { section.card { div.card-head { h2 { (title) } div.actions { (actions) } } (body) } }
}

/// What is said beside the rest.
pub(crate) fn notice(tone: Tone, body: &Markup) -> Markup {
    let sign = match tone {
        Tone::Good => "good",
        Tone::Warn | Tone::Bad => "warn",
        Tone::Busy | Tone::Mute => "info",
    };
    html! { div.notice.(tone.class()) { (icon(sign)) div { (body) } } }
}

/// Where nothing is yet, and what to do about it.
pub(crate) fn empty(sign: &str, title: &str, about: &str, action: &Markup) -> Markup {
    html! { div.empty { (icon(sign)) h3 { (title) } p { (about) } (action) } }
}

/// Facts, each under its name.
pub(crate) fn facts(facts: &[(String, Markup)]) -> Markup {
    html! { dl.facts { @for (name, fact) in facts { div { dt { (name) } dd { (fact) } } } } }
}

/// What something is for, one below the other.
pub(crate) fn purposes_plain<'a>(language: Language, purposes: impl Iterator<Item = &'a str>) -> Markup {
    html! { ul.functions { @for one in purposes.filter(|one| !one.is_empty()) { li { (language.said(one)) } } } }
}

/// A link that looks like a button.
pub(crate) fn link(path: &str, sign: &str, text: &str) -> Markup {
    html! { a.button href=(path) { (icon(sign)) (text) } }
}

/// The link to what a page is for.
pub(crate) fn primary(path: &str, sign: &str, text: &str) -> Markup {
    html! { a.button.primary href=(path) { (icon(sign)) (text) } }
}

/// Parts of a thing, each on a page of its own: address, name, whether it is this one.
pub(crate) fn tabs(label: &str, tabs: &[(String, String, bool)]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for (path, name, is_here) in tabs { a href=(path) aria-current=[is_here.then_some("page")] { (name) } }
        }
    }
}

/// A text that is copied whole: with scripts by one press, without them by hand.
pub(crate) fn copied(visit: &Visit, id: &str, label: &str, text: &str) -> Markup {
    html! {
        div.copied {
            div.copied-head {
                label for=(id) { (label) }
                button.button.small type="button" data-copy=(id) hidden { (icon("copy")) (visit.t("copy")) }
            }
            textarea #(id) readonly rows=(text.lines().count().clamp(1, 24)) spellcheck="false" { (text) }
        }
    }
}

/// Whom to ask for what one may not do oneself.
pub(crate) fn whom_to_ask(visit: &Visit, key: &str) -> Markup {
    html! { p.whom { (icon("info")) (visit.t(key)) } }
}
