//! What all customers used in a month, each by itself and all together.

use maud::{Markup, html};
use weighbridge::account::{CustomerUsage, MonthTotal, UsageFilter, UsagePage};
use weighbridge::model::access::kinds;
use weighbridge::model::meter::{Amounts, Meter};

use crate::console::customer::usage::{numbers, on};
use crate::console::parts::{self, Column, Head, icon};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/usage", list)]
}

async fn list(v: Visit) -> Drawn {
    let text = |name: &str| v.asks(name).map(str::to_owned);
    let filter = UsageFilter { month: text("month"), cursor: text("cursor"), limit: None };
    let page = v.engine.usage_of_all(&v.may::<kinds::AllUsageRead>()?, &filter)?;
    let title = v.t("nav-usage");
    let body = html! {
        (Head { about: Some(&v.t("usage-about")), ..Head::new(&title) }.show(&v))
        (parts::allowance(&v, &v.t("usage-allowance-all"), &page.allowance))
        (choose(&v, &page))
        (customers(&v, &page))
        (parts::pager(&v, page.next.as_ref()))
        @if !page.months.is_empty() { (months(&v, &page.months)) }
    };
    Ok(Sheet::new("usage", title, body))
}

/// The month: one that something was used in, or the one that is shown.
fn choose(v: &Visit, page: &UsagePage) -> Markup {
    let mut months: Vec<&str> = page.months.iter().map(|one| one.month.as_str()).collect();
    months.push(&page.month);
    months.sort_unstable();
    months.dedup();
    html! {
        form.card method="get" {
            div.filter {
                div.field { label for="f-month" { (v.t("usage-month")) } select #f-month name="month" {
                    @for month in months.iter().rev() { option value=(month) selected[**month == page.month] { (on(v, month)) } }
                } }
                button.button { (icon("search")) (v.t("usage-show")) }
            }
        }
    }
}

fn headings(v: &Visit, first: &str) -> Vec<Column> {
    let mut columns = vec![Column::new(v.t(first))];
    columns.extend(
        ["quota-records", "quota-bytes", "run-requests", "quota-runs", "quota-pulls"]
            .map(|key| Column::number(v.t(key))),
    );
    columns
}

fn customers(v: &Visit, page: &UsagePage) -> Markup {
    if page.items.is_empty() {
        return html! { div.card { (parts::empty("scale", &v.t("usage-none"), &v.t("usage-none-about"), &Markup::default())) } };
    }
    let mut columns = headings(v, "grid-customer");
    columns.extend(["on-hold", "usage-left-records"].map(|key| Column::number(v.t(key))));
    let lines: Vec<_> = page.items.iter().map(|one| line(v, one)).collect();
    let title = v.say("usage-in", &[("month", on(v, &page.month).into())]);
    parts::card(&title, &parts::table(&title, &columns, &lines))
}

fn line(v: &Visit, one: &CustomerUsage) -> Vec<Markup> {
    let CustomerUsage { records, bytes, requests, runs, pulls, .. } = *one;
    let mut line = vec![html! { a href={ "/console/customers/" (one.customer) "/usage" } { (one.customer_name) } }];
    line.extend(numbers(v, &Amounts { records, bytes, requests, runs, pulls }));
    line.push(html! { (parts::amount(v, Meter::Records, one.held.records)) });
    line.push(html! { @match one.left.records { Some(left) => (v.n(left)), None => "–" } });
    line
}

fn months(v: &Visit, months: &[MonthTotal]) -> Markup {
    let amounts: Vec<_> = months
        .iter()
        .rev()
        .map(|one| (format!("{}: {}", on(v, &one.month), v.n(one.spent.records)), one.spent.records))
        .collect();
    let line = |one: &MonthTotal| -> Vec<Markup> {
        let name = html! { a href={ "/console/usage?month=" (one.month) } { (on(v, &one.month)) } };
        std::iter::once(name).chain(numbers(v, &one.spent)).collect()
    };
    let lines: Vec<_> = months.iter().map(line).collect();
    parts::card(
        &v.t("usage-months"),
        &html! {
            (parts::columns(&v.t("usage-months"), &amounts))
            (parts::table(&v.t("usage-months"), &headings(v, "usage-month"), &lines))
        },
    )
}
