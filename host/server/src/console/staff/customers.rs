//! All customers: find them, and switch many at once.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Map;
use weighbridge::account::{CustomerFilter, CustomerView, Page, PlatformFilter};
use weighbridge::model::access::kinds;
use weighbridge::model::customer::CustomerStatus;
use weighbridge::model::problem::Problem;

use crate::console::parts::{self, Ask, Column, Head, Tone, badge, icon};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

const LIMIT: u32 = 50;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/customers", list).does("customer switch-many", "customers-switched")]
}

async fn list(v: Visit) -> Drawn {
    let filter = filter(&v)?;
    let page = v.engine.customers(&v.may::<kinds::CustomersRead>()?, &filter)?;
    let workflows = match v.may::<kinds::WorkflowsRead>() {
        Ok(may) => v.engine.workflows(&may)?.items.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
        Err(_) => Vec::new(),
    };
    let actions = html! {
        @if v.can::<kinds::CustomersCreate>() {
            (parts::link("/console/customers/import", "open", &v.t("customers-import")))
            (parts::primary("/console/customers/new", "add", &v.t("customers-new")))
        }
    };
    let title = v.t("nav-customers");
    let head = Head { actions, about: Some(&v.t("customers-about")), ..Head::new(&title) };
    let body = html! {
        (head.show(&v))
        (search(&v, &workflows))
        @if page.items.is_empty() { (nobody(&v)) } @else { (found(&v, &page, &titles(&v).await?)) }
        @if !v.can::<kinds::CustomersCreate>() { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("customers", title, body))
}

/// What is asked for, from the query; what is no filter is not heeded.
fn filter(v: &Visit) -> Result<CustomerFilter, Problem> {
    let mut asked = Map::new();
    for name in
        ["status", "name", "external_id", "connector", "workflow", "created_from", "created_before", "sort", "cursor"]
    {
        if let Some(text) = v.asks(name) {
            asked.insert(name.to_owned(), text.into());
        }
    }
    let labels: Vec<String> = v.asks_all("label").map(str::to_owned).collect();
    let needs_attention = v.asks("needs_attention").map(|text| text == "true");
    let filter: CustomerFilter =
        serde_json::from_value(asked.into()).map_err(|error| Problem::invalid("", error.to_string()))?;
    Ok(CustomerFilter { label: labels, needs_attention, limit: Some(LIMIT), ..filter })
}

fn search(v: &Visit, workflows: &[(String, String)]) -> Markup {
    let any = || (String::new(), v.t("filter-any"));
    let word = |kind: &str, words: &[&str]| -> Vec<(String, String)> {
        std::iter::once(any()).chain(words.iter().map(|one| ((*one).to_owned(), v.word(kind, one)))).collect()
    };
    let chosen = |name: &str| v.asks(name).unwrap_or_default().to_owned();
    let input = |name: &str, kind: &str| {
        html! {
            div.field { label for={ "f-" (name) } { (v.t(&format!("customers-filter-{}", name.replace('_', "-")))) }
                input #{ "f-" (name) } type=(kind) name=(name) value=(chosen(name)); }
        }
    };
    let select = |name: &str, choices: &[(String, String)]| {
        html! {
            div.field { label for={ "f-" (name) } { (v.t(&format!("customers-filter-{}", name.replace('_', "-")))) }
                select #{ "f-" (name) } name=(name) {
                    @for (value, text) in choices { option value=(value) selected[*value == chosen(name)] { (text) } }
                } }
        }
    };
    let attention = vec![any(), ("true".into(), v.t("yes")), ("false".into(), v.t("no"))];
    let flows: Vec<_> = std::iter::once(any()).chain(workflows.iter().cloned()).collect();
    let sorts: Vec<_> = ["name", "name_down", "created", "created_down"]
        .iter()
        .map(|one| ((*one).to_owned(), v.word("sort", one)))
        .collect();
    let more = ["external_id", "connector", "workflow", "created_from", "created_before"];
    html! {
        form.card method="get" role="search" {
            div.filter {
                (input("name", "search")) (select("status", &word("status", &["active", "inactive", "deleting"])))
                (input("label", "text")) (select("needs_attention", &attention))
                (select("sort", &sorts))
            }
            details open[more.iter().any(|name| v.asks(name).is_some())] {
                summary { (v.t("filter-more")) }
                div.filter {
                    (input("external_id", "text")) (input("connector", "text"))
                    @if !workflows.is_empty() { (select("workflow", &flows)) }
                    (input("created_from", "date")) (input("created_before", "date"))
                }
            }
            div.row {
                button.button { (icon("search")) (v.t("filter-apply")) }
                @if !v.query.is_empty() { a href=(v.path) { (v.t("filter-clear")) } }
            }
        }
    }
}

fn found(v: &Visit, page: &Page<CustomerView>, platforms: &Titles) -> Markup {
    let can_switch = v.can::<kinds::CustomersSwitch>();
    let mut columns = vec![
        Column::new(v.t("customers-name")),
        Column::new(v.t("status")),
        Column::new(v.t("customers-labels")),
        Column::new(v.t("customers-systems")),
        Column::new(v.t("customers-since")),
    ];
    if can_switch {
        columns.push(Column::new(v.t("pick")));
    }
    let lines: Vec<_> = page.items.iter().map(|one| line(v, one, platforms, can_switch)).collect();
    let ask = Ask::new(v, "customer switch-many");
    let table = parts::table(&v.t("nav-customers"), &columns, &lines);
    html! {
        @if can_switch {
            (ask.form_wide(&html! {
                (table)
                div.card {
                    h2 { (v.t("customers-many")) }
                    div.filter {
                        (ask.field("until", "customers-until").hint("customers-until-hint").date())
                        (ask.field("reason", "customers-reason").text())
                        button.button.danger name="active" value="false" { (icon("stop")) (v.t("customers-deactivate")) }
                        button.button name="active" value="true" { (icon("play")) (v.t("customers-activate")) }
                    }
                }
            }))
        } @else { (table) }
        (parts::pager(v, page.next.as_ref()))
    }
}

/// What the platforms of connectors are called.
type Titles = BTreeMap<String, String>;

async fn titles(v: &Visit) -> Result<Titles, Problem> {
    if !v.can::<kinds::IntegrationsRead>() || !v.can::<kinds::OwnConnectionsRead>() {
        return Ok(Titles::new());
    }
    let offers = v.engine.integrations(&v.may::<kinds::IntegrationsRead>()?)?.items;
    let platforms =
        v.engine.own_platforms(&v.may::<kinds::OwnConnectionsRead>()?, &PlatformFilter::default()).await?.items;
    let title = |id| platforms.iter().find(|one| one.integration == id).map(|one| one.title.clone());
    Ok(offers.into_iter().filter_map(|offer| Some((offer.connector.to_string(), title(offer.id)?))).collect())
}

fn line(v: &Visit, one: &CustomerView, platforms: &Titles, can_switch: bool) -> Vec<Markup> {
    let mut line = vec![
        html! { a href={ "/console/customers/" (one.id) } { (one.name) } @if let Some(id) = &one.external_id { small { (id) } } },
        html! { (standing(v, one)) @if one.needs_attention { " " (badge(Tone::Warn, &v.t("needs-attention"))) } },
        html! { @if !one.labels.is_empty() { span.tags { @for label in &one.labels { span.tag { (label) } } } } },
        html! { (one.connectors.iter().map(|name| platforms.get(name).unwrap_or(name).as_str()).collect::<Vec<_>>().join(", ")) },
        html! { span.nowrap { (v.day(one.created_at)) } },
    ];
    if can_switch {
        line.push(html! {
            input type="checkbox" name="customers:several" value=(one.id) aria-label=(v.say("pick-one", &[("name", one.name.as_str().into())]));
        });
    }
    line
}

/// How a customer stands, in one word.
pub(crate) fn standing(v: &Visit, one: &CustomerView) -> Markup {
    let (tone, word) = match one.status {
        CustomerStatus::Active => (Tone::Good, "active"),
        CustomerStatus::Inactive => (Tone::Mute, "inactive"),
        CustomerStatus::Deleting => (Tone::Busy, "deleting"),
        CustomerStatus::Deleted => (Tone::Mute, "deleted"),
    };
    html! {
        (badge(tone, &v.word("status", word)))
        @if let Some(at) = one.active_from { small { (v.say("until-day", &[("day", v.day(at).into())])) } }
    }
}

fn nobody(v: &Visit) -> Markup {
    let is_filtered = v.query.iter().any(|(name, text)| name != "done" && !text.is_empty());
    let (title, about) = if is_filtered {
        ("customers-none-found", "customers-none-found-about")
    } else {
        ("customers-none", "customers-none-about")
    };
    let action = html! {
        @if !is_filtered && v.can::<kinds::CustomersCreate>() { (parts::primary("/console/customers/new", "add", &v.t("customers-new"))) }
    };
    html! { div.card { (parts::empty("customer", &v.t(title), &v.t(about), &action)) } }
}
