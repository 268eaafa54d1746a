//! What connectors said in a run, for staff.

use maud::{Markup, html};
use weighbridge::account::{LogFilter, LogLineView, RunShown};
use weighbridge::model::access::kinds;
use weighbridge::model::id::RunId;
use weighbridge::model::problem::Problem;
use weighbridge::model::run_log::LogLevel;

use crate::console::parts::{self, Column, Tone, badge};
use crate::console::visit::Visit;

/// The most lines on the page, the last ones.
const SHOWN_MAX: usize = 200;

pub(super) fn log(v: &Visit, one: &RunShown, id: RunId) -> Result<Markup, Problem> {
    let said = v.engine.run_log(&v.may::<kinds::TransfersRead>()?, id, &LogFilter::default())?;
    if said.items.is_empty() {
        return Ok(Markup::default());
    }
    let columns = ["log-at", "log-level", "log-text"].map(|key| Column::new(v.t(key)));
    let has_several = one.line.run.attempts > 1;
    let shown = &said.items[said.items.len().saturating_sub(SHOWN_MAX)..];
    let lines: Vec<_> = shown.iter().map(|line| cells(v, line, has_several)).collect();
    let left_out = said.dropped + (said.items.len() - shown.len()) as u64;
    Ok(parts::card(
        &v.t("log"),
        &html! {
            @if left_out > 0 { p.muted { (v.say("log-left-out", &[("lines", v.n(left_out).into())])) } }
            (parts::table(&v.t("log"), &columns, &lines))
        },
    ))
}

fn cells(v: &Visit, line: &LogLineView, has_several: bool) -> Vec<Markup> {
    let tone = match line.level {
        LogLevel::Debug | LogLevel::Info => Tone::Mute,
        LogLevel::Warn => Tone::Warn,
        LogLevel::Error => Tone::Bad,
    };
    vec![
        html! {
            span.nowrap { (v.at(line.at)) }
            @if has_several { small { (v.say("log-attempt", &[("attempt", v.n(line.attempt).into())])) } }
        },
        html! { (badge(tone, &v.t(word(line.level)))) },
        html! { span.said { (line.text) } small { (line.connector) } },
    ]
}

const fn word(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "log-debug",
        LogLevel::Info => "log-info",
        LogLevel::Warn => "log-warn",
        LogLevel::Error => "log-error",
    }
}
