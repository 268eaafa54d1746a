//! Ranges of a transfer that are, or were, moved once more, and asking for another one.

use maud::{Markup, html};
use weighbridge::account::{BackfillView, TransferView};
use weighbridge::model::access::kinds;
use weighbridge::model::transfer::WriteMode;

use super::Part;
use super::runs::{reason, run_badge};
use super::transfer::{above, found};
use crate::console::parts::{self, Ask, Column, Tone, badge};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    both("/transfers/{transfer}/again", |path| {
        Screen::new(path, show).follows("backfill list").does("backfill begin", "backfill-begun")
    })
}

async fn show(v: Visit) -> Drawn {
    let one = found(&v)?;
    let above = above(&v, Some(&one));
    let part = Part {
        above: &above,
        about: Some(v.t("backfill-about")),
        ..Part::new("transfers", "my-transfers", v.t("backfill"))
    };
    let items = v.engine.backfills(&v.may::<kinds::TransfersRead>()?, one.id)?.items;
    let none = parts::empty("time", &v.t("backfills-none"), &v.t("backfills-none-about"), &Markup::default());
    let body = html! {
        (new(&v, &one))
        div data-live="backfills" {
            @if items.is_empty() { div.card { (none) } }
            @else { (parts::card(&v.t("backfills"), &table(&v, &items))) }
        }
    };
    part.sheet(&v, &body)
}

/// What it means, and the days; where a range cannot be moved by itself, why not.
fn new(v: &Visit, one: &TransferView) -> Markup {
    if !v.can::<kinds::TransfersRun>() {
        let whom = if v.is_customers() { "ask-customer-admin-sync" } else { "ask-tenant-admin" };
        return parts::whom_to_ask(v, whom);
    }
    if one.write == WriteMode::Overwrite {
        return parts::notice(Tone::Mute, &html! { p { (v.t("backfill-overwrites")) } });
    }
    let ask = Ask::new(v, "backfill begin");
    let twice = if one.write == WriteMode::Append { "backfill-appends" } else { "backfill-upserts" };
    let fields = html! {
        p { (v.t("backfill-counts")) " " (v.t(twice)) }
        div.pair {
            (ask.field("since", "backfill-since").hint("backfill-since-hint").date())
            (ask.field("until", "backfill-until").hint("backfill-until-hint").date())
        }
        p.hint { (v.say("backfill-zone", &[("zone", v.zone.name().into())])) }
        (ask.send("backfill-begin"))
    };
    parts::card(&v.t("backfill-new"), &ask.form(&fields))
}

fn table(v: &Visit, items: &[BackfillView]) -> Markup {
    let mut columns: Vec<_> =
        ["backfill-range", "status", "backfill-at", "backfill-run"].map(|key| Column::new(v.t(key))).into();
    columns.push(Column::number(v.t("run-delivered")));
    let line = |one: &BackfillView| {
        vec![
            html! { (range(v, one)) },
            html! {
                @match &one.state { Some(state) => (run_badge(v, state)), None => (badge(Tone::Busy, &v.t("backfill-waits"))) }
                @if let Some(code) = &one.code { small { (reason(v, code)) } }
            },
            html! { (v.at(one.at)) },
            html! { @match one.run { Some(run) => a href={ (v.home()) "/runs/" (run) } { (v.t("events-run-show")) }, None => "–" } },
            html! { (v.n(one.delivered)) },
        ]
    };
    parts::table(&v.t("backfills"), &columns, &items.iter().map(line).collect::<Vec<_>>())
}

/// From which day on, and before which.
fn range(v: &Visit, one: &BackfillView) -> String {
    let since = one.since.map_or_else(|| v.t("backfill-from-first"), |at| v.at(at));
    let until = one.until.map_or_else(|| v.t("backfill-to-last"), |at| v.at(at));
    v.say("backfill-range-is", &[("since", since.into()), ("until", until.into())])
}
