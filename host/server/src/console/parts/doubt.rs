//! A batch in doubt in a list: since when, what of it is on hold, how far it had come, and what it waits for.

use maud::{Markup, html};
use weighbridge::account::{DoubtHeld, WaitsFor};

use super::super::visit::Visit;
use super::{Column, Tone, badge, sentence_and_step, worded};

/// The columns of what every list of them says.
pub(crate) fn doubt_columns(v: &Visit) -> Vec<Column> {
    ["doubt-since", "on-hold", "doubt-how-far", "doubt-waits"].map(|key| Column::new(v.t(key))).into()
}

/// The cells under them.
pub(crate) fn doubt_cells(v: &Visit, held: &DoubtHeld) -> Vec<Markup> {
    let hold = [("records", v.n(held.records).into()), ("bytes", v.language.bytes(held.bytes).into())];
    let (tone, far) = if held.dispatched { (Tone::Warn, "doubt-dispatched") } else { (Tone::Mute, "doubt-held") };
    vec![
        html! { (v.at(held.since)) small { (v.language.distance(v.now, held.since.0)) } },
        html! { (v.say("doubt-on-hold", &hold)) },
        badge(tone, &v.t(far)),
        waits(v, held),
    ]
}

fn waits(v: &Visit, held: &DoubtHeld) -> Markup {
    let Some(code) = held.code.as_ref().filter(|_| held.waits_for == WaitsFor::Gate) else {
        return html! { (v.word("doubt-waits", &worded(&held.waits_for))) };
    };
    let (sentence, next) = sentence_and_step(v, code);
    html! {
        (sentence) " " (next)
        @if let Some(at) = held.until { small { (v.say("until-instant", &[("instant", v.at(at).into())])) } }
        small.code { (code) }
    }
}
