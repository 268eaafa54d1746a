//! What moves: every transfer of a customer, how it stands, and when it ran and runs.

use std::collections::HashMap;

use maud::{Markup, html};
use weighbridge::account::{EndpointView, ExplainedView, TransferView};
use weighbridge::model::access::kinds;
use weighbridge::model::problem::Problem;
use weighbridge::model::tenant::Switch;

use super::Part;
use super::runs::run_badge;
use crate::console::parts::{self, Ask, Column, Tone, badge, icon};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    both("/transfers", |path| {
        Screen::new(path, list)
            .follows("transfer list")
            .does("transfer start", "transfer-started")
            .does("transfer switch", "switched")
    })
}

async fn list(v: Visit) -> Drawn {
    let may = v.may::<kinds::TransfersRead>()?;
    let found = v.engine.transfers(&may)?.items;
    let places = places(&v)?;
    let told: Vec<_> =
        found.iter().map(|one| v.engine.explain_transfer(&may, one.id, None)).collect::<Result<_, _>>()?;
    let can_change = v.can::<kinds::TransfersChange>();
    let home = v.home();
    let actions = html! {
        @if v.is_customers() { (parts::link(&format!("{home}/runs"), "run", &v.t("runs"))) }
        @if can_change { (parts::primary(&format!("{home}/transfers/new"), "add", &v.t("transfers-new"))) }
    };
    let title = v.t(if v.is_customers() { "nav-my-transfers" } else { "tab-transfers" });
    let about = v.t(if v.is_customers() { "my-transfers-about" } else { "transfers-about" });
    let part = Part { about: Some(about), actions, ..Part::new("transfers", "my-transfers", title) };
    let all: Vec<_> = found.iter().zip(&told).collect();
    let body = html! {
        div.stack data-live="transfers" {
            @if all.is_empty() { (none(&v, can_change)) }
            @else if v.is_customers() { div.cards { @for (one, told) in &all { (card(&v, one, told, &places)) } } }
            @else { (table(&v, &all, &places)) }
        }
        @if !can_change && !v.is_customers() { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
        @if v.is_customers() && !v.can::<kinds::TransfersRun>() { (parts::whom_to_ask(&v, "ask-customer-admin-sync")) }
    };
    part.sheet(&v, &body)
}

fn none(v: &Visit, can_change: bool) -> Markup {
    let about = if v.is_customers() { "my-transfers-none-about" } else { "transfers-none-about" };
    let action = html! { @if can_change { (parts::primary(&format!("{}/transfers/new", v.home()), "add", &v.t("transfers-new"))) } };
    html! { div.card { (parts::empty("run", &v.t("transfers-none"), &v.t(about), &action)) } }
}

fn table(v: &Visit, all: &[(&TransferView, &ExplainedView)], places: &Places) -> Markup {
    let columns = ["transfer", "route", "status", "last-run", "next-run", "actions"].map(|key| Column::new(v.t(key)));
    let line = |(one, told): &(&TransferView, &ExplainedView)| {
        vec![
            html! { a href=(path(v, one)) { (one.name) } @if let Some(mapping) = &one.mapping { small { (v.language.said(mapping)) } } },
            route(v, one, places),
            html! { (standing(v, one, told)) @if let Some(code) = stopped_by(one, told) { small { (parts::sentence_and_step(v, code).0) } } },
            last_run(v, one),
            next_run(v, one),
            html! { div.row { (run_now(v, one, "small")) (switch(v, one, "small")) } },
        ]
    };
    parts::table(&v.t("tab-transfers"), &columns, &all.iter().map(line).collect::<Vec<_>>())
}

/// The same for a customer's people.
fn card(v: &Visit, one: &TransferView, told: &ExplainedView, places: &Places) -> Markup {
    html! {
        section.card {
            div.card-head { h2 { a href=(path(v, one)) { (one.name) } } (standing(v, one, told)) }
            (route(v, one, places))
            @if stopped_by(one, told).is_some() { (why(v, told)) }
            (parts::facts(&[(v.t("last-run"), last_run(v, one)), (v.t("next-run"), next_run(v, one))]))
            div.row { (run_now(v, one, "")) }
        }
    }
}

/// The page of a transfer.
pub(super) fn path(v: &Visit, one: &TransferView) -> String {
    format!("{}/transfers/{}", v.home(), one.id)
}

/// A customer's endpoints by their names, which are unique.
pub(super) type Places = HashMap<String, EndpointView>;

pub(super) fn places(v: &Visit) -> Result<Places, Problem> {
    let found = v.engine.endpoints(&v.may::<kinds::TransfersRead>()?)?.items;
    Ok(found.into_iter().map(|one| (one.name.clone(), one)).collect())
}

/// From where to where: the systems, and the endpoints in them.
pub(super) fn route(v: &Visit, one: &TransferView, places: &Places) -> Markup {
    let end = |name: &str| {
        let system = places.get(name).and_then(|place| place.connection_label.clone());
        html! { span { (system.unwrap_or_else(|| v.t("system-needs-configuration"))) small { (name) } } }
    };
    html! { span.route { (end(&one.source)) (icon("next")) span.unseen { (v.t("route-to")) } (end(&one.destination)) } }
}

/// Why the next run would not begin, where nothing else says it already.
fn stopped_by<'a>(one: &TransferView, told: &'a ExplainedView) -> Option<&'a str> {
    told.code.as_deref().filter(|_| !one.running && one.switch == Switch::On)
}

