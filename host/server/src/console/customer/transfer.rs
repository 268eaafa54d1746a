//! One transfer: from where to where, how and when it moves, what it did last; and why it is (not) running.

use maud::{Markup, html};
use weighbridge::account::{
    ExplainedView, Fires, LevelView, OccurrenceList, OccurrenceView, RejectedFilter, ScheduleView, TransferView,
    TrySchedule,
};
use weighbridge::model::access::kinds;
use weighbridge::model::id::TransferId;
use weighbridge::model::problem::Problem;

use super::runs::of_transfer;
use super::transfers::{last_run, next_run, path, places, route, run_now, standing, switch, why};
use super::{Part, rejected};
use crate::console::parts::{self, Ask, Column, Tone, badge, icon};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    let one = |path: String| {
        Screen::new(path, show)
            .follows("transfer show")
            .does("transfer start", "transfer-started")
            .does("transfer switch", "switched")
            .does("transfer resume", "transfer-resumed")
            .does("transfer reset", "transfer-reset")
    };
    let mut all = both("/transfers/{transfer}", one);
    all.extend(both("/transfers/{transfer}/explain", |path| Screen::new(path, explain)));
    let list = |v: &Visit, _: &serde_json::Value| format!("{}/transfers", v.home());
    let path = "/console/customers/{customer}/transfers/{transfer}/remove";
    all.push(Screen::new(path, remove).leads("transfer remove", list, "transfer-removed"));
    all
}

/// The transfer that the address names.
pub(super) fn found(v: &Visit) -> Result<TransferView, Problem> {
    v.engine.transfer(&v.may::<kinds::TransfersRead>()?, v.id::<TransferId>("transfer")?)
}

/// What stands above a page of a transfer.
pub(super) fn above(v: &Visit, one: Option<&TransferView>) -> Vec<(String, String)> {
    let title = v.t(if v.is_customers() { "nav-my-transfers" } else { "tab-transfers" });
    let list = (format!("{}/transfers", v.home()), title);
    std::iter::once(list).chain(one.map(|one| (path(v, one), one.name.clone()))).collect()
}

