//! One address: how it stands, what it is told of, a try, another secret.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::events::EventAddressView;
use weighbridge::model::access::kinds;
use weighbridge::model::problem::Problem;
use weighbridge::model::tenant::Switch;

use super::new_address::{fields, shown};
use super::{above, kind, status};
use crate::console::parts::{self, Ask, Head, Tone};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/console/events/addresses/{address}", show)
            .does("event-address change", "saved")
            .tries("event-address test")
            .shows("event-address rotate", shown)
            .leads("event-address delete", |_, _| "/console/events".to_owned(), "event-address-deleted")
            .follows("event-address list"),
    ]
}

async fn show(v: Visit) -> Drawn {
    let one = v.engine.event_address(&v.may::<kinds::EventsRead>()?, v.id("address")?)?;
    let can = v.can::<kinds::EventsChange>();
    let head = Head {
        above: &[above(&v)],
        about: (!one.description.is_empty()).then_some(one.description.as_str()),
        badge: Some(status(&v, &one)),
        actions: html! { @if can { (actions(&v, &one)) } },
        ..Head::new(&one.url)
    };
    let body = html! {
        (head.show(&v))
        @if let Some(given) = v.answered("event-address test") { (tried(&v, given)) }
        @if let Some(halt) = &one.halt {
            (parts::notice(Tone::Bad, &html! { p { strong { (v.say("events-halted", &[("instant", v.at(halt.at).into())])) } " " (v.word("events-halt", halt.code.trim_start_matches("event_address."))) } }))
        }
        div data-live="address" { (parts::card(&v.t("status"), &parts::facts(&facts(&v, &one)))) }
        @if can { (change(&v, &one)?) (secret(&v, &one)) }
        @else { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("events", one.url.clone(), body))
}

fn actions(v: &Visit, one: &EventAddressView) -> Markup {
    let is_told = one.switch == Switch::On && one.halt.is_none();
    let switch = Ask::new(v, "event-address change").seen(&one.etag);
    html! {
        (Ask::new(v, "event-address test").button("", "mail", &v.t("events-test")))
        @if is_told { (switch.with("switch", "off").button("danger", "stop", &v.t("switch-off"))) }
        @else { (switch.with("switch", "on").button("primary", "play", &v.t("switch-on"))) }
    }
}

/// What came of a try.
fn tried(v: &Visit, given: &Value) -> Markup {
    let taken = given["taken"].as_bool().unwrap_or_default();
    let (tone, key) = if taken { (Tone::Good, "events-test-taken") } else { (Tone::Bad, "events-test-not-taken") };
    let event = given["event"].as_str().unwrap_or_default();
    parts::notice(
        tone,
        &html! {
            p { strong { (v.t(key)) } " " (v.language.said(given["said"].as_str().unwrap_or_default())) }
            p { a href={ "/console/events/" (event) } { (v.t("events-test-show")) } }
        },
    )
}

fn facts(v: &Visit, one: &EventAddressView) -> Vec<(String, Markup)> {
    let kinds: Vec<_> = one.kinds.iter().map(|of| kind(v, *of)).collect();
    let mut facts = vec![
        (
            v.t("events-kinds"),
            html! { @if kinds.is_empty() { (v.t("events-all-kinds")) } @else { (kinds.join(", ")) } },
        ),
        (
            v.t("events-taken"),
            html! { @match one.taken_at { Some(at) => (v.at(at)), None => (v.t("events-never-taken")) } },
        ),
        (v.t("events-added"), html! { (v.at(one.created_at)) }),
    ];
    if let Some(since) = one.failing_since {
        facts.push((v.t("events-failing"), html! { (v.at(since)) }));
    }
    if let Some(until) = one.previous_secret_until {
        let text = v.say("events-old-secret-until", &[("instant", v.at(until).into())]);
        facts.push((v.t("events-old-secret"), html! { (text) }));
    }
    facts
}

fn change(v: &Visit, one: &EventAddressView) -> Result<Markup, Problem> {
    let ask = Ask::new(v, "event-address change").seen(&one.etag);
    Ok(parts::card(&v.t("edit"), &ask.form(&html! { (fields(v, &ask, Some(one))) (ask.send("save")) })))
}

/// Another secret, and taking the address away.
fn secret(v: &Visit, one: &EventAddressView) -> Markup {
    parts::card(
        &v.t("events-secret"),
        &html! {
            p.muted { (v.t("events-rotate-about")) }
            div.row {
                (Ask::new(v, "event-address rotate").button("", "key", &v.t("events-rotate")))
                (Ask::new(v, "event-address delete").seen(&one.etag).button("danger", "remove", &v.t("events-delete")))
            }
        },
    )
}
