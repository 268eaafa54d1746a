//! Runs: of one customer here, and of all customers where the partner's staff look; the same lines in both.

use maud::{Markup, html};
use serde::Serialize;
use serde_json::{Map, Value};
use weighbridge::account::{RunFilter, RunLine};
use weighbridge::model::access::kinds;
use weighbridge::model::id::TransferId;
use weighbridge::model::problem::Problem;

use super::Part;
use crate::console::parts::{self, Column, Tone, badge, icon};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    both("/runs", |path| Screen::new(path, list).follows("run list"))
}

async fn list(v: Visit) -> Drawn {
    let may = v.may::<kinds::TransfersRead>()?;
    let page = v.engine.runs_of_customer(&may, &filter(&v)?)?;
    let transfers = v.engine.transfers(&may)?.items;
    let transfers: Vec<_> = transfers.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let above = [(format!("{}/transfers", v.home()), v.t("nav-my-transfers"))];
    let above: &[_] = if v.is_customers() { &above } else { &[] };
    let about = v.t(if v.is_customers() { "my-runs-about" } else { "runs-about" });
    let actions = html! {
        @if !v.is_customers() { (parts::link(&format!("{}/in-doubt", v.home()), "question", &v.t("doubt"))) }
        (parts::link(&format!("{}/rejected", v.home()), "denied", &v.t("rejected")))
    };
    let part = Part { above, about: Some(about), actions, ..Part::new("runs", "my-transfers", v.t("runs")) };
    let body = html! {
        (search(&v, &[("transfer", &transfers)], &Markup::default()))
        div data-live="runs" {
            @if page.items.is_empty() { (none(&v)) } @else { (table(&v, &page.items, false)) }
        }
        (parts::pager(&v, page.next.as_ref()))
    };
    part.sheet(&v, &body)
}

/// What is asked for, from the query.
pub(crate) fn filter(v: &Visit) -> Result<RunFilter, Problem> {
    let names = ["state", "transfer", "cause", "since", "cursor"];
    let asked: Map<String, Value> =
        names.iter().filter_map(|name| Some(((*name).to_owned(), v.asks(name)?.into()))).collect();
    serde_json::from_value(asked.into()).map_err(|error| Problem::invalid("", error.to_string()))
}

/// Filters of runs: those that every list of them has, and lists of things that some have.
pub(crate) fn search(v: &Visit, lists: &[(&str, &[(String, String)])], more: &Markup) -> Markup {
    let any = || (String::new(), v.t("filter-any"));
    let words = |kind: &str, words: &[&str]| -> Vec<(String, String)> {
        std::iter::once(any()).chain(words.iter().map(|one| ((*one).to_owned(), v.word(kind, one)))).collect()
    };
    let select = |name: &str, choices: &[(String, String)]| {
        let chosen = v.asks(name).unwrap_or_default();
        html! {
            div.field { label for={ "f-" (name) } { (v.word("runs-filter", name)) }
                select #{ "f-" (name) } name=(name) {
                    @for (value, text) in choices { option value=(value) selected[value == chosen] { (text) } }
                } }
        }
    };
    let states = words(
        "run",
        &[
            "running",
            "paused",
            "succeeded",
            "partially_succeeded",
            "not_started",
            "stopped",
            "failed",
            "refused",
            "cancelled",
        ],
    );
    html! {
        form.card method="get" role="search" {
            div.filter {
                (more)
                (select("state", &states))
                @for (name, choices) in lists { (select(name, &std::iter::once(any()).chain(choices.iter().cloned()).collect::<Vec<_>>())) }
                (select("cause", &words("cause", &["schedule", "manual", "pull", "webhook", "backfill", "replay"])))
                div.field { label for="f-since" { (v.word("runs-filter", "since")) }
                    input #f-since type="date" name="since" value=(v.asks("since").unwrap_or_default()); }
                button.button { (icon("search")) (v.t("filter-apply")) }
                @if !v.query.is_empty() { a href=(v.path) { (v.t("filter-clear")) } }
            }
        }
    }
}

