//! Sync now, on a connected system: everything that moves over it and may run, or why nothing may.

use maud::{Markup, html};
use weighbridge::account::{ConnectionView, TransferOver};
use weighbridge::model::access::kinds;
use weighbridge::model::problem::Problem;

use super::whose::Whose;
use crate::console::parts::{self, Ask, Tone, badge};
use crate::console::visit::Visit;

/// The operation, which a page with this button carries out.
pub(super) const SYNC: &str = "connection sync";

/// The button, what runs already, or why nothing may run now. Where nothing moves over the system, there is nothing to say.
pub(super) fn sync_now(v: &Visit, one: &ConnectionView, class: &str) -> Result<Markup, Problem> {
    if Whose::of(v) == Whose::Own || !v.can::<kinds::TransfersRead>() || !v.can::<kinds::TransfersRun>() {
        return Ok(Markup::default());
    }
    let over = v.engine.transfers_over(&v.may::<kinds::TransfersRead>()?, one.id)?.items;
    let text = if v.is_customers() { "sync-now" } else { "run-now" };
    Ok(match over.iter().find(|one| one.allowed && !one.running) {
        Some(_) => Ask::new(v, SYNC).with("connection", one.id).button(class, "play", &v.t(text)),
        None if over.iter().any(|one| one.running) => badge(Tone::Busy, &v.word("transfer", "running")),
        None if one.stands_still.is_some() => Markup::default(),
        None => why_not(v, &over),
    })
}

fn why_not(v: &Visit, over: &[TransferOver]) -> Markup {
    let why = |one: &TransferOver| {
        let (sentence, next) = parts::sentence_and_step(v, one.code.as_deref()?);
        Some(html! { strong { (one.name) } ": " (sentence) " " (next) })
    };
    html! { @if let Some(why) = over.iter().find_map(why) { p.muted { small { (v.t("sync-not-now")) " " (why) } } } }
}
