//! A customer's endpoints: where its data come from and go to, and taking one away.

use maud::{Markup, html};
use weighbridge::account::{EndpointStatus, EndpointView};
use weighbridge::model::access::kinds;
use weighbridge::model::endpoint::Direction;
use weighbridge::model::id::EndpointId;
use weighbridge::model::problem::Problem;

use super::{Part, schema};
use crate::console::parts::{self, Ask, Column, Tone, badge};
use crate::console::screen::{Drawn, Screen};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    let at = |end: &str| format!("/console/customers/{{customer}}/endpoints{end}");
    let back = |v: &Visit, _: &serde_json::Value| format!("{}/endpoints", v.home());
    vec![
        Screen::new(at(""), list),
        Screen::new(at("/{endpoint}"), show).does("endpoint accept-schema", "schema-accepted"),
        Screen::new(at("/{endpoint}/delete"), delete).leads("endpoint remove", back, "endpoint-removed"),
    ]
}

async fn list(v: Visit) -> Drawn {
    let found = v.engine.endpoints(&v.may::<kinds::TransfersRead>()?)?.items;
    let can = v.can::<kinds::TransfersChange>();
    let new = || parts::primary(&format!("{}/endpoints/new", v.home()), "add", &v.t("endpoints-new"));
    let actions = html! { @if can && !found.is_empty() { (new()) } };
    let part =
        Part { about: Some(v.t("endpoints-about")), actions, ..Part::new("endpoints", "", v.t("tab-endpoints")) };
    let columns = ["customers-name", "endpoint-direction", "status", "endpoint-place", "window", "used-by"]
        .map(|key| Column::new(v.t(key)));
    let lines: Vec<_> = found.iter().map(|one| line(&v, one)).collect();
    let add = html! { @if can { (new()) } };
    let body = html! {
        @if found.is_empty() { div.card { (parts::empty("server", &v.t("endpoints-none"), &v.t("endpoints-none-about"), &add)) } }
        @else { (parts::table(&v.t("tab-endpoints"), &columns, &lines)) }
        @if !can { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    part.sheet(&v, &body)
}

fn line(v: &Visit, one: &EndpointView) -> Vec<Markup> {
    vec![
        html! { a href=(path(v, one)) { (one.name) } small { (one.description) } },
        html! { (v.word("side", &parts::worded(&one.direction))) },
        endpoint_badge(v, one.status),
        place(one),
        html! { @if one.window.start.is_none() && one.window.end.is_none() { span.muted { (v.t("window-always")) } } @else { (parts::window(v, &one.window)) } },
        used_by(v, one),
    ]
}

/// The page of an endpoint.
pub(super) fn path(v: &Visit, one: &EndpointView) -> String {
    format!("{}/endpoints/{}", v.home(), one.id)
}

/// The endpoint that the address names.
pub(super) fn found(v: &Visit) -> Result<EndpointView, Problem> {
    v.engine.endpoint(&v.may::<kinds::TransfersRead>()?, v.id::<EndpointId>("endpoint")?)
}

/// What stands above a page of an endpoint.
pub(super) fn above(v: &Visit, one: Option<&EndpointView>) -> Vec<(String, String)> {
    let list = (format!("{}/endpoints", v.home()), v.t("tab-endpoints"));
    std::iter::once(list).chain(one.map(|one| (path(v, one), one.name.clone()))).collect()
}

fn place(one: &EndpointView) -> Markup {
    html! {
        @match &one.connection_label { Some(label) => (label), None => "–" }
        @if let Some(stream) = &one.stream { small { (stream) } }
    }
}

fn used_by(v: &Visit, one: &EndpointView) -> Markup {
    html! {
        @if one.used_by.is_empty() { span.muted { (v.t("used-by-none")) } }
        @else { ul.plain { @for user in &one.used_by { li { (v.language.said(user)) } } } }
    }
}

/// How an endpoint stands, in the words of connected systems.
fn endpoint_badge(v: &Visit, status: EndpointStatus) -> Markup {
    let tone = match status {
        EndpointStatus::On => Tone::Good,
        EndpointStatus::NeedsConfiguration => Tone::Warn,
        EndpointStatus::Off | EndpointStatus::NotStarted | EndpointStatus::Ended => Tone::Mute,
    };
    badge(tone, &v.word("system", &parts::worded(&status)))
}

async fn show(v: Visit) -> Drawn {
    let one = found(&v)?;
    let can = v.can::<kinds::TransfersChange>();
    let above = above(&v, None);
    let actions = html! {
        @if can {
            (parts::link(&format!("{}/edit", path(&v, &one)), "edit", &v.t("endpoint-edit")))
            (parts::link(&format!("{}/delete", path(&v, &one)), "remove", &v.t("endpoint-delete")))
        }
    };
    let part = Part {
        above: &above,
        badge: Some(endpoint_badge(&v, one.status)),
        about: Some(one.description.clone()),
        actions,
        ..Part::new("endpoints", "", one.name.clone())
    };
    let system = html! {
        @match (&one.connection, &one.connection_label) {
            (Some(id), Some(label)) => a href={ (v.home()) "/systems/" (id) } { (label) },
            _ => (v.t("endpoint-no-place")),
        }
    };
    let mut facts = vec![
        (v.t("endpoint-direction"), html! { (v.word("side", &parts::worded(&one.direction))) }),
        (v.t("endpoint-system"), system),
        (v.t("endpoint-function"), html! { (one.stream.as_deref().unwrap_or("–")) }),
    ];
    if let Some(partition) = &one.partition {
        facts.push((v.t("endpoint-partition"), html! { (partition) }));
    }
    facts.push((v.t("window"), parts::window(&v, &one.window)));
    facts.push((v.t("used-by"), used_by(&v, &one)));
    let body = html! {
        @if one.status == EndpointStatus::NeedsConfiguration {
            (parts::notice(Tone::Warn, &html! { p { (v.t("endpoint-needs-place")) } }))
        }
        (parts::card(&v.t("customer-about"), &parts::facts(&facts)))
        @if one.direction == Direction::Source { (schema::cards(&v, &one)?) }
        @if !can { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    part.sheet(&v, &body)
}

async fn delete(v: Visit) -> Drawn {
    v.may::<kinds::TransfersChange>()?;
    let one = found(&v)?;
    let above = above(&v, Some(&one));
    let title = v.say("customer-delete-title", &[("name", one.name.as_str().into())]);
    let part = Part { above: &above, ..Part::new("endpoints", "", title) };
    let ask = Ask::new(&v, "endpoint remove").seen(&one.etag);
    let body = parts::card(
        "",
        &html! {
            (parts::notice(Tone::Warn, &html! {
                p { (v.t("endpoint-delete-about")) }
                @if !one.used_by.is_empty() { p { (v.t("endpoint-delete-used")) } (used_by(&v, &one)) }
            }))
            (ask.form(&ask.danger_or_back("customer-delete", &path(&v, &one))))
        },
    );
    part.sheet(&v, &body)
}

/// The choices of a direction, each with a sentence.
pub(super) fn directions(v: &Visit) -> Vec<(String, String, String)> {
    let one = |direction: Direction, about: &str| {
        let word = parts::worded(&direction);
        (word.clone(), v.word("side", &word), v.t(about))
    };
    vec![one(Direction::Source, "endpoint-source-about"), one(Direction::Destination, "endpoint-destination-about")]
}
