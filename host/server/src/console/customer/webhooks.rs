//! The card of a connected system that takes webhooks: the address, what came last, what waits and why, another secret.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::HookView;
use weighbridge::account::ConnectionView;
use weighbridge::model::access::kinds;
use weighbridge::model::problem::Problem;

use super::whose::Whose;
use crate::console::parts::{self, Ask, Head, Tone};
use crate::console::visit::Visit;

/// The operation by which a hook gets another address and secret.
pub(super) const ROTATE: &str = "hook rotate";

/// The card; nothing for a system that takes none.
pub(super) fn webhooks(v: &Visit, one: &ConnectionView, can_change: bool) -> Result<Markup, Problem> {
    if Whose::of(v) == Whose::Own || one.tenants_own {
        return Ok(Markup::default());
    }
    let hooks = v.engine.hooks(&v.may::<kinds::ConnectionsRead>()?)?.items;
    let Some(hook) = hooks.into_iter().find(|hook| hook.connection == one.id) else { return Ok(Markup::default()) };
    Ok(parts::card(
        &v.t("webhooks"),
        &html! {
            p.muted { (v.t("webhooks-about")) }
            (parts::copied(v, "webhook-address", &v.t("webhooks-address"), &hook.address))
            (parts::facts(&facts(v, &hook)))
            (waits(v, &hook))
            @if can_change {
                p.muted { (v.t("webhooks-rotate-about")) }
                (Ask::new(v, ROTATE).button("", "key", &v.t("webhooks-rotate")))
            }
        },
    ))
}

fn facts(v: &Visit, hook: &HookView) -> Vec<(String, Markup)> {
    let count = |count: u64| html! { (v.language.number(i64::try_from(count).unwrap_or(i64::MAX))) };
    let last = html! { @match hook.last_at { Some(at) => (v.at(at)), None => (v.t("webhooks-none-yet")) } };
    let mut facts = vec![
        (v.t("webhooks-last"), last),
        (v.t("webhooks-taken"), count(hook.taken)),
        (v.t("webhooks-waiting"), count(hook.waiting)),
    ];
    if hook.unverified > 0 {
        facts.push((v.t("webhooks-unverified"), count(hook.unverified)));
    }
    if let Some(code) = &hook.told_code {
        facts.push((v.t("webhooks-not-told"), html! { span.code { (code) } }));
    }
    facts
}

/// What waits, by stream, and why.
fn waits(v: &Visit, hook: &HookView) -> Markup {
    html! {
        @for wait in &hook.waits {
            @let code = wait.code.as_deref();
            (parts::notice(Tone::Warn, &html! {
                p {
                    strong { (v.say("webhooks-waits", &[("stream", wait.stream.as_str().into()), ("count", wait.records.into())])) }
                    @if let Some(code) = code {
                        @let (sentence, next) = parts::sentence_and_step(v, code);
                        " " (sentence) " " (next)
                    }
                }
                @if let Some(at) = wait.until { p { (v.say("until-instant", &[("instant", v.at(at).into())])) } }
            }))
        }
    }
}

/// A new address and a new secret, which is shown this once.
pub(super) fn shown(v: &Visit, given: &Value) -> Markup {
    let of = |name: &str| given[name].as_str().unwrap_or_default();
    let id = v.ids.get("connection").and_then(Value::as_str).unwrap_or_default();
    let back = format!("{}/systems/{id}", v.home());
    html! {
        (Head::new(&v.t("webhooks-rotated")).show(v))
        @let has_secret = given["secret"].is_string();
        @if has_secret {
            (parts::notice(Tone::Warn, &html! { p { strong { (v.t("events-secret-once")) } " " (v.t("events-secret-once-about")) } }))
        }
        (parts::card("", &html! {
            (parts::copied(v, "webhook-address", &v.t("webhooks-address"), of("address")))
            @if has_secret {
                (parts::copied(v, "secret", &v.t("webhooks-secret"), of("secret")))
                p.hint { (v.t("webhooks-secret-hint")) }
            }
        }))
        div.row { (parts::primary(&back, "next", &v.t("webhooks-back"))) }
    }
}
