//! Who pulls a customer's data: third parties with a key of their own, from one day to another.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::{EndpointView, ServiceView};
use weighbridge::model::access::kinds;
use weighbridge::model::endpoint::Direction;
use weighbridge::model::meter::{Meter, Quota};
use weighbridge::model::problem::{Problem, ProblemCode};
use weighbridge::model::self_managed::Policy;
use weighbridge::model::service::MadeBy;

use super::Part;
use crate::console::parts::{self, Ask, Column, Tone, badge, quota_fields, window_fields};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

/// What is counted of what third parties pull.
pub(super) const METERS: [Meter; 3] = [Meter::Pulls, Meter::Records, Meter::Bytes];

pub(super) fn screens() -> Vec<Screen> {
    let new = |path: String| Screen::new(path, new).shows("service add", made);
    [both("/services", |path| Screen::new(path, list)), both("/services/new", new)].into_iter().flatten().collect()
}

/// What stands above a page of these.
pub(super) fn part<'a>(title: String) -> Part<'a> {
    Part::new("services", "my-services", title)
}

/// The list, as a way back to it.
pub(super) fn above(v: &Visit) -> (String, String) {
    (format!("{}/services", v.home()), v.t(if v.is_customers() { "nav-my-services" } else { "tab-services" }))
}

/// Whether whoever looks gives third parties access: the partner's staff, and a customer's people where their partner allows it.
pub(super) fn can_give(v: &Visit) -> bool {
    v.can::<kinds::ServicesChange>() && (!v.is_customers() || v.me.own_services == Some(Policy::Allow))
}

async fn list(v: Visit) -> Drawn {
    let found = v.engine.services(&v.may::<kinds::ServicesRead>()?)?.items;
    let can = can_give(&v);
    let add =
        html! { @if can { (parts::primary(&format!("{}/services/new", v.home()), "add", &v.t("services-new"))) } };
    let (title, about) = if v.is_customers() {
        (v.t("nav-my-services"), v.t("my-services-about"))
    } else {
        (v.t("tab-services"), v.t("services-about"))
    };
    let part = Part { about: Some(about), actions: add.clone(), ..part(title.clone()) };
    let body = html! {
        @if found.is_empty() { div.card { (parts::empty("key", &v.t("services-none"), &v.t("services-none-about"), &add)) } }
        @else { (table(&v, &title, &found)) }
        @if !can { (parts::whom_to_ask(&v, if v.is_customers() { "ask-partner-services" } else { "ask-tenant-admin" })) }
    };
    part.sheet(&v, &body)
}

fn table(v: &Visit, title: &str, found: &[ServiceView]) -> Markup {
    let mut columns = vec![
        Column::new(v.t("customers-name")),
        Column::new(v.t("status")),
        Column::new(v.t("services-endpoints")),
        Column::new(v.t("services-last-used")),
        Column::new(v.t("services-made-by")),
    ];
    if !v.is_customers() {
        columns.insert(1, Column::new(v.t("services-id")));
    }
    let lines: Vec<_> = found.iter().map(|one| line(v, one)).collect();
    parts::table(title, &columns, &lines)
}

fn line(v: &Visit, one: &ServiceView) -> Vec<Markup> {
    let mut line = vec![
        html! { a href={ (v.home()) "/services/" (one.id) } { (one.name) } @if !one.description.is_empty() { small { (one.description) } } },
        html! { (standing(v, one)) @if let Some(end) = one.window.end { small { (v.say("until-day", &[("day", v.day(end).into())])) } } },
        html! { @if one.endpoints.is_empty() { (v.t("services-no-endpoints")) } @else { (one.endpoints.join(", ")) } },
        html! { @match one.last_used_at { Some(at) => (v.language.distance(v.now, at.0)), None => (v.t("services-never-used")) } },
        html! { (made_by(v, one.made_by)) },
    ];
    if !v.is_customers() {
        line.insert(1, html! { code { (one.access_id) } });
    }
    line
}

/// How an access stands, in a word.
pub(super) fn standing(v: &Visit, one: &ServiceView) -> Markup {
    let (tone, word) = match one.refused.as_deref() {
        None => (Tone::Good, "on"),
        Some("external_service.not_started") => (Tone::Mute, "not-started"),
        Some("external_service.ended") => (Tone::Mute, "ended"),
        Some("external_service.off") => (Tone::Mute, "off"),
        Some(_) => (Tone::Warn, "stopped"),
    };
    badge(tone, &v.word("service", word))
}

