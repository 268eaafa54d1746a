//! One event: what it says, and every try to send it.

use maud::{Markup, html};
use weighbridge::events::{EventAttemptView, EventDeliveryView, EventView};
use weighbridge::model::access::kinds;

use super::list::about;
use super::{above, delivery, kind, state};
use crate::console::parts::{self, Column, Head};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/events/{event}", show).follows("event show")]
}

async fn show(v: Visit) -> Drawn {
    let one = v.engine.event(&v.may::<kinds::EventsRead>()?, v.id("event")?)?;
    let title = kind(&v, one.kind);
    let body = html! {
        (Head { above: &[above(&v)], ..Head::new(&title) }.show(&v))
        div.stack data-live="event" {
            (parts::card("", &parts::facts(&facts(&v, &one))))
            @if one.deliveries.is_empty() { (parts::card(&v.t("events-tries"), &html! { p.muted { (v.t("events-unsent-about")) } })) }
            @for to in &one.deliveries { (tries(&v, to)) }
        }
    };
    Ok(Sheet::new("events", title, body))
}

fn facts(v: &Visit, one: &EventView) -> Vec<(String, Markup)> {
    let data = &one.data;
    let mut facts = vec![
        (v.t("status"), state(v, one.state)),
        (v.t("events-about-what"), about(data)),
        (v.t("events-when"), html! { (v.at(one.at)) }),
        (v.t("events-type"), html! { code { (one.kind) } }),
        (v.t("events-id"), html! { code { (one.id) } }),
    ];
    if let Some(code) = &data.code {
        facts.push((v.t("events-code"), html! { (parts::sentence(v.language, code)) " " code { (code) } }));
    }
    if let Some(passed) = &data.allowance {
        facts.push((v.word("quota", &passed.meter), html! { (v.n(passed.used)) " / " (v.n(passed.granted)) }));
    }
    if let Some(ends_at) = data.ends_at {
        facts.push((v.t("events-ends"), html! { (v.at(ends_at)) }));
    }
    if let (Some(run), Some(customer)) = (&data.run, &data.customer) {
        let path = format!("/console/customers/{}/runs/{run}", customer.id);
        facts.push((v.t("events-run"), html! { a href=(path) { (v.t("events-run-show")) } }));
    }
    facts
}

fn tries(v: &Visit, to: &EventDeliveryView) -> Markup {
    let columns = ["events-when", "events-answer"].map(|key| Column::new(v.t(key)));
    let line =
        |one: &EventAttemptView| vec![html! { span.nowrap { (v.at(one.at)) } }, html! { (v.language.said(&one.said)) }];
    let lines: Vec<_> = to.attempts.iter().rev().map(line).collect();
    let url = to.url.clone().unwrap_or_else(|| v.t("events-address-gone"));
    parts::card_with(
        &url,
        &delivery(v, to.state),
        &html! {
            @if let Some(next) = to.next_at { p.muted { (v.say("events-next-try", &[("instant", v.at(next).into())])) } }
            @if !lines.is_empty() { (parts::table(&format!("{}: {url}", v.t("events-tries")), &columns, &lines)) }
        },
    )
}
