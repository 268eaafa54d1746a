//! Which lines are wanted: who, what, when.

use maud::{Markup, html};
use weighbridge::account::AuditFilter;

use super::Log;
use crate::console::parts::icon;
use crate::console::visit::Visit;

/// Groups of acts that are searched for as one.
const CUSTOMERS: [&str; 11] = [
    "customer.*",
    "connection.*",
    "endpoint.*",
    "mapping.*",
    "transfer.*",
    "run.*",
    "workflow.*",
    "service.*",
    "connect_link.*",
    "user.*",
    "self_managed.*",
];
const ORGANISATION: [&str; 4] = ["tenant.*", "integration.*", "systems.*", "token.*"];
const HOST: [&str; 8] =
    ["host.*", "tenant.*", "connector.*", "trust.*", "integration.*", "keys.*", "user.*", "document.*"];

pub(super) fn nothing(limit: u32) -> AuditFilter {
    AuditFilter { limit: Some(limit), ..AuditFilter::default() }
}

/// What is asked for, from the query.
pub(super) fn filter(v: &Visit, limit: u32) -> AuditFilter {
    let text = |name: &str| v.asks(name).map(|text| text.trim().to_owned());
    AuditFilter {
        act: text("act"),
        actor: text("actor"),
        from: text("from"),
        to: text("to"),
        denied: v.asks("denied").map(|text| text == "true"),
        cursor: text("cursor"),
        ..nothing(limit)
    }
}

fn groups(log: Log) -> Vec<&'static str> {
    match log {
        Log::Host => HOST.to_vec(),
        Log::Organisation => ORGANISATION.iter().chain(&CUSTOMERS).copied().collect(),
        Log::Customer => CUSTOMERS.to_vec(),
    }
}

pub(super) fn form(v: &Visit, log: Log) -> Markup {
    let chosen = |name: &str| v.asks(name).unwrap_or_default().to_owned();
    let input = |name: &str, label: &str, kind: &str| {
        html! {
            div.field { label for={ "f-" (name) } { (v.t(label)) }
                input #{ "f-" (name) } type=(kind) name=(name) value=(chosen(name)); }
        }
    };
    let option = |name: &str, value: &str, text: String| {
        html! { option value=(value) selected[chosen(name) == value] { (text) } }
    };
    html! {
        form.card method="get" role="search" {
            div.filter {
                div.field { label for="f-act" { (v.t("audit-what")) }
                    select #f-act name="act" {
                        (option("act", "", v.t("filter-any")))
                        @if chosen("act") == "customer.opened" { (option("act", "customer.opened", v.t("act-customer-opened"))) }
                        @for group in groups(log) { (option("act", group, v.word("acts", group.trim_end_matches(".*")))) }
                    } }
                (input("actor", "audit-by", "search"))
                (input("from", "audit-from", "date")) (input("to", "audit-to", "date"))
                div.field { label for="f-denied" { (v.t("audit-denied")) }
                    select #f-denied name="denied" {
                        (option("denied", "", v.t("filter-any")))
                        (option("denied", "true", v.t("audit-denied-only"))) (option("denied", "false", v.t("audit-denied-not")))
                    } }
            }
            div.row {
                button.button { (icon("search")) (v.t("filter-apply")) }
                @if !v.query.is_empty() { a href=(v.path) { (v.t("filter-clear")) } }
            }
        }
    }
}
