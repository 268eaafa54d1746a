//! Rejected records of a customer: what was rejected, why, and forgetting it. Contents are for whoever may see records.

use maud::{Markup, html};
use serde_json::{Map, Value};
use weighbridge::account::{RejectedFilter, RejectedList, RejectedView};
use weighbridge::model::access::kinds;
use weighbridge::model::problem::Problem;

use super::Part;
use crate::console::parts::{self, Ask, Column, Head, icon};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

/// What can be asked for in the address.
const FILTERS: [&str; 7] = ["transfer", "run", "code", "by", "since", "until", "where"];

pub(super) fn screens() -> Vec<Screen> {
    both("/rejected", |path| {
        Screen::new(path, list)
            .does("rejected discard", "rejected-discarded")
            .shows("rejected replay", replayed)
            .downloads("rejected list")
    })
}

async fn list(v: Visit) -> Drawn {
    let above = [(format!("{}/runs", v.home()), v.t("runs"))];
    let part = Part {
        above: &above,
        about: Some(v.t("rejected-about")),
        ..Part::new("runs", "my-transfers", v.t("rejected"))
    };
    if !v.can::<kinds::RecordsRead>() {
        return part.sheet(&v, &parts::whom_to_ask(&v, "ask-who-sees-records"));
    }
    let page = v.engine.rejected_list(&v.may::<kinds::RecordsRead>()?, &asked(&v)?)?;
    let is_empty = page.items.is_empty();
    let actions = html! {
        @if !is_empty { (parts::link(&parts::address(&v, &[("as", "csv")]), "audit", &v.t("rejected-download"))) }
        @if !is_empty && v.can::<kinds::RecordsDiscard>() {
            (all_that_fit(&v, "rejected replay").with("dry_run:flag", "true").button("", "question", &v.t("rejected-replay-try")))
            (all_that_fit(&v, "rejected replay").button("primary", "run", &v.t("rejected-replay-all")))
            (all_that_fit(&v, "rejected discard").button("danger", "remove", &v.t("rejected-discard-all")))
        }
    };
    let part = Part { actions, ..part };
    let body = html! {
        (search(&v)?)
        @if is_empty { div.card { (parts::empty("run", &v.t("rejected-none"), &v.t("rejected-none-about"), &Markup::default())) } }
        @else { (table(&v, &page.items, true)) }
        (parts::pager(&v, page.next.as_ref()))
    };
    part.sheet(&v, &body)
}

/// The newest of them that fit, on the page of what they belong to, with the way to all of them.
pub(super) fn some(v: &Visit, filter: RejectedFilter) -> Result<Markup, Problem> {
    if !v.can::<kinds::RecordsRead>() {
        return Ok(parts::card(&v.t("rejected"), &parts::whom_to_ask(v, "ask-who-sees-records")));
    }
    let which = [("transfer", filter.transfer.map(|id| id.to_string())), ("run", filter.run.map(|id| id.to_string()))];
    let found = v
        .engine
        .rejected_list(&v.may::<kinds::RecordsRead>()?, &RejectedList { filter, limit: Some(20), cursor: None })?;
    let which: Vec<_> = which.iter().filter_map(|(name, id)| Some(format!("{name}={}", id.as_ref()?))).collect();
    let all = parts::link(&format!("{}/rejected?{}", v.home(), which.join("&")), "search", &v.t("rejected-all"));
    let body = match found.items.as_slice() {
        [] => html! { p.muted { (v.t("rejected-none-kept")) } },
        items => html! { p.muted { (v.t("rejected-about")) } (table(v, items, false)) },
    };
    Ok(parts::card_with(&v.t("rejected"), &all, &body))
}

fn asked(v: &Visit) -> Result<RejectedList, Problem> {
    let names = FILTERS.iter().chain(&["cursor"]);
    let asked: Map<String, Value> = names
        .filter_map(|name| Some(((*name).to_owned(), v.asks(name).filter(|text| !text.is_empty())?.into())))
        .collect();
    serde_json::from_value(asked.into()).map_err(|error| Problem::invalid("", error.to_string()))
}

