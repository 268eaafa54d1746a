//! All addresses, and what they were told of in the last 30 days.

use maud::{Markup, html};
use serde_json::{Map, Value};
use weighbridge::events::{EventAddressView, EventData, EventFilter, EventView};
use weighbridge::model::access::kinds;
use weighbridge::model::event::EventKind;
use weighbridge::model::problem::Problem;

use super::{kind, state, status};
use crate::console::parts::{self, Ask, Column, Head, icon};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

/// What can be asked for in the address.
const FILTERS: [&str; 5] = ["kind", "state", "from", "to", "cursor"];

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/console/events", list)
            .does("event replay", "events-replayed")
            .follows("event list")
            .downloads("event list"),
    ]
}

async fn list(v: Visit) -> Drawn {
    let may = v.may::<kinds::EventsRead>()?;
    let addresses = v.engine.event_addresses(&may)?.items;
    let page = v.engine.events(&may, &asked(&v)?)?;
    let (title, can) = (v.t("nav-events"), v.can::<kinds::EventsChange>());
    let add = html! { @if can { (parts::primary("/console/events/addresses/new", "add", &v.t("events-add"))) } };
    let body = html! {
        (Head { about: Some(&v.t("events-about")), actions: add.clone(), ..Head::new(&title) }.show(&v))
        div data-live="addresses" {
            @if addresses.is_empty() { div.card { (parts::empty("mail", &v.t("events-no-address"), &v.t("events-no-address-about"), &Markup::default())) } }
            @else { (address_table(&v, &addresses)) }
        }
        h2.part { (v.t("events-told")) }
        (search(&v))
        div data-live="events" {
            @if page.items.is_empty() { div.card { (parts::empty("time", &v.t("events-none"), &v.t("events-none-about"), &Markup::default())) } }
            @else { (table(&v, &page.items)) }
        }
        (parts::pager(&v, page.next.as_ref()))
        @if v.can::<kinds::EventsReplay>() && !addresses.is_empty() { (replay(&v, &addresses)) }
        @if !can { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("events", title, body))
}

fn asked(v: &Visit) -> Result<EventFilter, Problem> {
    let given = FILTERS.iter().filter_map(|name| Some(((*name).to_owned(), v.asks(name)?.into())));
    let asked: Map<String, Value> = given.collect();
    serde_json::from_value(asked.into()).map_err(|error| Problem::invalid("", error.to_string()))
}

fn address_table(v: &Visit, found: &[EventAddressView]) -> Markup {
    let columns = ["events-address", "status", "events-kinds", "events-taken"].map(|key| Column::new(v.t(key)));
    let lines: Vec<_> = found.iter().map(|one| address_line(v, one)).collect();
    parts::table(&v.t("events-addresses"), &columns, &lines)
}

fn address_line(v: &Visit, one: &EventAddressView) -> Vec<Markup> {
    let kinds: Vec<_> = one.kinds.iter().map(|of| kind(v, *of)).collect();
    vec![
        html! { a.address href={ "/console/events/addresses/" (one.id) } { (one.url) } @if !one.description.is_empty() { small { (one.description) } } },
        html! { (status(v, one)) @if let Some(since) = one.failing_since { small { (v.say("events-failing-since", &[("instant", v.at(since).into())])) } } },
        html! { @if kinds.is_empty() { (v.t("events-all-kinds")) } @else { (kinds.join(", ")) } },
        html! { @match one.taken_at { Some(at) => (v.language.distance(v.now, at.0)), None => (v.t("events-never-taken")) } },
    ]
}

fn table(v: &Visit, found: &[EventView]) -> Markup {
    let columns = ["events-what", "events-about-what", "events-when", "status"].map(|key| Column::new(v.t(key)));
    let lines: Vec<_> = found.iter().map(|one| line(v, one)).collect();
    parts::table(&v.t("events-told"), &columns, &lines)
}

fn line(v: &Visit, one: &EventView) -> Vec<Markup> {
    vec![
        html! { a href={ "/console/events/" (one.id) } { (kind(v, one.kind)) } @if let Some(code) = &one.data.code { small.code { (code) } }
        @if let Some(passed) = &one.data.allowance { small { (v.word("quota", &passed.meter)) } } },
        about(&one.data),
        html! { span.nowrap { (v.at(one.at)) } },
        state(v, one.state),
    ]
}

/// Whom it is about, and below that, what of theirs.
pub(super) fn about(data: &EventData) -> Markup {
    let parts = [&data.transfer, &data.connection, &data.endpoint, &data.service];
    let part = parts.into_iter().flatten().next().map(|one| one.name.as_ref().unwrap_or(&one.id));
    html! {
        @match &data.customer {
            Some(customer) => { (customer.name.as_ref().unwrap_or(&customer.id)) @if let Some(part) = part { small { (part) } } }
            None => { (part.map_or("–", String::as_str)) }
        }
    }
}

fn search(v: &Visit) -> Markup {
    let kinds: Vec<_> = EventKind::ALL.iter().map(|one| (one.as_str().to_owned(), kind(v, *one))).collect();
    let states = ["waiting", "delivered", "failed", "unsent"].map(|one| (one.to_owned(), v.word("event-state", one)));
    let select = |name: &str, label: &str, choices: &[(String, String)]| {
        let chosen = v.asks(name).unwrap_or_default();
        html! {
            div.field { label for={ "f-" (name) } { (v.t(label)) }
                select #{ "f-" (name) } name=(name) {
                    option value="" { (v.t("filter-any")) }
                    @for (value, text) in choices { option value=(value) selected[value == chosen] { (text) } }
                } }
        }
    };
    let day = |name: &str| {
        html! {
            div.field { label for={ "f-" (name) } { (v.t(&format!("events-{name}"))) }
                input #{ "f-" (name) } type="date" name=(name) value=(v.asks(name).unwrap_or_default()); }
        }
    };
    html! {
        form.card method="get" role="search" {
            div.filter {
                (select("kind", "events-what", &kinds))
                (select("state", "status", &states))
                (day("from"))
                (day("to"))
                button.button { (icon("search")) (v.t("filter-apply")) }
                @if !v.query.is_empty() { a href=(v.path) { (v.t("filter-clear")) } }
            }
        }
    }
}

/// Sends the events of a time again.
fn replay(v: &Visit, addresses: &[EventAddressView]) -> Markup {
    let ask = Ask::new(v, "event replay");
    let mut choices = vec![(String::new(), v.t("events-all-addresses"))];
    choices.extend(addresses.iter().map(|one| (one.id.to_string(), one.url.clone())));
    parts::card(
        &v.t("events-replay"),
        &html! {
            p.muted { (v.t("events-replay-about")) }
            (ask.form(&html! {
                div.pair {
                    (ask.field("from", "events-from").required().date())
                    (ask.field("to", "events-to").required().date())
                }
                (ask.field("address", "events-address").choice(&choices))
                (ask.send("events-replay-send"))
            }))
        },
    )
}
