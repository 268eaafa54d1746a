//! How this host is: frozen or not, what was found, and what to do about it.

use maud::{Markup, html};
use weighbridge::Reloaded;
use weighbridge::account::{FindingRow, HostFindings, HostView};
use weighbridge::model::access::kinds;

use super::support;
use crate::console::parts::{self, Ask, Head, Tone, badge};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/operate", show)
            .does("host freeze", "host-frozen")
            .does("host thaw", "host-thawed")
            .does("host reload", "host-reloaded"),
    ]
}

async fn show(v: Visit) -> Drawn {
    let may = v.may::<kinds::HostRead>()?;
    let one = v.engine.host_view(&may)?;
    let found = v.engine.host_findings(&may).await?;
    let title = v.t("host");
    let state = if one.frozen { badge(Tone::Bad, &v.t("host-is-frozen")) } else { worst(&v, &found.health) };
    let body = html! {
        (Head { badge: Some(state), about: Some(&v.t("host-about")), ..Head::new(&title) }.show(&v))
        @if one.frozen { (frozen(&v)) }
        (figures(&v, &one))
        (findings(&v, &found))
        (parts::card(&v.t("host-process"), &parts::facts(&facts(&v, &one))))
        (configuration(&v, one.reloaded.as_ref()))
        @if !one.frozen { (freeze(&v)) }
    };
    Ok(Sheet::new("host", title, body))
}

fn worst(v: &Visit, health: &str) -> Markup {
    badge(tone(health), &v.word("health", health))
}

fn tone(health: &str) -> Tone {
    match health {
        "ok" => Tone::Good,
        "warning" => Tone::Warn,
        _ => Tone::Bad,
    }
}

fn figures(v: &Visit, one: &HostView) -> Markup {
    let figures = [
        (one.runs_unfinished, "host-runs", None),
        (one.batches_open, "host-batches", None),
        (one.batches_in_doubt, "host-doubt", Some("/operate/in-doubt")),
        (one.invariant_violations, "host-violations", None),
    ];
    html! {
        div.figures { @for (number, label, to) in figures {
            div { b { (v.n(number)) } span { @match to { Some(to) => a href=(to) { (v.t(label)) }, None => (v.t(label)) } } }
        } }
    }
}

fn facts(v: &Visit, one: &HostView) -> Vec<(String, Markup)> {
    vec![
        (v.t("host-version"), html! { (one.version) }),
        (v.t("host-since"), html! { (v.at(one.since)) " " small { (v.language.distance(v.now, one.since.0)) } }),
        (
            v.t("host-address"),
            html! { @match &one.public_address { Some(address) => code { (address) }, None => (v.t("host-no-address")) } },
        ),
        (
            v.t("host-restored"),
            html! { @match one.restored_as_of { Some(at) => (v.at(at)), None => (v.t("host-not-restored")) } },
        ),
        (v.t("host-store"), html! { @match one.store_bytes { Some(bytes) => (v.language.bytes(bytes)), None => "–" } }),
        (
            v.t("host-master"),
            html! { (v.say("host-master-of", &[("version", one.master_version.into()), ("day", v.day(one.master_since).into())])) },
        ),
        (v.t("host-data-keys"), html! { (v.n(one.data_keys)) }),
    ]
}

/// What was looked at, the worst first.
fn findings(v: &Visit, found: &HostFindings) -> Markup {
    parts::card(
        &v.t("host-findings"),
        &html! {
            p.muted { (v.say("host-findings-about", &[("instant", v.at(found.looked_at).into())])) }
            ul.steps { @for one in &found.items { (finding(v, one)) } }
            p.hint { (v.t("host-findings-more")) " " code { "weighbridge doctor" } }
            div.row { (parts::link(support::PATH, "audit", &v.t("support-open"))) }
        },
    )
}

fn finding(v: &Visit, one: &FindingRow) -> Markup {
    html! {
        li {
            div {
                strong { (v.language.said(&one.about)) }
                small { (v.language.said(&one.sentence)) @if let Some(next) = &one.next_step { " – " (v.language.said(next)) } }
            }
            (worst(v, &one.health))
        }
    }
}

/// What came of reading the configuration again, and doing it once more.
fn configuration(v: &Visit, last: Option<&Reloaded>) -> Markup {
    let list =
        |names: &[String]| html! { @for name in names { code.anywhere { (name) } " " } @if names.is_empty() { "–" } };
    let facts = |last: &Reloaded| {
        vec![
            (v.t("reload-at"), html! { (v.at(last.at)) " " small { (v.language.distance(v.now, last.at.0)) } }),
            (v.t("reload-changed"), list(&last.changed)),
            (v.t("reload-waiting"), list(&last.waiting)),
        ]
    };
    parts::card(
        &v.t("reload"),
        &html! {
            p.muted { (v.t("reload-about")) }
            @if let Some(last) = last {
                @if !last.waiting.is_empty() { (parts::notice(Tone::Warn, &html! { p { (v.t("reload-waits")) } })) }
                (parts::facts(&facts(last)))
            }
            @if v.can::<kinds::HostChange>() { (Ask::new(v, "host reload").button("", "play", &v.t("reload-do"))) }
        },
    )
}

fn frozen(v: &Visit) -> Markup {
    parts::notice(
        Tone::Bad,
        &html! {
            p { strong { (v.t("host-is-frozen-about")) } }
            div.row {
                (Ask::new(v, "host thaw").button("primary", "play", &v.t("host-thaw")))
                (parts::link("/operate/audit?act=host.*", "audit", &v.t("host-frozen-by")))
            }
        },
    )
}

fn freeze(v: &Visit) -> Markup {
    let ask = Ask::new(v, "host freeze");
    parts::card(
        &v.t("host-freeze"),
        &html! {
            p.muted { (v.t("host-freeze-about")) }
            (ask.form(&html! {
                (ask.field("reason", "customers-reason").hint("host-freeze-reason").required().text())
                div.row { button.button.danger { (v.t("host-freeze")) } }
            }))
        },
    )
}
