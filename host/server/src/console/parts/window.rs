//! From when to when: shown with its last moment, and asked for by days.

use maud::{Markup, html};
use weighbridge::account::{At, WindowView};

use super::super::visit::Visit;
use super::Ask;

/// From when to when, with the last moment inside beside the end.
pub(crate) fn window(v: &Visit, window: &WindowView) -> Markup {
    let zone = v.zone.name();
    html! {
        @if window.start.is_none() && window.end.is_none() { (v.t("window-always")) }
        @if let Some(start) = window.start { span { (v.say("window-begins", &[("instant", v.at(start).into())])) } " " }
        @if let Some(end) = window.end {
            strong { (v.say("window-last", &[("instant", v.at(minute_before(end)).into())])) } " "
            small { (v.say("window-ends", &[("instant", v.at(end).into()), ("zone", zone.into())])) }
        }
    }
}

fn minute_before(at: At) -> At {
    At(at.0.plus_millis(-60_000))
}

/// The two days of a window. One that is no midnight keeps its instant as it is.
pub(crate) fn window_fields(ask: &Ask<'_>, window: Option<&WindowView>) -> Markup {
    let (start, end) = (window.and_then(|one| one.start), window.and_then(|one| one.end));
    let side = |name: &'static str, label: &str, at: Option<At>| {
        let zone = ask.zone();
        let words = at.map(|at| zone.civil_words(at.0));
        let field = ask.field(name, label);
        match words.as_deref().map(|words| words.split_once(' ').unwrap_or((words, ""))) {
            Some((day, "00:00")) => field.value(day).date(),
            Some(_) => field.value(at.map(|at| at.0.to_string()).unwrap_or_default()).text(),
            None => field.date(),
        }
    };
    ask.group(
        "window",
        &html! {
            div.pair { (side("window.start", "window-start", start)) (side("window.end", "window-end", end)) }
            input type="hidden" name="window:json" value="{}";
            p.hint { (ask.say("window-hint", &[("zone", ask.zone().name().into())])) }
        },
    )
}
