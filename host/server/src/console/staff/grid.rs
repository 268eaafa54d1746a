//! All integrations: what all customers connected and set up, in one grid, and switching many at once.

use maud::{Markup, html};
use serde_json::Map;
use weighbridge::account::{SystemFilter, SystemRow};
use weighbridge::model::access::kinds;
use weighbridge::model::problem::Problem;
use weighbridge::model::tenant::Switch;

use crate::console::parts::{self, Ask, Column, Head, Tone, badge, icon};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/systems", list).does("system switch", "systems-switched").follows("system list")]
}

async fn list(v: Visit) -> Drawn {
    let filter = filter(&v)?;
    let page = v.engine.systems(&v.may::<kinds::SystemsRead>()?, &filter)?;
    let can = v.can::<kinds::SystemsChange>();
    let title = v.t("nav-systems");
    let ask = Ask::new(&v, "system switch");
    let mut columns = vec![
        Column::new(v.t("customers-name")),
        Column::new(v.t("grid-kind")),
        Column::new(v.t("grid-customer")),
        Column::new(v.t("status")),
    ];
    if can {
        columns.push(Column::new(v.t("pick")));
    }
    let lines: Vec<_> = page.items.iter().map(|row| line(&v, row, can)).collect();
    let table = parts::table(&title, &columns, &lines);
    let body = html! {
        (Head { about: Some(&v.t("grid-about")), ..Head::new(&title) }.show(&v))
        (search(&v))
        @if page.items.is_empty() { div.card { (parts::empty("grid", &v.t("grid-none"), &v.t("grid-none-about"), &Markup::default())) } }
        @else if can {
            (ask.form_wide(&html! {
                (table)
                div.card {
                    h2 { (v.t("customers-many")) }
                    div.row {
                        button.button.danger name="switch" value="off" { (icon("stop")) (v.t("switch-off")) }
                        button.button name="switch" value="on" { (icon("play")) (v.t("switch-on")) }
                    }
                }
            }))
        } @else { (table) }
        (parts::pager(&v, page.next.as_ref()))
        @if !can { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("systems", title, body))
}

fn filter(v: &Visit) -> Result<SystemFilter, Problem> {
    let mut asked = Map::new();
    for name in ["kind", "of", "integration", "switch", "name", "cursor"] {
        if let Some(text) = v.asks(name) {
            asked.insert(name.to_owned(), text.into());
        }
    }
    serde_json::from_value(asked.into()).map_err(|error| Problem::invalid("", error.to_string()))
}

fn search(v: &Visit) -> Markup {
    let chosen = |name: &str| v.asks(name).unwrap_or_default().to_owned();
    let offers = v.may::<kinds::IntegrationsRead>().and_then(|may| v.engine.integrations(&may));
    let offers = offers.map(|page| page.items).unwrap_or_default();
    let any = html! { option value="" { (v.t("filter-any")) } };
    html! {
        form.card method="get" role="search" {
            div.filter {
                div.field { label for="f-name" { (v.t("customers-filter-name")) } input #f-name type="search" name="name" value=(chosen("name")); }
                div.field { label for="f-kind" { (v.t("grid-kind")) } select #f-kind name="kind" {
                    (any) @for kind in ["connection", "endpoint", "transfer"] { option value=(kind) selected[chosen("kind") == kind] { (v.word("kind", kind)) } }
                } }
                div.field { label for="f-integration" { (v.t("links-integration")) } select #f-integration name="integration" {
                    (any) @for one in &offers { option value=(one.id) selected[chosen("integration") == one.id.to_string()] { (one.name) } }
                } }
                div.field { label for="f-switch" { (v.t("status")) } select #f-switch name="switch" {
                    (any) @for switch in ["on", "off"] { option value=(switch) selected[chosen("switch") == switch] { (v.word("system", switch)) } }
                } }
                @if let Some(of) = v.asks("of") { input type="hidden" name="of" value=(of); }
                button.button { (icon("search")) (v.t("filter-apply")) }
                @if !v.query.is_empty() { a href=(v.path) { (v.t("filter-clear")) } }
            }
        }
    }
}

fn line(v: &Visit, row: &SystemRow, can: bool) -> Vec<Markup> {
    let kind = parts::worded(&row.kind);
    let state = match (&row.state, row.switch) {
        (Some(state), Switch::On) => badge(Tone::Warn, &v.word("system", state)),
        (_, Switch::On) => badge(Tone::Good, &v.word("system", "on")),
        (_, Switch::Off) => badge(Tone::Mute, &v.word("system", "off")),
    };
    let mut line = vec![
        html! { @match path(row) { Some(path) => a href=(path) { (row.name) }, None => (row.name) } },
        html! { (v.word("kind", &kind)) },
        html! { @match (&row.customer, &row.customer_name) {
            (Some(id), Some(name)) => a href={ "/console/customers/" (id) } { (name) },
            _ => span.tag { (v.t("grid-own")) },
        } },
        state,
    ];
    if can {
        line.push(html! {
            input type="checkbox" name="items:several" value=(row.reference) aria-label=(v.say("pick-one", &[("name", row.name.as_str().into())]));
        });
    }
    line
}

/// The page of a thing, from its reference: `connection:ID`, `endpoint:CUSTOMER/ID`, `transfer:CUSTOMER/ID`.
fn path(row: &SystemRow) -> Option<String> {
    let (kind, place) = row.reference.split_once(':')?;
    match (kind, row.customer) {
        ("connection", None) => Some(format!("/console/own/systems/{place}")),
        ("connection", Some(customer)) => Some(format!("/console/customers/{customer}/systems/{place}")),
        ("endpoint", _) => {
            place.split_once('/').map(|(customer, id)| format!("/console/customers/{customer}/endpoints/{id}"))
        }
        ("transfer", _) => {
            place.split_once('/').map(|(customer, id)| format!("/console/customers/{customer}/transfers/{id}"))
        }
        _ => None,
    }
}
