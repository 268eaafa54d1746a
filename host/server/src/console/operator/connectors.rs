//! Installed connectors: versions, what waits to be approved, and going back.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::{ConnectorRow, ConnectorShown, ProposalView, ReleaseView};
use weighbridge::model::access::kinds;

use crate::console::parts::{self, Ask, Column, Head, Tone, badge};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

const LIST: &str = "/operate/connectors";

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new(LIST, list),
        Screen::new(format!("{LIST}/{{connector}}"), show).does("connector rollback", "connector-rolled-back"),
        Screen::new(format!("{LIST}/{{connector}}/versions/{{version}}"), proposal).leads(
            "connector approve",
            |v, _| itself(v),
            "connector-approved",
        ),
    ]
}

fn named<'a>(v: &'a Visit, id: &str) -> &'a str {
    v.ids.get(id).and_then(Value::as_str).unwrap_or_default()
}

fn itself(v: &Visit) -> String {
    format!("{LIST}/{}", named(v, "connector"))
}

async fn list(v: Visit) -> Drawn {
    let found = v.engine.installed(&v.may::<kinds::ConnectorsRead>()?)?.items;
    let title = v.t("nav-connectors");
    let columns = [
        Column::new(v.t("customers-name")),
        Column::new(v.t("status")),
        Column::new(v.t("connector-version")),
        Column::new(v.t("connector-publisher")),
        Column::new(v.t("connector-waiting")),
    ];
    let lines: Vec<_> = found.iter().map(|one| line(&v, one)).collect();
    let body = html! {
        (Head { about: Some(&v.t("connectors-about")), ..Head::new(&title) }.show(&v))
        @if found.is_empty() { div.card { (parts::empty("plug", &v.t("connectors-none"), &v.t("connectors-none-about"), &Markup::default())) } }
        @else { (parts::table(&title, &columns, &lines)) }
        (by_the_owner(&v))
    };
    Ok(Sheet::new("connectors", title, body))
}

fn line(v: &Visit, one: &ConnectorRow) -> Vec<Markup> {
    vec![
        html! { a href={ (LIST) "/" (one.name) } { (one.name) } },
        state(v, &one.state),
        html! { (one.version.as_deref().unwrap_or("–")) },
        html! { (one.publisher.as_deref().unwrap_or("–")) },
        html! { @if let Some(version) = &one.approval_needed { a href={ (LIST) "/" (one.name) "/versions/" (version) } { (version) } } },
    ]
}

/// Whether it may be used; a word that the texts do not know is shown as it is.
fn state(v: &Visit, word: &str) -> Markup {
    let key = format!("connector-state-{}", word.replace(['.', '_'], "-"));
    let text = v.language.find(&key, &[]).unwrap_or_else(|| word.to_owned());
    badge(if word == "usable" { Tone::Good } else { Tone::Bad }, &text)
}

/// What an operator who signed in does not do, with the command to type.
fn by_the_owner(v: &Visit) -> Markup {
    parts::card(
        &v.t("connectors-install"),
        &html! {
            p.muted { (v.t("connectors-install-about")) }
            (parts::copied(v, "install", &v.t("by-owner-command"), "weighbridge connector install FILE"))
        },
    )
}

async fn show(v: Visit) -> Drawn {
    let one = v.engine.connector_shown(&v.may::<kinds::ConnectorsRead>()?, named(&v, "connector")).await?;
    let can = v.can::<kinds::ConnectorsChange>();
    let head = Head {
        above: &[(LIST.to_owned(), v.t("nav-connectors"))],
        badge: Some(state(&v, &one.state)),
        ..Head::new(&one.name)
    };
    let body = html! {
        (head.show(&v))
        @if let Some(waits) = &one.proposal { (waiting(&v, waits)) }
        (parts::card(&v.t("customer-about"), &parts::facts(&[
            (v.t("connector-publisher"), html! { (one.publisher.as_deref().unwrap_or("–")) }),
            (v.t("connector-offered"), html! { (v.n(one.tenants as u64)) }),
        ])))
        (parts::card(&v.t("connector-versions"), &versions(&v, &one, can)))
        (by_the_owner(&v))
    };
    Ok(Sheet::new("connectors", one.name.clone(), body))
}

