//! What a customer used: by day or month and by transfer, beside what is granted.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::{Map, Value};
use weighbridge::account::{UsageOf, UsageOfFilter, UsageRow};
use weighbridge::model::access::kinds;
use weighbridge::model::meter::{Amounts, Meter};
use weighbridge::model::problem::Problem;

use super::Part;
use crate::console::parts::{self, Column, icon};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    both("/usage", |path| Screen::new(path, show))
}

async fn show(v: Visit) -> Drawn {
    let found = v.engine.usage_of_customer(&v.may::<kinds::UsageRead>()?, &filter(&v)?)?;
    let transfers = match v.may::<kinds::TransfersRead>() {
        Ok(may) => v.engine.transfers(&may)?.items.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
        Err(_) => Vec::new(),
    };
    let about = v.t(if v.is_customers() { "my-usage-about" } else { "usage-of-about" });
    let part = Part { about: Some(about), ..Part::new("usage", "my-usage", v.t("tab-usage")) };
    let body = html! {
        (parts::allowance(&v, &v.t("usage-allowance"), &found.allowance))
        (search(&v, &transfers))
        (used(&v, &found))
        (parts::pager(&v, found.next.as_ref()))
    };
    part.sheet(&v, &body)
}

fn filter(v: &Visit) -> Result<UsageOfFilter, Problem> {
    let names = ["by", "from", "to", "transfer", "cursor"];
    let asked: Map<String, Value> =
        names.iter().filter_map(|name| Some(((*name).to_owned(), v.asks(name)?.into()))).collect();
    serde_json::from_value(asked.into()).map_err(|error| Problem::invalid("", error.to_string()))
}

fn search(v: &Visit, transfers: &[(String, String)]) -> Markup {
    let chosen = |name: &str| v.asks(name).unwrap_or_default().to_owned();
    let first = v.zone.day_word(v.zone.month_start(v.now));
    let from = v.asks("from").map_or(first, str::to_owned);
    html! {
        form.card method="get" role="search" {
            div.filter {
                div.field { label for="f-by" { (v.t("usage-by")) } select #f-by name="by" {
                    @for by in ["day", "month"] { option value=(by) selected[chosen("by") == by] { (v.word("usage-by", by)) } }
                } }
                div.field { label for="f-from" { (v.t("usage-from")) } input #f-from type="date" name="from" value=(from); }
                div.field { label for="f-to" { (v.t("usage-to")) } input #f-to type="date" name="to" value=(chosen("to")); }
                div.field { label for="f-transfer" { (v.t("transfer")) } select #f-transfer name="transfer" {
                    option value="" { (v.t("filter-any")) }
                    @for (id, name) in transfers { option value=(id) selected[*id == chosen("transfer")] { (name) } }
                } }
                button.button { (icon("search")) (v.t("filter-apply")) }
                @if !v.query.is_empty() { a href=(v.path) { (v.t("filter-clear")) } }
            }
        }
    }
}

fn used(v: &Visit, found: &UsageOf) -> Markup {
    if found.items.is_empty() {
        return html! { div.card { (parts::empty("scale", &v.t("usage-none"), &v.t("usage-none-about"), &Markup::default())) } };
    }
    let mut columns = vec![Column::new(v.t("usage-on")), Column::new(v.t("run-of"))];
    columns.extend(
        ["quota-records", "quota-bytes", "run-requests", "quota-runs", "quota-pulls"]
            .map(|key| Column::number(v.t(key))),
    );
    let mut lines: Vec<_> = found.items.iter().map(|row| line(v, row)).collect();
    let mut total = vec![html! { strong { (v.t("usage-total")) } }, html! {}];
    total.extend(numbers(v, &found.total));
    lines.push(total);
    html! {
        section.card {
            h2 { (v.t("usage-moved")) }
            (parts::columns(&v.t("usage-moved"), &days(v, &found.items)))
            (parts::table(&v.t("usage-moved"), &columns, &lines))
        }
    }
}

fn line(v: &Visit, row: &UsageRow) -> Vec<Markup> {
    let name = row.transfer_name.as_ref().or(row.service_name.as_ref());
    let mut line = vec![
        html! { span.nowrap { (on(v, &row.on)) } },
        html! { (name.cloned().unwrap_or_else(|| v.t("run-of-none"))) },
    ];
    let UsageRow { records, bytes, requests, runs, pulls, .. } = *row;
    line.extend(numbers(v, &Amounts { records, bytes, requests, runs, pulls }));
    line
}

/// The meters of a line, in the order of the headings.
pub(crate) fn numbers(v: &Visit, of: &Amounts) -> Vec<Markup> {
    let all = [
        (Meter::Records, of.records),
        (Meter::Bytes, of.bytes),
        (Meter::Requests, of.requests),
        (Meter::Runs, of.runs),
        (Meter::Pulls, of.pulls),
    ];
    all.iter().map(|(meter, number)| html! { (parts::amount(v, *meter, *number)) }).collect()
}

/// A day or a month as a language writes it: `2026-11-22`, `2026-11`.
pub(crate) fn on(v: &Visit, text: &str) -> String {
    let mut parts = text.split('-').map(str::parse::<u32>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(month)), None) => format!("{} {year}", v.t(&format!("month-alone-{month}"))),
        (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) => format!("{day} {} {year}", v.t(&format!("month-{month}"))),
        _ => text.to_owned(),
    }
}

/// Records by day, the first day first.
fn days(v: &Visit, rows: &[UsageRow]) -> Vec<(String, u64)> {
    let mut days = BTreeMap::new();
    for row in rows {
        *days.entry(row.on.as_str()).or_insert(0_u64) += row.records;
    }
    days.into_iter().map(|(day, records)| (format!("{}: {}", on(v, day), v.n(records)), records)).collect()
}