/// How a transfer stands, in one word.
pub(super) fn standing(v: &Visit, one: &TransferView, told: &ExplainedView) -> Markup {
    let (tone, word) = match (one.running, one.switch) {
        (true, _) => (Tone::Busy, "running"),
        (_, Switch::Off) => (Tone::Mute, "off"),
        _ if one.suspended => (Tone::Bad, "suspended"),
        _ if !told.allowed => (Tone::Warn, "stands-still"),
        _ => (Tone::Good, "ready"),
    };
    badge(tone, &v.word("transfer", word))
}

/// Why it stands still, and whom to call.
pub(super) fn why(v: &Visit, told: &ExplainedView) -> Markup {
    let Some(code) = &told.code else { return Markup::default() };
    let (sentence, next) = parts::sentence_and_step(v, code);
    parts::notice(
        Tone::Warn,
        &html! {
            p { strong { (sentence) } " " (next) }
            @if v.is_customers() && let Some(ask) = &told.ask { p { (v.word("whom", ask)) } }
            @if let Some(at) = told.changes_at { p { (v.say("until-instant", &[("instant", v.at(at).into())])) } }
        },
    )
}

pub(super) fn last_run(v: &Visit, one: &TransferView) -> Markup {
    let Some(newest) = &one.newest_run else { return html! { span.muted { (v.t("never-run")) } } };
    html! {
        a href={ (v.home()) "/runs/" (newest.id) } { (run_badge(v, newest.state)) }
        @if let Some(at) = one.last_run { small { (v.language.distance(v.now, at.0)) } }
    }
}

pub(super) fn next_run(v: &Visit, one: &TransferView) -> Markup {
    html! {
        @match &one.schedule {
            Some(schedule) if schedule.paused => (badge(Tone::Mute, &v.t("schedule-paused"))),
            Some(schedule) if one.switch == Switch::On => @match schedule.next { Some(at) => (v.at(at)), None => (v.t("no-next-run")) },
            _ => span.muted { (v.t("no-next-run")) },
        }
    }
}

/// Runs it now, whoever may.
pub(super) fn run_now(v: &Visit, one: &TransferView, class: &str) -> Markup {
    let shown = v.can::<kinds::TransfersRun>() && one.switch == Switch::On && !one.running;
    let text = if v.is_customers() { "sync-now" } else { "run-now" };
    let ask = Ask::new(v, "transfer start").with("transfer", one.id);
    html! { @if shown { (ask.button(class, "play", &v.t(text))) } }
}

/// Switches it. Off is asked again, on is not.
pub(super) fn switch(v: &Visit, one: &TransferView, class: &str) -> Markup {
    let (to, sign, text) = match one.switch {
        Switch::On => ("off", "stop", "switch-off"),
        Switch::Off => ("on", "play", "switch-on"),
    };
    let ask = Ask::new(v, "transfer switch").with("transfer", one.id).with("switch", to);
    html! { @if v.can::<kinds::TransfersChange>() { (ask.button(class, sign, &v.t(text))) } }
}