fn waiting(v: &Visit, waits: &ProposalView) -> Markup {
    let path = format!("{LIST}/{}/versions/{}", waits.name, waits.version);
    parts::notice(
        Tone::Warn,
        &html! {
            p { strong { (v.say("connector-waits", &[("version", waits.version.as_str().into())])) } }
            p { a href=(path) { (v.t("connector-read")) } }
        },
    )
}

fn versions(v: &Visit, one: &ConnectorShown, can: bool) -> Markup {
    let columns = [
        Column::new(v.t("connector-version")),
        Column::new(v.t("status")),
        Column::new(v.t("connector-installed")),
        Column::new(v.t("connector-digest")),
        Column::new(v.t("actions")),
    ];
    let lines: Vec<_> = one.versions.iter().map(|release| version(v, release, can)).collect();
    parts::table(&v.t("connector-versions"), &columns, &lines)
}

fn version(v: &Visit, one: &ReleaseView, can: bool) -> Vec<Markup> {
    let tone = match one.place.as_str() {
        "used" => Tone::Good,
        "waiting" => Tone::Warn,
        _ => Tone::Mute,
    };
    let is_earlier = one.place == "earlier" && one.refused.is_none();
    vec![
        html! { (one.version) },
        html! { (badge(tone, &v.word("release", &one.place))) @if let Some(code) = &one.refused { small { code { (code) } } } },
        html! { (v.at(one.installed_at)) },
        html! { code title=(one.digest) { (one.digest.chars().take(12).collect::<String>()) "…" } },
        html! { @if can && is_earlier {
            (Ask::new(v, "connector rollback").with("version", &one.version).button("small", "first", &v.t("connector-back")))
        } },
    ]
}

async fn proposal(v: Visit) -> Drawn {
    let (connector, version) = (named(&v, "connector"), named(&v, "version"));
    let one = v.engine.version_proposed(&v.may::<kinds::ConnectorsRead>()?, connector, version).await?;
    let title = v.say("connector-proposal", &[("name", connector.into()), ("version", version.into())]);
    let above = [(LIST.to_owned(), v.t("nav-connectors")), (itself(&v), connector.to_owned())];
    let about = match &one.used {
        Some(used) => v.say("connector-beyond", &[("version", used.as_str().into())]),
        None => v.t("connector-first"),
    };
    let listed = |title: &str, what: &[String]| {
        html! { @if !what.is_empty() { (parts::card(&v.t(title), &html! { ul { @for one in what { li { (v.language.said(one)) } } } })) } }
    };
    let body = html! {
        (Head { above: &above, about: Some(&about), ..Head::new(&title) }.show(&v))
        (listed("connector-asks", &one.asks_for))
        (listed("connector-notes", &one.notes))
        @if let Some((memory, cpu)) = one.capped {
            (parts::notice(Tone::Warn, &html! { p { (v.say("connector-capped", &[("memory", v.n(memory).into()), ("cpu", v.n(cpu).into())])) } }))
        }
        @if one.connections_invalid > 0 {
            (parts::notice(Tone::Warn, &html! { p { (v.say("connector-invalid", &[("count", v.n(one.connections_invalid as u64).into())])) } }))
        }
        @if v.can::<kinds::ConnectorsChange>() {
            (parts::card(&v.t("connector-approve"), &html! {
                p.muted { (v.t("connector-approve-about")) }
                p.code { (one.difference) }
                (Ask::new(&v, "connector approve").with("difference", &one.difference).button("primary", "good", &v.t("connector-approve")))
            }))
        }
    };
    Ok(Sheet::new("connectors", title, body))
}
