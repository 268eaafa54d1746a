//! One third party's access: its dates, its switch, its key, and why it gets records or not.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::{AccessExplained, MessageLanguage, ServiceView};
use weighbridge::model::access::kinds;
use weighbridge::model::id::{EndpointId, ExternalServiceId};
use weighbridge::model::problem::{Problem, ProblemCode};
use weighbridge::model::service::MadeBy;
use weighbridge::model::tenant::Switch;

use super::Part;
use super::services::{
    METERS, above, can_give, documentation, fields, language_field, made, made_by, part, sources, standing,
};
use crate::console::parts::{self, Ask, Tone, icon};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    [
        both("/services/{service}", |path| Screen::new(path, show).does("service switch", "switched")),
        both("/services/{service}/edit", |path| Screen::new(path, edit).leads("service change", to_itself, "saved")),
        both("/services/{service}/key", |path| Screen::new(path, key).shows("service rotate", made)),
        both("/services/{service}/explain", |path| Screen::new(path, explain)),
        both("/services/{service}/remove", |path| {
            Screen::new(path, remove).leads("service remove", |v, _| above(v).0, "service-removed")
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn itself(v: &Visit) -> String {
    let id = v.ids.get("service").and_then(Value::as_str).unwrap_or_default();
    format!("{}/services/{id}", v.home())
}

fn to_itself(v: &Visit, _: &Value) -> String {
    itself(v)
}

fn one(v: &Visit) -> Result<ServiceView, Problem> {
    let id: ExternalServiceId = v.id("service")?;
    v.engine.service(&v.may::<kinds::ServicesRead>()?, id)
}

/// What its partner gave, a customer only switches off.
fn can_change(v: &Visit, one: &ServiceView) -> bool {
    can_give(v) && is_own(v, one)
}

fn is_own(v: &Visit, one: &ServiceView) -> bool {
    !v.is_customers() || one.made_by == MadeBy::Customer
}

/// The same, to be changed by whoever looks.
fn to_change(v: &Visit) -> Result<ServiceView, Problem> {
    v.may::<kinds::ServicesChange>()?;
    let one = one(v)?;
    if !is_own(v, &one) {
        return Err(ProblemCode::ServiceOfPartner.into());
    }
    Ok(one)
}

fn can_switch(v: &Visit, one: &ServiceView) -> bool {
    let is_partners = v.is_customers() && one.switch == Switch::Off && one.off_by == Some(MadeBy::Tenant);
    v.can::<kinds::ServicesSwitch>() && !is_partners
}

async fn show(v: Visit) -> Drawn {
    let one = one(&v)?;
    let (can, above) = (can_change(&v, &one), [above(&v)]);
    let actions = html! {
        @if can_switch(&v, &one) { (switch(&v, &one)) }
        @if can { (parts::link(&format!("{}/edit", itself(&v)), "edit", &v.t("edit"))) }
    };
    let about = (!one.description.is_empty()).then(|| one.description.clone());
    let part = Part { above: &above, badge: Some(standing(&v, &one)), about, actions, ..part(one.name.clone()) };
    let body = html! {
        @if let Some(code) = &one.refused { (still(&v, code)) }
        div.columns {
            (parts::card(&v.t("services-access"), &parts::facts(&access(&v, &one))))
            (parts::card(&v.t("services-used"), &parts::facts(&parts::used_of(&v, &one.quota, &one.used, &METERS))))
        }
        (asks_why(&v, &one, None)?)
        @if !v.is_customers() || can { (message(&v, &one, can)?) }
        @if can { div.row { (parts::link(&format!("{}/remove", itself(&v)), "remove", &v.t("services-remove"))) } }
        @if v.is_customers() && one.made_by == MadeBy::Tenant { (parts::whom_to_ask(&v, "ask-partner-service")) }
    };
    part.sheet(&v, &body)
}

fn switch(v: &Visit, one: &ServiceView) -> Markup {
    let ask = Ask::new(v, "service switch");
    match one.switch {
        Switch::On => ask.with("switch", "off").button("danger", "stop", &v.t("switch-off")),
        Switch::Off => ask.with("switch", "on").button("primary", "play", &v.t("switch-on")),
    }
}

/// Why it gets nothing at the moment.
fn still(v: &Visit, code: &str) -> Markup {
    parts::notice(
        Tone::Warn,
        &html! { p { strong { (v.t("services-gets-nothing")) } " " (parts::sentence(v.language, code)) } },
    )
}

fn access(v: &Visit, one: &ServiceView) -> Vec<(String, Markup)> {
    let mut facts = vec![
        (v.t("window"), parts::window(v, &one.window)),
        (
            v.t("services-endpoints"),
            html! { @if one.endpoints.is_empty() { (v.t("services-no-endpoints")) } @else { (one.endpoints.join(", ")) } },
        ),
        (
            v.t("services-last-used"),
            html! { @match one.last_used_at { Some(at) => (v.at(at)), None => (v.t("services-never-used")) } },
        ),
        (v.t("services-made-by"), html! { (made_by(v, one.made_by)) ", " (v.at(one.created_at)) }),
    ];
    if v.is_customers() {
        return facts;
    }
    facts.insert(0, (v.t("services-id"), html! { code { (one.access_id) } }));
    facts.push((
        v.t("services-rate"),
        html! { @match one.rate_per_minute { Some(rate) => (v.n(rate)), None => (v.t("used-unlimited")) } },
    ));
    if let Some(until) = one.previous_key_until {
        facts.push((
            v.t("services-old-key"),
            html! { (v.say("services-old-key-until", &[("instant", v.at(until).into())])) },
        ));
    }
    facts
}

/// What the third party was told, without the key.
fn message(v: &Visit, one: &ServiceView, can: bool) -> Result<Markup, Problem> {
    let language = v.asks("message").unwrap_or_else(|| v.language.tag());
    let is_polish = language == "pl";
    let chosen = if is_polish { MessageLanguage::Pl } else { MessageLanguage::En };
    let text = v.engine.service_message(&v.may::<kinds::ServicesRead>()?, one.id, chosen)?.text;
    let tabs = [("en", "English"), ("pl", "Polski")]
        .map(|(tag, name)| (format!("{}?message={tag}", v.path), name.to_owned(), is_polish == (tag == "pl")));
    let actions = html! { @if can { (parts::link(&format!("{}/key", itself(v)), "key", &v.t("services-new-key"))) } };
    let shown = html! {
        p.muted { (v.t("services-message-about")) }
        (parts::tabs(&v.t("services-language"), &tabs))
        (parts::copied(v, "message", &v.t("services-message"), &text))
        (documentation(v))
    };
    Ok(parts::card_with(&v.t("services-to-pass-on"), &actions, &shown))
}

/// Asks why it does or does not get records of an endpoint.
fn asks_why(v: &Visit, one: &ServiceView, chosen: Option<EndpointId>) -> Result<Markup, Problem> {
    if v.is_customers() {
        return Ok(Markup::default());
    }
    let sources = sources(v)?;
    let shown = html! {
        form.line method="get" action={ (itself(v)) "/explain" } {
            div.field {
                label for="endpoint" { (v.t("services-endpoint")) }
                select #endpoint name="endpoint" {
                    @for source in &sources {
                        option value=(source.id) selected[chosen.map_or_else(|| one.endpoints.contains(&source.name), |id| id == source.id)] { (source.name) }
                    }
                }
            }
            button.button { (icon("question")) (v.t("services-ask-why")) }
        }
    };
    Ok(if sources.is_empty() { Markup::default() } else { parts::card(&v.t("services-why"), &shown) })
}

async fn explain(v: Visit) -> Drawn {
    let one = one(&v)?;
    let endpoint: EndpointId = v.asks("endpoint").and_then(|id| id.parse().ok()).ok_or(ProblemCode::NotThere)?;
    let said = v.engine.explain_service(&v.may::<kinds::ServicesRead>()?, one.id, endpoint)?;
    let said = AccessExplained::from(said);
    let above = [above(&v), (itself(&v), one.name.clone())];
    let part = Part { above: &above, ..part(v.t("services-why")) };
    let levels = said.levels.iter().map(|level| (level.level.as_str(), level.code.as_deref(), level.until));
    let body = html! {
        (asks_why(&v, &one, Some(endpoint))?)
        @match &said.refusal {
            None => (parts::notice(Tone::Good, &html! { p { strong { (v.t("services-gets-records")) } } })),
            Some(code) => (parts::notice(Tone::Warn, &html! {
                p { strong { (parts::sentence(v.language, code)) } " " (parts::next_step(v.language, code)) }
                @if let Some(at) = said.changes_at { p { (v.say("until-instant", &[("instant", v.at(at).into())])) } }
            })),
        }
        @if !v.is_customers() { (parts::card(&v.t("gate-levels"), &parts::said_by_levels(&v, levels))) }
    };
    part.sheet(&v, &body)
}

async fn edit(v: Visit) -> Drawn {
    let one = to_change(&v)?;
    let above = [above(&v), (itself(&v), one.name.clone())];
    let part = Part { above: &above, ..part(v.say("edit-title", &[("name", one.name.as_str().into())])) };
    let ask = Ask::new(&v, "service change").seen(&one.etag);
    let sources = sources(&v)?;
    let form = ask.form(&html! { (fields(&ask, Some(&one), &sources)) (ask.send_or_back("save", &itself(&v))) });
    part.sheet(&v, &parts::card("", &form))
}

async fn key(v: Visit) -> Drawn {
    let one = to_change(&v)?;
    let above = [above(&v), (itself(&v), one.name.clone())];
    let part = Part { above: &above, about: Some(v.t("services-new-key-about")), ..part(v.t("services-new-key")) };
    let ask = Ask::new(&v, "service rotate");
    let form = ask.form(&html! {
        (ask.field("overlap_hours", "services-overlap").hint("services-overlap-hint").value("24").required().number())
        (language_field(&ask, &v))
        (ask.send_or_back("services-make-key", &itself(&v)))
    });
    part.sheet(&v, &parts::card("", &form))
}

async fn remove(v: Visit) -> Drawn {
    let one = to_change(&v)?;
    let above = [above(&v), (itself(&v), one.name.clone())];
    let title = v.say("services-remove-title", &[("name", one.name.as_str().into())]);
    let part = Part { above: &above, about: Some(v.t("services-remove-about")), ..part(title) };
    let ask = Ask::new(&v, "service remove").seen(&one.etag);
    let form = ask.form(&html! {
        (ask.field("confirm", "services-remove-name").hint_text(one.name.clone()).required().text())
        (ask.danger_or_back("services-remove", &itself(&v)))
    });
    part.sheet(&v, &parts::card("", &form))
}