async fn show(v: Visit) -> Drawn {
    let one = found(&v)?;
    let told = v.engine.explain_transfer(&v.may::<kinds::TransfersRead>()?, one.id, None)?;
    let runs = of_transfer(&v, one.id)?;
    let (above, can_change) = (above(&v, None), v.can::<kinds::TransfersChange>());
    let actions = html! {
        (run_now(&v, &one, "primary"))
        @if one.suspended && can_change {
            (Ask::new(&v, "transfer resume").with("transfer", one.id).button("", "play", &v.t("transfer-resume")))
        }
        (switch(&v, &one, ""))
        @if can_change { (parts::link(&format!("{}/edit", path(&v, &one)), "edit", &v.t("transfer-edit"))) }
    };
    let part = Part {
        above: &above,
        badge: Some(html! { span data-live="standing" { (standing(&v, &one, &told)) } }),
        actions,
        ..Part::new("transfers", "my-transfers", one.name.clone())
    };
    let body = html! {
        div.stack data-live="transfer" {
            @if !told.allowed && !one.running { (why(&v, &told)) }
            div.columns { (way(&v, &one)?) (times(&v, &one)?) }
            (parts::card_with(&v.t("runs-last"), &parts::link(&format!("{}/runs?transfer={}", v.home(), one.id), "run", &v.t("runs-all")), &runs))
        }
        (missed(&v, &one)?)
        (rejected::some(&v, RejectedFilter { transfer: Some(one.id), ..RejectedFilter::default() })?)
        (beside(&v, &one))
        @if !can_change && !v.is_customers() { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    part.sheet(&v, &body)
}

/// What is wanted of it less often: trying it, moving a range once more, beginning anew.
fn beside(v: &Visit, one: &TransferView) -> Markup {
    let line = |title: &str, about: &str, what: Markup| {
        html! { li { div { strong { (v.t(title)) } small { (v.t(about)) } } (what) } }
    };
    let to = |end: &str, sign: &str, text: &str| parts::link(&format!("{}/{end}", path(v, one)), sign, &v.t(text));
    let anew = Ask::new(v, "transfer reset").with("transfer", one.id);
    parts::card(
        &v.t("transfer-beside"),
        &html! {
            ul.steps {
                @if v.can::<kinds::RecordsRead>() { (line("try", "try-about", to("try", "play", "try"))) }
                (line("backfill", "backfill-about", to("again", "time", "backfill-open")))
                @if v.can::<kinds::TransfersChange>() {
                    (line("transfer-anew", "transfer-anew-about", anew.button("danger", "first", &v.t("transfer-anew"))))
                }
            }
        },
    )
}

/// From where to where, and how.
fn way(v: &Visit, one: &TransferView) -> Result<Markup, Problem> {
    let mut facts = vec![(v.t("route"), route(v, one, &places(v)?))];
    if !v.is_customers() {
        let mapping = html! {
            @match (&one.mapping, one.mapping_id) {
                (Some(name), Some(id)) => a href={ (v.home()) "/mappings/" (id) } { (v.language.said(name)) },
                _ => (v.t("transfer-as-it-is")),
            }
        };
        let limit = [("records", v.n(one.limit.records).into()), ("bytes", v.language.bytes(one.limit.bytes).into())];
        let rejections = [("count", v.n(one.rejections.count).into()), ("share", v.n(one.rejections.share).into())];
        facts.extend([
            (v.t("transfer-mapping"), mapping),
            (v.t("transfer-sync"), html! { (v.word("sync", &parts::worded(&one.sync))) }),
            (v.t("transfer-write"), html! { (v.word("write", &parts::worded(&one.write))) }),
            (v.t("transfer-limit"), html! { (v.say("transfer-limit-is", &limit)) }),
            (v.t("transfer-rejections"), html! { (v.say("transfer-rejections-is", &rejections)) }),
        ]);
    }
    if !one.along.is_empty() {
        facts.push((v.t("transfer-along"), html! { (one.along.join(", ")) }));
    }
    Ok(parts::card(&v.t("customer-about"), &parts::facts(&facts)))
}

fn times(v: &Visit, one: &TransferView) -> Result<Markup, Problem> {
    let mut facts = vec![(v.t("last-run"), last_run(v, one)), (v.t("next-run"), next_run(v, one))];
    if one.failures > 0 && !v.is_customers() {
        let counts = [("count", v.n(one.failures).into()), ("max", v.n(one.failures_max).into())];
        facts.push((v.t("transfer-failures"), html! { (v.say("transfer-failures-are", &counts)) }));
    }
    if let Some(schedule) = &one.schedule {
        facts.push((v.t("schedule"), rhythm(v, schedule)));
        if !schedule.paused {
            facts.push((v.t("schedule-fires"), fires(v, &fires_of(v, schedule)?)));
        }
    }
    let explain = format!("{}/explain", path(v, one));
    Ok(parts::card_with(
        &v.t("transfer-times"),
        &parts::link(&explain, "question", &v.t("explain")),
        &parts::facts(&facts),
    ))
}

/// The last times of its schedule that made no run; nothing where all did.
fn missed(v: &Visit, one: &TransferView) -> Result<Markup, Problem> {
    if one.schedule.is_none() || v.is_customers() {
        return Ok(html! {});
    }
    let list = OccurrenceList { missed: true, limit: Some(10) };
    let found = v.engine.occurrences(&v.may::<kinds::TransfersRead>()?, one.id, &list)?.items;
    if found.is_empty() {
        return Ok(html! {});
    }
    let columns = [Column::new(v.t("missed-time")), Column::new(v.t("missed-why"))];
    let line = |time: &OccurrenceView| {
        let (sentence, _) = parts::sentence_and_step(v, time.reason.as_deref().unwrap_or_default());
        let others = time.count.saturating_sub(1);
        vec![
            html! { (v.at(time.at)) @if others > 0 { " " small { (v.say("missed-count", &[("count", others.into())])) } } },
            html! { (sentence) },
        ]
    };
    let table = parts::table(&v.t("missed-times"), &columns, &found.iter().map(line).collect::<Vec<_>>());
    Ok(parts::card(&v.t("missed-times"), &html! { p.hint { (v.t("missed-times-about")) } (table) }))
}

fn rhythm(v: &Visit, schedule: &ScheduleView) -> Markup {
    html! {
        @if let Some(every) = &schedule.every { (v.say("schedule-every-is", &[("every", every.as_str().into())])) }
        @if let Some(cron) = &schedule.cron { code { (cron) } }
        @if let Some(zone) = &schedule.zone { small { (zone) } }
        @if !schedule.hours.is_empty() { p { (v.say("schedule-hours-are", &[("hours", schedule.hours.join(", ").into())])) } }
        @if !schedule.blackout.is_empty() { p { (v.say("schedule-blackout-is", &[("days", schedule.blackout.join(", ").into())])) } }
        @if let Some(until) = schedule.paused_until { p { (v.say("schedule-paused-until-is", &[("until", v.zone.civil_words(until.0).into())])) } }
    }
}

fn fires_of(v: &Visit, schedule: &ScheduleView) -> Result<Fires, Problem> {
    let mut asked = serde_json::to_value(schedule).map_err(Problem::fault)?;
    if let Some(asked) = asked.as_object_mut() {
        asked.remove("next");
    }
    let asked = TrySchedule { schedule: asked.as_object().cloned().unwrap_or_default(), after: None, count: Some(3) };
    v.engine.try_schedule(&v.may::<kinds::TransfersRead>()?, &asked)
}

pub(super) fn fires(v: &Visit, found: &Fires) -> Markup {
    html! { ul.plain { @for at in &found.fires { li { (v.at(*at)) } } } }
}

async fn explain(v: Visit) -> Drawn {
    let one = found(&v)?;
    let told = v.engine.explain_transfer(&v.may::<kinds::TransfersRead>()?, one.id, v.asks("at"))?;
    let above = above(&v, Some(&one));
    let part = Part {
        above: &above,
        about: Some(v.say("why-about", &[("name", one.name.as_str().into())])),
        ..Part::new("transfers", "my-transfers", v.t("explain"))
    };
    let at = v.zone.civil_words(told.at.0).replace(' ', "T");
    let body = html! {
        form.card.line method="get" {
            div.field { label for="at" { (v.t("why-at")) } input #at type="datetime-local" name="at" value=(at); }
            button.button { (icon("question")) (v.t("why-ask")) }
            @if v.asks("at").is_some() { a href=(v.path) { (v.t("why-now")) } }
        }
        @if told.allowed { (parts::notice(Tone::Good, &allowed(&v, &told))) } @else { (why(&v, &told)) }
        @if !v.is_customers() { (levels(&v, &told.levels)) }
    };
    part.sheet(&v, &body)
}

fn allowed(v: &Visit, told: &ExplainedView) -> Markup {
    html! {
        p { strong { (v.say("why-allowed", &[("instant", v.at(told.at).into())])) } }
        @if let Some(at) = told.changes_at { p { (v.say("until-instant", &[("instant", v.at(at).into())])) } }
    }
}

/// What every level says, from the outside in.
fn levels(v: &Visit, levels: &[LevelView]) -> Markup {
    let columns = ["why-level", "why-says", "why-why", "why-changes"].map(|key| Column::new(v.t(key)));
    let line = |one: &LevelView| {
        vec![
            html! { (parts::level(v, &one.level)) },
            if one.allowed { badge(Tone::Good, &v.t("yes")) } else { badge(Tone::Bad, &v.t("no")) },
            html! { @if let Some(code) = &one.code { @let (sentence, next) = parts::sentence_and_step(v, code); (sentence) " " (next) small.code { (code) } } },
            html! { @if let Some(at) = one.until { (v.at(at)) } },
        ]
    };
    parts::table(&v.t("why-levels"), &columns, &levels.iter().map(line).collect::<Vec<_>>())
}

async fn remove(v: Visit) -> Drawn {
    v.may::<kinds::TransfersChange>()?;
    let one = found(&v)?;
    let above = above(&v, Some(&one));
    let title = v.say("transfer-remove-title", &[("name", one.name.as_str().into())]);
    let part = Part { above: &above, ..Part::new("transfers", "", title) };
    let ask = Ask::new(&v, "transfer remove").seen(&one.etag);
    let body = parts::card(
        "",
        &html! {
            (parts::notice(Tone::Warn, &html! { p { (v.t("transfer-remove-about")) } }))
            (ask.form(&ask.danger_or_back("remove", &path(&v, &one))))
        },
    );
    part.sheet(&v, &body)
}