fn search(v: &Visit) -> Result<Markup, Problem> {
    let transfers = v.engine.transfers(&v.may::<kinds::TransfersRead>()?)?.items;
    let transfers: Vec<_> = transfers.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let by = ["mapping", "destination", "host"].map(|one| (one.to_owned(), v.word("rejected-by", one)));
    let select = |name: &str, choices: &[(String, String)]| {
        let chosen = v.asks(name).unwrap_or_default();
        html! {
            div.field { label for={ "f-" (name) } { (v.word("rejected-filter", name)) }
                select #{ "f-" (name) } name=(name) {
                    option value="" { (v.t("filter-any")) }
                    @for (value, text) in choices { option value=(value) selected[value == chosen] { (text) } }
                } }
        }
    };
    let input = |name: &str, kind: &str| {
        html! {
            div.field { label for={ "f-" (name) } { (v.word("rejected-filter", name)) }
                input #{ "f-" (name) } type=(kind) name=(name) value=(v.asks(name).unwrap_or_default()); }
        }
    };
    Ok(html! {
        form.card method="get" role="search" {
            div.filter {
                (select("transfer", &transfers))
                (select("by", &by))
                (input("code", "text"))
                (input("where", "text"))
                (input("since", "date"))
                (input("until", "date"))
                @if let Some(run) = v.asks("run") { input type="hidden" name="run" value=(run); }
                button.button { (icon("search")) (v.t("filter-apply")) }
                @if !v.query.is_empty() { a href=(v.path) { (v.t("filter-clear")) } }
            }
            p.hint { (v.t("rejected-where-hint")) }
        }
    })
}

/// Something that is done with all that are looked for.
fn all_that_fit<'a>(v: &'a Visit, operation: &'static str) -> Ask<'a> {
    let given = FILTERS.into_iter().filter_map(|name| Some((name, v.asks(name).filter(|text| !text.is_empty())?)));
    given.fold(Ask::new(v, operation), |ask, (name, text)| ask.with(name, text))
}

/// What became of those that were handed over again, or what would.
fn replayed(v: &Visit, answer: &Value) -> Markup {
    let count = |name: &str| v.n(answer[name].as_u64().unwrap_or(0));
    let counts = [
        ("replayed", count("replayed").into()),
        ("filtered", count("filtered").into()),
        ("rejected", count("rejected").into()),
    ];
    let is_dry = answer["dry_run"].as_bool().unwrap_or(false);
    let text = if is_dry { "rejected-would-be-replayed" } else { "rejected-are-replayed" };
    let codes = answer["codes"].as_object().into_iter().flatten();
    html! {
        (Head { above: &[(v.path.clone(), v.t("rejected"))], ..Head::new(&v.t("rejected-replay")) }.show(v))
        (parts::card("", &html! {
            p { (v.say(text, &counts)) }
            ul.plain { @for (code, _) in codes { li { (parts::sentence(v.language, code)) " " small.code { (code) } } } }
            div.row { (parts::link(&format!("{}/runs", v.home()), "run", &v.t("runs"))) }
        }))
    }
}

fn table(v: &Visit, items: &[RejectedView], with_all: bool) -> Markup {
    let may_discard = with_all && v.can::<kinds::RecordsDiscard>();
    let mut columns: Vec<_> =
        ["rejected-at", "rejected-why", "rejected-record"].map(|key| Column::new(v.t(key))).into();
    if with_all {
        columns.insert(1, Column::new(v.t("rejected-of")));
    }
    if may_discard {
        columns.push(Column::new(v.t("rejected-do")));
    }
    let line = |one: &RejectedView| {
        let mut line = vec![
            html! { span.nowrap { (v.at(one.at)) } },
            html! { (v.language.said(&one.message)) small.code { (one.code) } },
            record(v, one),
        ];
        if with_all {
            line.insert(1, html! { (one.transfer_name) small { (v.word("rejected-by", &parts::worded(&one.by))) } });
        }
        if may_discard {
            let (replay, discard) = (Ask::new(v, "rejected replay"), Ask::new(v, "rejected discard"));
            line.push(html! {
                (replay.with("rejected", one.id).button("", "run", &v.t("rejected-replay")))
                (discard.with("rejected", one.id).button("", "remove", &v.t("rejected-discard")))
            });
        }
        line
    };
    let lines: Vec<_> = items.iter().map(line).collect();
    parts::table(&v.t("rejected"), &columns, &lines)
}

fn record(v: &Visit, one: &RejectedView) -> Markup {
    html! {
        code.record { (one.record) }
        @if one.removal { small { (v.t("rejected-removal")) } }
        @if one.as_sent { small { (v.t("rejected-as-sent")) } }
    }
}
