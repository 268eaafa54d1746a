//! One run: where it stands, what it moved, who wanted it, what stopped it, its attempts, its batches and rejected records.

use maud::{Markup, html};
use weighbridge::account::{AttemptView, BatchFilter, BatchLine, RejectedFilter, RunShown};
use weighbridge::model::access::kinds;
use weighbridge::model::id::RunId;
use weighbridge::model::run::Wish;

use super::runs::{cause, of, run_badge};
use super::{Part, rejected, run_log};
use crate::console::parts::{self, Ask, Column, Tone, badge};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    both("/runs/{run}", |path| {
        Screen::new(path, show)
            .follows("run show")
            .leads("transfer start", |v, _| format!("{}/transfers", v.home()), "transfer-started")
            .leads("run retry", |v, _| format!("{}/runs", v.home()), "run-retried")
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
    let actions = html! {
        @if run.ended_at.is_none() && one.line.transfer.is_some() && v.can::<kinds::TransfersRun>() { (control(&v, one.line.wish)) }
        @if run.ended_at.is_some() && v.can::<kinds::TransfersRun>() { (again(&v, &one)) }
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
            (progress(&v, &one))
            (about(&v, &one))
            @if !one.attempts_ended.is_empty() && !v.is_customers() { (attempts(&v, &one.attempts_ended)) }
            @if !v.is_customers() && !one.batches_shown.items.is_empty() { (batches(&v, &one.batches_shown.items)) }
        }
        @if !v.is_customers() { (parts::pager(&v, one.batches_shown.next.as_ref())) }
        @if run.rejected > 0 { (rejected::some(&v, RejectedFilter { run: Some(id), ..RejectedFilter::default() })?) }
        @if !v.is_customers() { div data-live="log" { (run_log::log(&v, &one, id)?) } }
    };
    part.sheet(&v, &body)
}

/// What may be done after a run: the same once more where it did not do its work, and else another run of the transfer.
fn again(v: &Visit, one: &RunShown) -> Markup {
    let run = &one.line.run;
    let Some(transfer) = one.line.transfer.filter(|_| one.line.transfer_name.is_some()) else {
        return Markup::default();
    };
    if run.state != "succeeded" {
        return Ask::new(v, "run retry").button("primary", "play", &v.t("run-retry"));
    }
    let text = if v.is_customers() { "sync-now" } else { "run-again" };
    Ask::new(v, "transfer start").with("transfer", transfer).button("", "play", &v.t(text))
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
    let (sentence, next) = match (&one.class, parts::sentence_and_step(v, code)) {
        (Some(class), (sentence, _)) if sentence.is_empty() => {
            (v.word("class", class), v.t(&format!("class-next-{}", class.replace('_', "-"))))
        }
        (_, known) => known,
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
    let discarded = (run.discarded > 0).then(|| ("run-discarded", v.n(run.discarded)));
    html! { div.figures { @for (key, figure) in figures.iter().chain(&discarded) { div { b { (figure) } span { (v.t(key)) } } } } }
}

/// How far a run has come that goes on, and when it would end at this pace, where the connector says how much is left.
fn progress(v: &Visit, one: &RunShown) -> Markup {
    let run = &one.line.run;
    let Some(left) = run.left.filter(|_| run.ended_at.is_none()) else { return Markup::default() };
    let all = run.read.saturating_add(left);
    let share = u128::from(run.read) * 1_000 / u128::from(all.max(1));
    let said = [("read", v.n(run.read).into()), ("all", v.n(all).into())];
    let taken_ms = v.now.as_millis().saturating_sub(run.started_at.0.as_millis());
    let rest = lasts_still(run.read, left, taken_ms).filter(|_| run.state == "running");
    html! {
        section.card {
            div.card-head { h2 { (v.t("run-progress")) } span.muted { (v.say("run-progress-is", &said)) } }
            svg.allowance-bar viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label=(v.say("run-progress-is", &said)) {
                rect.spent x="0" y="0" width=(share) height="10" {}
            }
            @if let Some(rest) = rest { p.muted { (v.say("run-rest", &[("rest", v.language.lasting(rest).into())])) } }
        }
    }
}

/// For how long it goes on at the pace that it has had, in milliseconds; nothing is said before there is a pace.
fn lasts_still(read: u64, left: u64, taken_ms: i64) -> Option<i64> {
    let taken = u128::try_from(taken_ms).ok().filter(|taken| *taken >= 5_000 && read > 0)?;
    i64::try_from(taken * u128::from(left) / u128::from(read)).ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_lasts_as_long_as_as_much_took_before() {
        assert_eq!(lasts_still(100, 300, 10_000), Some(30_000));
        assert_eq!(lasts_still(100, 0, 10_000), Some(0));
    }

    #[test]
    fn nothing_is_said_before_there_is_a_pace_or_of_what_never_ends() {
        assert_eq!(lasts_still(0, 300, 10_000), None);
        assert_eq!(lasts_still(100, 300, 900), None);
        assert_eq!(lasts_still(1, u64::MAX, i64::MAX), None);
    }
}