pub(crate) fn none(v: &Visit) -> Markup {
    let about = if v.query.is_empty() { "runs-none-about" } else { "runs-none-found-about" };
    html! { div.card { (parts::empty("run", &v.t("runs-none"), &v.t(about), &Markup::default())) } }
}

/// Runs, the newest first.
pub(crate) fn table(v: &Visit, runs: &[RunLine], with_customer: bool) -> Markup {
    let mut columns = vec![Column::new(v.t("run-started"))];
    if with_customer {
        columns.push(Column::new(v.t("grid-customer")));
    }
    columns.extend([Column::new(v.t("run-of")), Column::new(v.t("status")), Column::new(v.t("run-cause"))]);
    columns.extend(["run-read", "run-delivered", "run-rejected"].map(|key| Column::number(v.t(key))));
    let lines: Vec<_> = runs.iter().map(|one| line(v, one, with_customer)).collect();
    parts::table(&v.t("runs"), &columns, &lines)
}

fn line(v: &Visit, one: &RunLine, with_customer: bool) -> Vec<Markup> {
    let run = &one.run;
    let home = if with_customer { format!("/console/customers/{}", one.customer) } else { v.home() };
    let mut line = vec![html! { a href={ (home) "/runs/" (run.id) } { (v.at(run.started_at)) } }];
    if with_customer {
        line.push(match &one.customer_name {
            Some(name) => html! { a href=(home) { (name) } },
            None => html! { (v.word("status", "deleted")) },
        });
    }
    line.extend([
        html! { (of(v, one)) },
        html! { (run_badge(v, &run.state)) @if let Some(code) = &run.code { small { (reason(v, code)) } } },
        html! { (cause(v, one)) },
        html! { (v.n(run.read)) },
        html! { (v.n(run.delivered)) },
        html! { (v.n(run.rejected)) },
    ]);
    line
}

/// What a run is of: a transfer, or a third party.
pub(super) fn of(v: &Visit, one: &RunLine) -> String {
    let name = one.transfer_name.as_ref().or(one.service_name.as_ref());
    name.cloned().unwrap_or_else(|| v.t("run-of-none"))
}

/// Why it stopped, in a few words; what only the platform can say is its code.
pub(super) fn reason(v: &Visit, code: &str) -> String {
    let sentence = parts::sentence_and_step(v, code).0;
    let class = || v.language.find(&format!("class-{}", code.replace(['_', '.'], "-")), &[]);
    if sentence.is_empty() { class().unwrap_or_else(|| code.to_owned()) } else { sentence }
}

/// Who or what wanted it.
pub(super) fn cause(v: &Visit, one: &RunLine) -> Markup {
    html! {
        (v.word("cause", &one.run.cause))
        @if let Some(name) = &one.wanted_by_name { small { (name) } }
    }
}

/// Where a run stands, in one word.
pub(crate) fn run_badge(v: &Visit, standing: impl Serialize) -> Markup {
    let word = parts::worded(&standing);
    let tone = match word.as_str() {
        "running" => Tone::Busy,
        "succeeded" => Tone::Good,
        "failed" => Tone::Bad,
        _ => Tone::Warn,
    };
    badge(tone, &v.word("run", &word))
}

/// The last runs of a transfer.
pub(super) fn of_transfer(v: &Visit, id: TransferId) -> Result<Markup, Problem> {
    let filter = RunFilter { transfer: Some(id), limit: Some(5), ..RunFilter::default() };
    let page = v.engine.runs_of_customer(&v.may::<kinds::TransfersRead>()?, &filter)?;
    let empty = || html! { p.muted { (v.t("never-run")) } };
    Ok(if page.items.is_empty() { empty() } else { table(v, &page.items, false) })
}
