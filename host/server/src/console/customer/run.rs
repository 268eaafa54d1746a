//! One run: where it stands, what it moved, who wanted it, what stopped it, its attempts, its batches and rejected records.

use maud::{Markup, html};
use weighbridge::account::{AttemptView, BatchFilter, BatchLine, RejectedView, RunList, RunShown};
use weighbridge::model::access::kinds;
use weighbridge::model::id::RunId;
use weighbridge::model::problem::Problem;
use weighbridge::model::run::Wish;

use super::runs::{cause, of, run_badge};
use super::{Part, run_log};
use crate::console::parts::{self, Ask, Column, Tone, badge};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    both("/runs/{run}", |path| {
        Screen::new(path, show)
            .follows("run show")
            .leads("transfer start", |v, _| format!("{}/transfers", v.home()), "transfer-started")
            .does("run pause", "run-paused")
            .does("run resume", "run-resumed")
            .does("run cancel", "run-cancelled")
    })
}

async fn show(v: Visit) -> Drawn {
    let id: RunId = v.id("run")?;
    let filter = BatchFilter { limit: None, cursor: v.asks("cursor").map(str::to_owned) };
    let one = v.engine.run_shown(&v.may::<kinds::TransfersRead>()?, id, &filter)?;
    let title = v.say("run-title", &[("name", of(&v, &one.line).as_str().into())]);
    let above = [(format!("{}/runs", v.home()), v.t("runs"))];
    let run = &one.line.run;
    let may_again = run.ended_at.is_some() && v.can::<kinds::TransfersRun>();
    let again = one.line.transfer.filter(|_| may_again).map(|id| Ask::new(&v, "transfer start").with("transfer", id));
    let actions = html! {
        @if run.ended_at.is_none() && one.line.transfer.is_some() && v.can::<kinds::TransfersRun>() { (control(&v, one.line.wish)) }
        @if let Some(again) = again { (again.button("", "play", &v.t(if v.is_customers() { "sync-now" } else { "run-again" }))) }
        @if let Some(id) = one.line.transfer && one.line.transfer_name.is_some() {
            (parts::link(&format!("{}/transfers/{id}", v.home()), "run", &v.t("run-to-transfer")))
        }
    };
    let part = Part {
        above: &above,
        about: Some(v.at(run.started_at)),
        badge: Some(html! { span data-live="standing" { (run_badge(&v, &run.state)) } }),
        actions,
        ..Part::new("runs", "my-transfers", title)
    };
    let body = html! {
        div.stack data-live="run" {
            (wished(&v, &one))
            (why(&v, &one))
            (figures(&v, &one))
            (about(&v, &one))
            @if !one.attempts_ended.is_empty() && !v.is_customers() { (attempts(&v, &one.attempts_ended)) }
            @if !v.is_customers() && !one.batches_shown.items.is_empty() { (batches(&v, &one.batches_shown.items)) }
        }
        @if !v.is_customers() { (parts::pager(&v, one.batches_shown.next.as_ref())) }
        @if run.rejected > 0 { (rejected(&v, id)?) }
        @if !v.is_customers() { div data-live="log" { (run_log::log(&v, &one, id)?) } }
    };
    part.sheet(&v, &body)
}

/// What may be done with a run that goes on.
fn control(v: &Visit, wish: Option<Wish>) -> Markup {
    let press = |act: &'static str, sign: &str, text: &str| Ask::new(v, act).button("", sign, &v.t(text));
    html! {
        @match wish {
            Some(Wish::Pause) => (press("run resume", "play", "run-resume")),
            Some(Wish::Cancel) => {},
            None => (press("run pause", "pause", "run-pause")),
        }
        @if wish != Some(Wish::Cancel) { (Ask::new(v, "run cancel").button("danger", "stop", &v.t("run-cancel"))) }
        @if wish == Some(Wish::Cancel) {
            (Ask::new(v, "run cancel").with("at_once:flag", "true").button("danger", "stop", &v.t("run-cancel-at-once")))
        }
    }
}

/// What is wanted of a run, until it is so.
fn wished(v: &Visit, one: &RunShown) -> Markup {
    match one.line.wish {
        Some(Wish::Cancel) => parts::notice(Tone::Busy, &html! { p { (v.t("run-cancel-waits")) } }),
        Some(Wish::Pause) if one.line.run.state == "paused" => {
            parts::notice(Tone::Warn, &html! { p { (v.t("run-pause-now")) } })
        }
        Some(Wish::Pause) => parts::notice(Tone::Busy, &html! { p { (v.t("run-pause-waits")) } }),
        None => Markup::default(),
    }
}

/// What stopped it, and what to do next. What the connector or the platform said stands below.
fn why(v: &Visit, one: &RunShown) -> Markup {
    let Some(code) = &one.line.run.code else { return Markup::default() };
    let (sentence, next) = match &one.class {
        Some(class) => (v.word("class", class), v.t(&format!("class-next-{}", class.replace('_', "-")))),
        None => parts::sentence_and_step(v, code),
    };
    let tone = if one.class.is_some() { Tone::Bad } else { Tone::Warn };
    let said = one.line.run.message.as_ref().filter(|_| one.class.is_some());
    parts::notice(
        tone,
        &html! {
            p { strong { (sentence) } " " (next) }
            @if let Some(said) = said { p.said { (said) } }
            @if let Some(at) = one.until { p { (v.say("until-instant", &[("instant", v.at(at).into())])) } }
            p.code { (code) }
        },
    )
}

