//! Whether the log is as it was written, for the operators of a host.

use maud::{Markup, html};
use serde_json::Value;

use crate::console::parts::{self, Ask, Head, Tone, badge};
use crate::console::visit::Visit;

pub(super) fn card(v: &Visit) -> Markup {
    let verify = Ask::new(v, "audit verify");
    parts::card(
        &v.t("audit-chain"),
        &html! {
            p.muted { (v.t("audit-chain-about")) }
            (Ask::new(v, "audit checkpoint").button("", "shield", &v.t("audit-checkpoint")))
            (verify.form(&html! {
                (verify.field("checkpoint:json", "audit-against").hint("audit-against-hint").area(3))
                (verify.send("audit-verify"))
            }))
        },
    )
}

/// What came of verifying it.
pub(super) fn verified(v: &Visit, given: &Value) -> Markup {
    let is_sound = given["sound"].as_bool().unwrap_or_default();
    let title = v.t(if is_sound { "audit-sound" } else { "audit-broken" });
    let chains = given["chains"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        (Head { above: &[(v.path.clone(), v.t("nav-host-audit"))], ..Head::new(&title) }.show(v))
        (parts::notice(if is_sound { Tone::Good } else { Tone::Bad }, &html! { p { (v.t(if is_sound { "audit-sound-about" } else { "audit-broken-about" })) } }))
        (parts::card(&v.t("audit-chains"), &html! { ul.steps { @for chain in chains { (shown(v, chain)) } } }))
    }
}

fn shown(v: &Visit, chain: &Value) -> Markup {
    let wrong = chain["what"].as_str();
    let name = chain["chain"].as_str().unwrap_or_default();
    html! {
        li {
            div {
                strong { @if name == "host" { (v.t("shell-host")) } @else { code { (name) } } }
                small { (v.say("audit-lines", &[("count", v.n(chain["lines"].as_i64().unwrap_or_default()).into())])) }
                @if let Some(wrong) = wrong { small {
                    @if let Some(line) = chain["broken_line"].as_i64() { (v.say("audit-broken-line", &[("line", v.n(line).into())])) " " }
                    (v.language.said(wrong))
                } }
            }
            (badge(if wrong.is_none() { Tone::Good } else { Tone::Bad }, &v.t(if wrong.is_none() { "audit-chain-sound" } else { "audit-chain-broken" })))
        }
    }
}

/// How far every chain has come, signed, to be kept elsewhere.
pub(super) fn checkpoint(v: &Visit, given: &Value) -> Markup {
    let title = v.t("audit-checkpoint-title");
    let text = serde_json::to_string_pretty(given).unwrap_or_default();
    html! {
        (Head { above: &[(v.path.clone(), v.t("nav-host-audit"))], about: Some(&v.t("audit-checkpoint-about")), ..Head::new(&title) }.show(v))
        (parts::card("", &parts::copied(v, "checkpoint", &v.t("audit-checkpoint"), &text)))
    }
}