pub(super) fn made_by(v: &Visit, whose: MadeBy) -> String {
    v.t(match (whose, v.is_customers()) {
        (MadeBy::Customer, false) => "services-by-customer",
        (MadeBy::Customer, true) => "services-by-you",
        (MadeBy::Tenant, false) => "services-by-organisation",
        (MadeBy::Tenant, true) => "services-by-partner",
    })
}

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::ServicesChange>()?;
    if !can_give(&v) {
        return Err(ProblemCode::OwnServicesDenied.into());
    }
    let ask = Ask::new(&v, "service add");
    let above = [above(&v)];
    let part = Part { above: &above, about: Some(v.t("services-new-about")), ..part(v.t("services-new")) };
    let sources = sources(&v)?;
    let body = parts::card(
        "",
        &ask.form(
            &html! { (fields(&ask, None, &sources)) (language_field(&ask, &v)) (ask.send_or_back("services-make", &format!("{}/services", v.home()))) },
        ),
    );
    part.sheet(&v, &body)
}

/// The endpoints that can be read.
pub(super) fn sources(v: &Visit) -> Result<Vec<EndpointView>, Problem> {
    let mut found = v.engine.endpoints(&v.may::<kinds::TransfersRead>()?)?.items;
    found.retain(|one| one.direction == Direction::Source);
    Ok(found)
}

/// What is asked of an access, new or known.
pub(super) fn fields(ask: &Ask<'_>, one: Option<&ServiceView>, sources: &[EndpointView]) -> Markup {
    let choices: Vec<_> = sources.iter().map(|one| (one.name.clone(), one.description.clone())).collect();
    let chosen = one.map(|one| one.endpoints.clone()).unwrap_or_default();
    let rate = one.map(|one| one.rate_per_minute.unwrap_or(0).to_string()).unwrap_or_default();
    let quota = one.map_or_else(Quota::default, |one| one.quota);
    html! {
        (ask.field("name", "customers-name").hint("services-name-hint").value_of(one.map(|one| &one.name)).required().text())
        (ask.field("description", "services-for").hint("services-for-hint").value_of(one.map(|one| &one.description)).text())
        @if choices.is_empty() { (parts::notice(Tone::Warn, &html! { p { (ask.t("services-no-sources")) } })) }
        @else { (ask.boxes("endpoints:several", "services-endpoints", &choices, &chosen)) }
        (window_fields(ask, one.map(|one| &one.window)))
        (ask.field("rate_per_minute", "services-rate").hint("services-rate-hint").value(rate).number())
        (quota_fields(ask, &quota, &METERS))
    }
}

/// In which language the third party is told: that of the page, unless another is chosen.
pub(super) fn language_field(ask: &Ask<'_>, v: &Visit) -> Markup {
    let languages = [("en", "English"), ("pl", "Polski")].map(|(tag, name)| (tag.to_owned(), name.to_owned()));
    ask.field("language", "services-language").value(v.language.tag()).choice(&languages)
}

/// A new key, with the whole message to the third party: shown this once.
pub(super) fn made(v: &Visit, given: &Value) -> Markup {
    let text = |name: &str| given[name].as_str().unwrap_or_default();
    let service = &given["service"];
    let title = v.say("services-key-title", &[("name", service["name"].as_str().unwrap_or_default().into())]);
    let itself = format!("{}/services/{}", v.home(), service["id"].as_str().unwrap_or_default());
    html! {
        (parts::Head { above: &[above(v)], ..parts::Head::new(&title) }.show(v))
        (parts::notice(Tone::Warn, &html! { p { strong { (v.t("services-key-once")) } " " (v.t("services-key-once-about")) } }))
        (parts::card("", &html! {
            (parts::copied(v, "message", &v.t("services-message"), text("message")))
            (parts::copied(v, "key", &v.t("services-key"), text("key")))
            (documentation(v))
        }))
        div.row { (parts::primary(&itself, "next", &v.t("services-to-it"))) }
    }
}

/// Where a third party reads how it is done.
pub(super) fn documentation(v: &Visit) -> Markup {
    let address = format!("{}/pull/v1/docs", v.origin);
    html! {
        (parts::copied(v, "documentation", &v.t("services-documentation"), &address))
        p.hint { (v.t("services-documentation-hint")) " " a href="/pull/v1/docs" { (v.t("services-documentation-open")) } }
    }
}
