//! What connectors said in a run, for staff.

use maud::{Markup, html};
use weighbridge::account::{LogFilter, LogLineView, RunShown};
use weighbridge::model::access::kinds;
use weighbridge::model::id::RunId;
use weighbridge::model::problem::Problem;
use weighbridge::model::run_log::LogLevel;

use crate::console::parts::{self, Tone, badge};
use crate::console::texts::Language;
use crate::console::visit::Visit;

/// The most lines on the page, the last ones.
const SHOWN_MAX: usize = 200;

pub(super) fn log(v: &Visit, one: &RunShown, id: RunId) -> Result<Markup, Problem> {
    let said = v.engine.run_log(&v.may::<kinds::TransfersRead>()?, id, &LogFilter::default())?;
    if said.items.is_empty() {
        return Ok(Markup::default());
    }
    let has_several = one.line.run.attempts > 1;
    let shown = &said.items[said.items.len().saturating_sub(SHOWN_MAX)..];
    let left_out = said.dropped + (said.items.len() - shown.len()) as u64;
    Ok(parts::card(
        &v.t("log"),
        &html! {
            @if left_out > 0 { p.muted { (v.say("log-left-out", &[("lines", v.n(left_out).into())])) } }
            ol.log { @for line in shown { (entry(v, line, has_several)) } }
        },
    ))
}

fn entry(v: &Visit, line: &LogLineView, has_several: bool) -> Markup {
    let tone = match line.level {
        LogLevel::Debug | LogLevel::Info => None,
        LogLevel::Warn => Some(Tone::Warn),
        LogLevel::Error => Some(Tone::Bad),
    };
    html! {
        li {
            time { (Language::clock(&v.zone, line.at.0)) }
            span {
                @if has_several { (v.say("log-attempt", &[("attempt", v.n(line.attempt).into())])) " · " }
                (line.connector)
            }
            p { @if let Some(tone) = tone { (badge(tone, &v.t(word(line.level)))) " " } (line.text) }
        }
    }
}

const fn word(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Error => "log-error",
        LogLevel::Warn => "log-warn",
        LogLevel::Info | LogLevel::Debug => "log-info",
    }
}
