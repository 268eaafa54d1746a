//! Whether customers connect systems by themselves: the organisation's setting, a customer's beside it, and what comes of both.

use maud::{Markup, html};
use weighbridge::account::{AcknowledgedView, OfferView, SelfManagedView};
use weighbridge::model::access::kinds;
use weighbridge::model::self_managed::{Choice, Policy};

use super::tabs::of_customer;
use crate::console::parts::{self, Ask, Column, Head, Tone, badge};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/console/self-managed", organisation).does("self-managed set", "self-managed"),
        Screen::new("/console/customers/{customer}/self-managed", customer).does("self-managed choose", "self-managed"),
    ]
}

async fn organisation(v: Visit) -> Drawn {
    let set = v.engine.self_managed(&v.may::<kinds::IntegrationsRead>()?)?;
    let title = v.t("nav-self-managed");
    let can = v.can::<kinds::TenantChange>();
    let ask = Ask::new(&v, "self-managed set");
    let radios = [radio(&v, "allow", "organisation"), radio(&v, "deny", "organisation")];
    let body = html! {
        (Head { about: Some(&v.t("self-managed-about")), badge: Some(result(&v, set.policy)), ..Head::new(&title) }.show(&v))
        @if can {
            (parts::card(&v.t("self-managed-setting"), &ask.form(&html! {
                (ask.field("policy", "self-managed-policy").value(policy_word(set.policy)).required().radios(&radios))
                (ask.field("text", "self-managed-text").hint("self-managed-text-hint").value(&set.text).area(2))
                (ask.send("save"))
            })))
        } @else { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
        (acknowledged(&v, set.acknowledged.as_ref()))
        (offers(&v, &set.offers))
    };
    Ok(Sheet::new("self-managed", title, body))
}

async fn customer(v: Visit) -> Drawn {
    let set = v.engine.customer_self_managed(&v.may::<kinds::SelfManagedRead>()?)?;
    let (one, head) = of_customer(&v, "systems")?;
    let can = v.can::<kinds::SelfManagedChange>();
    let ask = Ask::new(&v, "self-managed choose");
    let choice = set.choice.unwrap_or_default();
    let radios = [radio(&v, "inherit", "customer"), radio(&v, "allow", "customer"), radio(&v, "deny", "customer")];
    let title = v.t("nav-self-managed");
    let body = html! {
        (head)
        (Head { about: Some(&v.t("self-managed-customer-about")), ..Head::new(&title) }.second(&v))
        (side_by_side(&v, &set, choice))
        @if can {
            (parts::card(&v.t("self-managed-of-customer"), &ask.form(&html! {
                (ask.field("choice", "self-managed-policy").value(choice_word(choice)).required().radios(&radios))
                (ask.field("switch_off", "self-managed-switch-off").hint("self-managed-switch-off-hint").check())
                (ask.send("save"))
            })))
        } @else { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
        (acknowledged(&v, set.customer_acknowledged.as_ref().or(set.acknowledged.as_ref())))
        (offers(&v, &set.offers))
    };
    Ok(Sheet::new("customers", format!("{title} · {}", one.name), body))
}

/// Both settings, and what comes of them.
fn side_by_side(v: &Visit, set: &SelfManagedView, choice: Choice) -> Markup {
    let comes = match choice {
        Choice::Inherit => set.policy,
        Choice::Allow => Policy::Allow,
        Choice::Deny => Policy::Deny,
    };
    html! {
        div.figures {
            a href="/console/self-managed" { b { (v.word("policy", policy_word(set.policy))) } span { (v.t("self-managed-organisation")) } }
            div { b { (v.word("choice", choice_word(choice))) } span { (v.t("self-managed-of-customer")) } }
            div { b { (v.word("policy", policy_word(comes))) } span { (v.t("self-managed-result")) } }
        }
    }
}

fn radio(v: &Visit, word: &str, whose: &str) -> (String, String, String) {
    (word.to_owned(), v.word("choice", word), v.t(&format!("self-managed-{whose}-{word}")))
}

const fn policy_word(policy: Policy) -> &'static str {
    match policy {
        Policy::Allow => "allow",
        Policy::Deny => "deny",
    }
}

const fn choice_word(choice: Choice) -> &'static str {
    match choice {
        Choice::Inherit => "inherit",
        Choice::Allow => "allow",
        Choice::Deny => "deny",
    }
}

fn result(v: &Visit, policy: Policy) -> Markup {
    badge(if policy == Policy::Allow { Tone::Good } else { Tone::Mute }, &v.word("policy", policy_word(policy)))
}

/// Each offer with its price, and whether customers can connect it.
fn offers(v: &Visit, offers: &[OfferView]) -> Markup {
    let columns = [
        Column::new(v.t("links-integration")),
        Column::new(v.t("offer-price")),
        Column::new(v.t("offer-self-managed")),
        Column::new(v.t("self-managed-result")),
    ];
    let line = |one: &OfferView| {
        vec![
            html! { (one.name) },
            html! { (one.price.as_deref().unwrap_or("–")) },
            html! { (v.t(if one.offered { "yes" } else { "no" })) },
            result(v, one.result),
        ]
    };
    html! {
        @if offers.is_empty() { div.card { (parts::empty("plug", &v.t("offers-none"), &v.t("offers-none-about"), &Markup::default())) } }
        @else { (parts::table(&v.t("nav-integrations"), &columns, &offers.iter().map(line).collect::<Vec<_>>())) }
    }
}

/// Who took the costs upon the organisation, and what they were told.
fn acknowledged(v: &Visit, one: Option<&AcknowledgedView>) -> Markup {
    html! {
        @if let Some(one) = one {
            (parts::card(&v.t("self-managed-acknowledged"), &html! {
                p { (v.say("self-managed-acknowledged-by", &[("who", one.by_name.as_ref().unwrap_or(&one.by).as_str().into()), ("instant", v.at(one.at).into())])) }
                p.muted { (v.language.said(&one.told)) }
            }))
        }
    }
}
