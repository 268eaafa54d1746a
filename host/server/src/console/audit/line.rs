//! One line of the log, as people read it.

use maud::{Markup, html};
use weighbridge::FieldChange;
use weighbridge::account::ToldLine;
use weighbridge::model::access::Role;

use crate::console::parts::{self, Tone, badge};
use crate::console::visit::Visit;

pub(super) fn cells(v: &Visit, one: &ToldLine, with_customer: bool) -> Vec<Markup> {
    let mut cells = vec![
        html! {
            (act(v, one.line.act.as_str()))
            @if let Some(code) = &one.line.denied { " " (badge(Tone::Bad, &v.t("audit-not-done"))) small { (parts::sentence(v.language, code.as_str())) } }
        },
        html! {
            span.nowrap { (v.at(one.line.at)) }
            @if one.line.count > 1 { small { (v.say("audit-times", &[("count", v.n(one.line.count).into())])) } }
        },
        html! { span.by { (who(v, one)) } @if let Some(role) = one.role.filter(|_| !v.is_customers()) { small { (v.language.role(role)) } } },
    ];
    if with_customer {
        cells.push(html! { @if let Some(id) = one.line.customer {
            a href={ "/console/customers/" (id) } { (one.customer_name.clone().unwrap_or_else(|| v.t("audit-customer-gone"))) }
        } });
    }
    cells.push(html! { @if let Some(detail) = detail(v, one) { span.anywhere { (detail) } } @if !one.line.changes.is_empty() { (changes(v, &one.line.changes)) } });
    cells
}

/// What there is to say of it. That somebody did it to themselves is said by who they are.
fn detail(v: &Visit, one: &ToldLine) -> Option<String> {
    let text = &one.line.detail;
    let (subject, rest) = text.split_once(": ").unwrap_or((text, ""));
    let role = Role::ALL.into_iter().find(|role| role.word() == rest);
    match (role, subject == one.line.actor) {
        (Some(role), _) => Some(format!("{subject}: {}", v.language.role(role))),
        (None, true) => None,
        (None, false) => {
            let parts: Vec<_> = text.split("; ").map(|part| v.language.said(part)).collect();
            Some(parts.join("; "))
        }
    }
}

/// What was done, in words; an act that the texts do not know is shown by its code.
fn act(v: &Visit, act: &str) -> String {
    v.language.find(&format!("act-{}", act.replace(['.', '_'], "-")), &[]).unwrap_or_else(|| act.to_owned())
}

/// Who did it, as far as they are still known.
pub(super) fn who(v: &Visit, one: &ToldLine) -> String {
    let named = one.actor_name.clone().or_else(|| one.actor_email.clone());
    named.unwrap_or_else(|| match one.line.actor.as_str() {
        _ if one.actor_removed => v.t("audit-somebody-gone"),
        "operator" => v.t("audit-owner"),
        "host" => v.t("audit-host"),
        "unknown" => v.t("audit-unknown"),
        link if link.starts_with("link ") => v.t("audit-link"),
        other => other.to_owned(),
    })
}

/// Each field that was changed: before, and after.
fn changes(v: &Visit, changes: &[FieldChange]) -> Markup {
    html! {
        ul.changes { @for one in changes { li {
            span.muted { (one.field) ":" } " "
            del { (value(v, one, one.before.as_ref())) } " → " ins { (value(v, one, one.after.as_ref())) }
        } } }
    }
}

fn value(v: &Visit, one: &FieldChange, text: Option<&String>) -> String {
    let Some(text) = text else { return v.t("audit-nothing") };
    let role = Role::ALL.into_iter().find(|role| one.field == "role" && role.word() == text);
    role.map_or_else(|| text.clone(), |role| v.language.role(role))
}
