//! What the organisation offers its customers to connect: by category, with its price, its OAuth client and its switch.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::{IntegrationView, OfferableView};
use weighbridge::model::access::kinds;
use weighbridge::model::id::IntegrationId;
use weighbridge::model::tenant::Switch;

use crate::console::customer::{category_name, purposes, sign};
use crate::console::parts::{self, Ask, Head, Tone, badge};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

const LIST: &str = "/console/integrations";

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new(LIST, list),
        Screen::new("/console/integrations/new/{connector}", new).leads("integration add", to_offer, "offer-made"),
        Screen::new("/console/integrations/{integration}", show).does("integration change", "saved"),
    ]
}

fn to_offer(_: &Visit, given: &Value) -> String {
    format!("{LIST}/{}", given["id"].as_str().unwrap_or_default())
}

async fn list(v: Visit) -> Drawn {
    let may = v.may::<kinds::IntegrationsRead>()?;
    let (offers, offerable) = (v.engine.integrations(&may)?.items, v.engine.offerable(&may).await?.items);
    let mut categories: BTreeMap<&str, Vec<&OfferableView>> = BTreeMap::new();
    for one in &offerable {
        categories.entry(one.categories.first().map_or("other", String::as_str)).or_default().push(one);
    }
    let title = v.t("nav-integrations");
    let can = v.can::<kinds::IntegrationsChange>();
    let body = html! {
        (Head { about: Some(&v.t("offers-about")), ..Head::new(&title) }.show(&v))
        @if offers.is_empty() { div.card { (parts::empty("plug", &v.t("offers-none"), &v.t("offers-none-about"), &Markup::default())) } }
        @else { div.cards { @for one in &offers { (card(&v, one, &offerable)) } } }
        section.stack {
            h2 { (v.t("offers-possible")) }
            p.muted { (v.t("offers-possible-about")) }
            @if offerable.is_empty() { div.card { (parts::empty("plug", &v.t("offers-no-connectors"), &v.t("offers-no-connectors-about"), &Markup::default())) } }
            @for (category, connectors) in &categories {
                h3 { (category_name(&v, category)) }
                div.cards { @for one in connectors { (possible(&v, one, can)) } }
            }
        }
        @if !can { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("integrations", title, body))
}

fn card(v: &Visit, one: &IntegrationView, offerable: &[OfferableView]) -> Markup {
    let platform = offerable.iter().find(|platform| platform.connector == one.connector.as_str());
    let title = platform.map_or_else(|| one.connector.to_string(), |platform| platform.title.clone());
    html! {
        section.card {
            div.platform { (sign(&title)) div { h3 { a href={ (LIST) "/" (one.id) } { (one.name) } } small { (title) } } }
            div.row {
                (switch(v, one.switch))
                @if one.self_managed { (badge(Tone::Busy, &v.t("offer-self-managed"))) }
                @if platform.is_none() { (badge(Tone::Bad, &v.t("offer-unusable"))) }
            }
            @if let Some(price) = &one.price { p { (price) } }
        }
    }
}

fn switch(v: &Visit, switch: Switch) -> Markup {
    match switch {
        Switch::On => badge(Tone::Good, &v.t("offer-on")),
        Switch::Off => badge(Tone::Mute, &v.t("offer-off")),
    }
}

fn possible(v: &Visit, one: &OfferableView, can: bool) -> Markup {
    html! {
        section.card {
            div.platform { (sign(&one.title)) div { h3 { (one.title) } small { (one.connector) " " (one.version) } } }
            p { (one.summary) }
            (purposes(v, one.functions.iter().map(|function| (function.direction, function.purpose.as_str()))))
            @if can { div.row { (parts::link(&format!("{LIST}/new/{}", one.connector), "add", &v.t("offer-this"))) } }
        }
    }
}

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::IntegrationsChange>()?;
    let wanted = v.ids.get("connector").and_then(Value::as_str).unwrap_or_default().to_owned();
    let found = v.engine.offerable(&v.may::<kinds::IntegrationsRead>()?).await?.items;
    let one = found.into_iter().find(|one| one.connector == wanted);
    let one = one.ok_or(weighbridge::model::problem::ProblemCode::NotThere)?;
    let title = v.say("offer-new-title", &[("platform", one.title.as_str().into())]);
    let ask = Ask::new(&v, "integration add").with("connector", &one.connector);
    let body = html! {
        (Head { above: &[(LIST.to_owned(), v.t("nav-integrations"))], about: Some(&one.summary), ..Head::new(&title) }.show(&v))
        (parts::card("", &ask.form(&html! {
            (ask.field("name", "customers-name").hint("offer-name-hint").value(&one.title).required().text())
            (fields(&ask, None, Some(&one)))
            (ask.send_or_back("offer-make", LIST))
        })))
    };
    Ok(Sheet::new("integrations", title, body))
}

