//! Whom this host trusts, and what was revoked. Changing it is for whoever owns the data folder.

use maud::{Markup, html};
use weighbridge::account::{KeyRow, PublisherRow, RevokedRow};
use weighbridge::model::access::kinds;

use crate::console::parts::{self, Column, Head, Tone, badge};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

const COMMANDS: &str = "weighbridge trust add PUBLISHER KEY-FILE\nweighbridge trust rotate STATEMENT-FILE\nweighbridge trust revoke WHAT --reason WHY";

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/operate/trust", show)]
}

async fn show(v: Visit) -> Drawn {
    let one = v.engine.trust_shown(&v.may::<kinds::TrustRead>()?)?;
    let title = v.t("nav-trust");
    let body = html! {
        (Head { about: Some(&v.t("trust-about")), ..Head::new(&title) }.show(&v))
        @if one.publishers.is_empty() { div.card { (parts::empty("shield", &v.t("trust-none"), &v.t("trust-none-about"), &Markup::default())) } }
        @for publisher in &one.publishers { (shown(&v, publisher)) }
        (revoked(&v, "trust-packages-revoked", &one.packages_revoked))
        (revoked(&v, "trust-keys-revoked", &one.keys_revoked))
        (parts::card(&v.t("trust-change"), &html! {
            p.muted { (v.t("trust-change-about")) }
            (parts::copied(&v, "trust", &v.t("by-owner-command"), COMMANDS))
        }))
    };
    Ok(Sheet::new("trust", title, body))
}

fn shown(v: &Visit, one: &PublisherRow) -> Markup {
    let columns = [
        Column::new(v.t("trust-key")),
        Column::new(v.t("status")),
        Column::new(v.t("window-start")),
        Column::new(v.t("trust-until")),
    ];
    let lines: Vec<_> = one.keys.iter().map(|key| line(v, key)).collect();
    let state = html! { @match one.revoked_at {
        None => (badge(Tone::Good, &v.t("trust-trusted"))),
        Some(at) => { (badge(Tone::Bad, &v.t("trust-revoked"))) " " small { (v.at(at)) } }
    } };
    parts::card_with(
        &one.name,
        &state,
        &html! {
            @if let Some(reason) = &one.reason { p { (v.t("customers-reason")) ": " (reason) } }
            p.muted { (v.say("trust-signs", &[("names", one.names.join(", ").into())])) }
            (parts::table(&one.name, &columns, &lines))
        },
    )
}

fn line(v: &Visit, one: &KeyRow) -> Vec<Markup> {
    let at = |at: Option<weighbridge::account::At>| html! { @match at { Some(at) => (v.at(at)), None => "–" } };
    vec![
        html! { code { (one.id) } small { (one.public_key) } },
        html! { @match one.revoked_at {
            None => (badge(Tone::Good, &v.t("trust-trusted"))),
            Some(when) => { (badge(Tone::Bad, &v.t("trust-revoked"))) small { (v.at(when)) @if let Some(reason) = &one.reason { ": " (reason) } } }
        } },
        at(one.start),
        at(one.end),
    ]
}

fn revoked(v: &Visit, title: &str, rows: &[RevokedRow]) -> Markup {
    let shown = html! { ul.steps { @for one in rows { li { div { code { (one.id) } small { (one.reason) } } span.nowrap { (v.at(one.at)) } } } } };
    if rows.is_empty() { Markup::default() } else { parts::card(&v.t(title), &shown) }
}