fn figures(v: &Visit, one: &RunShown) -> Markup {
    let run = &one.line.run;
    let figures = [
        ("run-read", v.n(run.read)),
        ("run-delivered", v.n(run.delivered)),
        ("run-filtered", v.n(run.filtered)),
        ("run-rejected", v.n(run.rejected)),
        ("run-bytes", v.language.bytes(run.bytes)),
        ("run-batches", v.n(run.batches)),
    ];
    html! { div.figures { @for (key, figure) in &figures { div { b { (figure) } span { (v.t(key)) } } } } }
}

fn about(v: &Visit, one: &RunShown) -> Markup {
    let run = &one.line.run;
    let (begun, ended) = (run.started_at.0.as_millis(), run.ended_at.map_or(v.now.as_millis(), |at| at.0.as_millis()));
    let mut facts = vec![
        (v.t("run-cause"), cause(v, &one.line)),
        (v.t("run-started"), html! { (v.at(run.started_at)) }),
        (v.t("run-ended"), html! { @match run.ended_at { Some(at) => (v.at(at)), None => (v.t("run-goes-on")) } }),
        (v.t("run-took"), html! { (v.language.lasting(ended - begun)) }),
    ];
    if let Some(who) = one.line.cancelled_by_name.as_ref().or(one.line.cancelled_by.as_ref()) {
        facts.push((v.t("run-cancelled-by"), html! { (who) }));
    }
    if let Some(at) = one.occurrence {
        facts.push((v.t("run-occurrence"), html! { (v.at(at)) }));
    }
    if !v.is_customers() {
        facts.push((v.t("run-attempts"), html! { (v.n(run.attempts)) }));
        facts.push((v.t("run-id"), html! { span.code { (run.id) } }));
    }
    parts::card(&v.t("customer-about"), &parts::facts(&facts))
}

fn attempts(v: &Visit, attempts: &[AttemptView]) -> Markup {
    let columns = [
        Column::new(v.t("run-attempt")),
        Column::new(v.t("run-ended")),
        Column::number(v.t("run-requests")),
        Column::new(v.t("run-outcome")),
    ];
    let line = |one: &AttemptView| {
        vec![
            html! { (v.n(one.number)) },
            html! { (v.at(one.ended_at)) },
            html! { (v.n(one.requests)) },
            html! {
                @match &one.class {
                    Some(class) => (v.word("class", class)),
                    None => (v.t("run-attempt-good")),
                }
                @if let Some(said) = &one.message { small { (said) } }
                @if let Some(code) = &one.code { small.code { (code) } }
            },
        ]
    };
    let lines: Vec<_> = attempts.iter().rev().map(line).collect();
    parts::card(&v.t("run-attempts"), &parts::table(&v.t("run-attempts"), &columns, &lines))
}

fn batches(v: &Visit, batches: &[BatchLine]) -> Markup {
    let mut columns = vec![Column::new(v.t("run-batch")), Column::new(v.t("status"))];
    columns.extend(
        ["run-read", "run-delivered", "run-filtered", "run-rejected", "run-bytes"].map(|key| Column::number(v.t(key))),
    );
    columns.push(Column::new(v.t("run-ended")));
    let line = |one: &BatchLine| {
        let tone = match one.state.as_str() {
            "settled" => Tone::Good,
            "held" | "dispatched" => Tone::Busy,
            _ => Tone::Mute,
        };
        vec![
            html! { (v.n(one.number)) },
            html! {
                (badge(tone, &v.word("batch", &one.state)))
                @if one.records_held > 0 { small { (v.say("run-held", &[("records", v.n(one.records_held).into())])) } }
            },
            html! { (v.n(one.read)) },
            html! { (v.n(one.delivered)) },
            html! { (v.n(one.filtered)) },
            html! { (v.n(one.rejected)) },
            html! { (v.language.bytes(one.bytes)) },
            html! { @match one.ended_at { Some(at) => (v.at(at)), None => "–" } },
        ]
    };
    let lines: Vec<_> = batches.iter().map(line).collect();
    parts::card(&v.t("run-batches"), &parts::table(&v.t("run-batches"), &columns, &lines))
}

/// Records that were rejected, for whoever may see the contents of records.
fn rejected(v: &Visit, id: RunId) -> Result<Markup, Problem> {
    if !v.can::<kinds::RecordsRead>() {
        return Ok(parts::card(&v.t("rejected"), &parts::whom_to_ask(v, "ask-who-sees-records")));
    }
    let found = v.engine.rejected_in_run(&v.may::<kinds::RecordsRead>()?, id, &RunList::default())?;
    let columns = ["rejected-why", "rejected-record", "rejected-at"].map(|key| Column::new(v.t(key)));
    let line = |one: &RejectedView| {
        vec![
            html! { (v.language.said(&one.message)) small.code { (one.code) } },
            html! { code.record { (one.record) } },
            html! { span.nowrap { (v.at(one.at)) } },
        ]
    };
    let lines: Vec<_> = found.items.iter().map(line).collect();
    Ok(parts::card(
        &v.t("rejected"),
        &html! { p.muted { (v.t("rejected-about")) } (parts::table(&v.t("rejected"), &columns, &lines)) },
    ))
}
