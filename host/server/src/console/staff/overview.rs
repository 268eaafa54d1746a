//! One customer at a glance: how far its beginning has come, and what there is to know of it.

use maud::{Markup, html};
use weighbridge::account::{CustomerView, OnboardingStep, OnboardingView};
use weighbridge::model::access::kinds;
use weighbridge::model::customer::CustomerStatus;
use weighbridge::model::problem::Problem;

use super::tabs::of_customer;
use crate::console::parts::{self, Ask, Tone, icon};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/console/customers/{customer}", show)
            .does("customer activate", "customer-activated")
            .does("onboarding finish", "customer-activated"),
    ]
}

async fn show(v: Visit) -> Drawn {
    let (one, head) = of_customer(&v, "overview")?;
    let is_living = !matches!(one.status, CustomerStatus::Deleting | CustomerStatus::Deleted);
    let checklist = if is_living { checklist(&v, &one).await? } else { Markup::default() };
    let body = html! {
        (head)
        @if !is_living { (leaving(&v, &one)) }
        @if one.status == CustomerStatus::Inactive { (inactive(&v, &one)) }
        (checklist)
        div.columns { (about(&v, &one)) (contact(&v, &one)) }
        @if is_living && v.can::<kinds::CustomerSwitch>() { (ends(&v, &one)) }
        @if !v.can::<kinds::CustomerChange>() { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("customers", one.name, body))
}

fn inactive(v: &Visit, one: &CustomerView) -> Markup {
    parts::notice(
        Tone::Warn,
        &html! {
            p { strong { (v.t("customer-inactive")) } " " (v.t("customer-inactive-about")) }
            @if let Some(reason) = &one.inactive_reason { p { (v.t("customers-reason")) ": " (reason) } }
            @if let Some(at) = one.active_from { p { (v.say("customer-active-from", &[("instant", v.at(at).into())])) } }
            @if v.can::<kinds::CustomerSwitch>() {
                (Ask::new(v, "customer activate").seen(&one.etag).button("primary", "play", &v.t("customers-activate")))
            }
        },
    )
}

fn leaving(v: &Visit, one: &CustomerView) -> Markup {
    let path = format!("/console/customers/{}/delete", one.id);
    parts::notice(
        Tone::Busy,
        &html! {
            p { strong { (v.t("customer-leaving")) } " " (v.t("customer-leaving-about")) }
            @if v.can::<kinds::CustomerDelete>() { p { a href=(path) { (v.t("customer-receipt-link")) } } }
        },
    )
}

/// How far the customer's beginning has come.
async fn checklist(v: &Visit, one: &CustomerView) -> Result<Markup, Problem> {
    let list = v.engine.onboarding(&v.may::<kinds::CustomerRead>()?).await?;
    // Who works without a workflow has begun all the same.
    let is_active = one.status == CustomerStatus::Active;
    if list.steps.iter().all(|step| step.done || is_active && step.step == "workflow") {
        return Ok(Markup::default());
    }
    Ok(parts::card(
        &v.t("onboarding"),
        &html! {
            p.muted { (v.t("onboarding-about")) }
            ol.steps { @for step in &list.steps { (shown_step(v, one, step, &list)) } }
        },
    ))
}

fn shown_step(v: &Visit, one: &CustomerView, step: &OnboardingStep, list: &OnboardingView) -> Markup {
    let home = format!("/console/customers/{}", one.id);
    let place = match step.step.as_str() {
        "workflow" => Some((format!("{home}/workflow"), v.can::<kinds::TransfersChange>())),
        "connections" | "check" => Some((format!("{home}/systems"), v.can::<kinds::ConnectionsChange>())),
        "endpoints" => Some((format!("{home}/endpoints"), v.can::<kinds::TransfersChange>())),
        _ => None,
    };
    let is_last = step.step == "active" && list.ready && v.can::<kinds::CustomerSwitch>();
    html! {
        li.is-done[step.done] {
            (icon(if step.done { "good" } else { "time" }))
            div {
                strong { (v.word("step", &step.step)) }
                @if !step.done { @for missing in &step.missing { small { (v.language.said(missing)) } " " } }
            }
            @if !step.done {
                @if let Some((path, true)) = place { (parts::link(&path, "next", &v.t("onboarding-go"))) }
                @if is_last { (Ask::new(v, "onboarding finish").button("primary", "play", &v.t("customers-activate"))) }
            }
        }
    }
}

fn about(v: &Visit, one: &CustomerView) -> Markup {
    let mut facts = vec![
        (v.t("customers-external-id"), html! { (one.external_id.as_deref().unwrap_or("–")) }),
        (
            v.t("customers-labels"),
            html! { @if one.labels.is_empty() { "–" } span.tags { @for label in &one.labels { span.tag { (label) } } } },
        ),
        (v.t("customers-since"), html! { (v.at(one.created_at)) }),
        (v.t("window"), parts::window(v, &one.window)),
    ];
    let granted = parts::granted(v, &one.quota);
    if !granted.is_empty() {
        facts.push((v.t("quota"), html! { ul.plain { @for line in &granted { li { (line) } } } }));
    }
    parts::card(&v.t("customer-about"), &parts::facts(&facts))
}

fn contact(v: &Visit, one: &CustomerView) -> Markup {
    let (name, email, phone) = (&one.contact.name, &one.contact.email, &one.contact.phone);
    let shown = |text: &Option<String>| html! { (text.as_deref().unwrap_or("–")) };
    parts::card(
        &v.t("contact"),
        &parts::facts(&[
            (v.t("contact-name"), shown(name)),
            (
                v.t("contact-email"),
                html! { @match email { Some(email) => a href={ "mailto:" (email) } { (email) }, None => "–" } },
            ),
            (v.t("contact-phone"), shown(phone)),
        ]),
    )
}

/// What switches a customer off, or ends it.
fn ends(v: &Visit, one: &CustomerView) -> Markup {
    let home = format!("/console/customers/{}", one.id);
    html! {
        div.row {
            @if one.status == CustomerStatus::Active { (parts::link(&format!("{home}/deactivate"), "stop", &v.t("customers-deactivate"))) }
            @if v.can::<kinds::CustomerDelete>() { (parts::link(&format!("{home}/delete"), "remove", &v.t("customer-delete"))) }
        }
    }
}
