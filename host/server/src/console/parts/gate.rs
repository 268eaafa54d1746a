//! What each level says of whether something moves, from the outside in.

use maud::{Markup, html};

use super::super::visit::Visit;
use super::{Tone, badge, sentence};

/// What one level says: its name as the engine writes it, the code of a no, and when that changes.
type Said<'a> = (&'a str, Option<&'a str>, Option<weighbridge::account::At>);

/// Every level with its answer.
pub(crate) fn said_by_levels<'a>(v: &Visit, levels: impl Iterator<Item = Said<'a>>) -> Markup {
    html! {
        ul.steps {
            @for (name, code, until) in levels {
                li {
                    div {
                        strong { (level(v, name)) }
                        @if let Some(code) = code { small { (sentence(v.language, code)) } }
                        @if let Some(until) = until { small { (v.say("until-instant", &[("instant", v.at(until).into())])) } }
                    }
                    (badge(if code.is_none() { Tone::Good } else { Tone::Bad }, &v.t(if code.is_none() { "gate-yes" } else { "gate-no" })))
                }
            }
        }
    }
}

/// A level as people read it: `connection (source)` is the used system that is read.
pub(crate) fn level(v: &Visit, name: &str) -> String {
    let (level, side) = name.split_once(" (").map_or((name, ""), |(level, side)| (level, side.trim_end_matches(')')));
    let word = v.word("gate-level", &level.replace(' ', "-"));
    if side.is_empty() { word } else { format!("{word} ({})", v.word("gate-side", side)) }
}