async fn show(v: Visit) -> Drawn {
    let may = v.may::<kinds::IntegrationsRead>()?;
    let id: IntegrationId = v.id("integration")?;
    let one = v.engine.integration(&may, id)?;
    let platform =
        v.engine.offerable(&may).await?.items.into_iter().find(|other| other.connector == one.connector.as_str());
    let can = v.can::<kinds::IntegrationsChange>();
    let ask = Ask::new(&v, "integration change").seen(&one.etag);
    let to = if one.switch == Switch::On {
        ("off", "danger", "stop", "offer-switch-off")
    } else {
        ("on", "primary", "play", "offer-switch-on")
    };
    let actions = html! { @if can { (Ask::new(&v, "integration change").seen(&one.etag).with("switch", to.0).button(to.1, to.2, &v.t(to.3))) } };
    let head = Head {
        above: &[(LIST.to_owned(), v.t("nav-integrations"))],
        badge: Some(switch(&v, one.switch)),
        about: platform.as_ref().map(|platform| platform.summary.as_str()),
        actions,
        ..Head::new(&one.name)
    };
    let body = html! {
        (head.show(&v))
        (parts::card(&v.t("offer-leaves"), &leaves(&v, &one, platform.as_ref())))
        @if can { (parts::card(&v.t("edit"), &ask.form(&html! { (fields(&ask, Some(&one), platform.as_ref())) (ask.send_or_back("save", LIST)) }))) }
        @else { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("integrations", one.name.clone(), body))
}

/// Where it may go from this host, and what it shows there.
fn leaves(v: &Visit, one: &IntegrationView, platform: Option<&OfferableView>) -> Markup {
    let hosts = match (one.grant.hosts.is_empty(), platform) {
        (false, _) => one.grant.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        (true, Some(platform)) => platform.hosts.join(", "),
        (true, None) => v.t("offer-all-hosts"),
    };
    let networks: Vec<_> = one.grant.networks.iter().map(ToString::to_string).collect();
    html! {
        (parts::facts(&[
            (v.t("offer-hosts"), html! { (hosts) }),
            (v.t("offer-networks"), html! { @if networks.is_empty() { (v.t("offer-no-networks")) } @else { (networks.join(", ")) } }),
            (v.t("offer-folders"), html! { @if one.grant.folders.is_empty() { (v.t("offer-no-folders")) } @else { (one.grant.folders.join(", ")) } }),
            (v.t("offer-ca"), html! { (one.ca.as_deref().unwrap_or("–")) }),
            (v.t("offer-certificate"), html! { (one.client_certificate.as_deref().unwrap_or("–")) }),
            (v.t("offer-client"), html! { (v.t(if one.has_oauth_client { "yes" } else { "no" })) }),
        ]))
        p.hint { (v.t("offer-leaves-hint")) }
    }
}

fn fields(ask: &Ask<'_>, one: Option<&IntegrationView>, platform: Option<&OfferableView>) -> Markup {
    let is_self_managed = one.is_some_and(|one| one.self_managed);
    let choices =
        [("true".to_owned(), ask.t("offer-self-managed-yes")), ("false".to_owned(), ask.t("offer-self-managed-no"))];
    let defaults = one.map(|one| serde_json::to_string_pretty(&one.defaults).unwrap_or_default()).unwrap_or_default();
    html! {
        (ask.field("price", "offer-price").hint("offer-price-hint").value_of(one.and_then(|one| one.price.as_ref())).text())
        (ask.field("self_managed", "offer-self-managed").hint("offer-self-managed-hint").value(is_self_managed).choice(&choices))
        @if platform.is_none_or(|platform| platform.takes_oauth_client) {
            (ask.group("offer-client", &html! {
                p.hint { (ask.t("offer-client-hint")) }
                div.pair {
                    (ask.field("oauth_client.id", "offer-client-id").text())
                    (ask.field("oauth_client.secret", "offer-client-secret").secret("off"))
                }
            }))
        }
        (ask.field("defaults:json", "offer-defaults").hint("offer-defaults-hint").value(if defaults == "{}" { String::new() } else { defaults }).area(5))
    }
}
