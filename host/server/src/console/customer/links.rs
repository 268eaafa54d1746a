//! Links on which somebody connects a system for a customer without signing in here.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::LinkView;
use weighbridge::model::access::kinds;

use super::Part;
use crate::console::parts::{self, Ask, Column, Tone, badge};
use crate::console::screen::{Drawn, Screen};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/console/customers/{customer}/links", list)
            .shows("connect-link add", made)
            .does("connect-link withdraw", "link-withdrawn"),
    ]
}

async fn list(v: Visit) -> Drawn {
    let found = v.engine.connect_links(&v.may::<kinds::ConnectLinksRead>()?)?;
    let can = v.can::<kinds::ConnectLinksChange>();
    let platforms = v.engine.platforms(&v.may::<kinds::ConnectionsRead>()?, &Default::default()).await?.items;
    let choices: Vec<_> = platforms.iter().map(|one| (one.integration.to_string(), one.name.clone())).collect();
    let columns = [
        Column::new(v.t("links-integration")),
        Column::new(v.t("status")),
        Column::new(v.t("made-at")),
        Column::new(v.t("links-ends")),
        Column::new(v.t("actions")),
    ];
    let lines: Vec<_> = found.items.iter().map(|one| line(&v, one, can)).collect();
    let ask = Ask::new(&v, "connect-link add");
    let above = [(format!("{}/systems", v.home()), v.t("tab-systems"))];
    let part = Part { above: &above, about: Some(v.t("links-about")), ..Part::new("systems", "", v.t("links")) };
    let body = html! {
        @if can && !choices.is_empty() {
            (parts::card(&v.t("links-new"), &ask.form(&html! {
                (ask.field("integration", "links-integration").required().choice(&choices))
                (ask.field("email", "links-email").hint("links-email-hint").email())
                (ask.send("links-make"))
            })))
        }
        @if found.items.is_empty() { div.card { (parts::empty("link", &v.t("links-none"), &v.t("links-none-about"), &Markup::default())) } }
        @else { (parts::table(&v.t("links"), &columns, &lines)) }
    };
    part.sheet(&v, &body)
}

fn line(v: &Visit, one: &LinkView, can: bool) -> Vec<Markup> {
    let tone = match one.status.as_str() {
        "open" => Tone::Busy,
        "used" => Tone::Good,
        _ => Tone::Mute,
    };
    vec![
        html! { (one.integration_name) },
        badge(tone, &v.word("link", &one.status)),
        html! { (v.at(one.made_at)) },
        html! { (v.at(one.ends_at)) },
        html! { @if can && one.status == "open" { (Ask::new(v, "connect-link withdraw").with("link", one.id).button("small", "remove", &v.t("links-withdraw"))) } },
    ]
}

/// The link, which is shown this once.
fn made(v: &Visit, given: &Value) -> Markup {
    let address = given["address"].as_str().or_else(|| given["secret"].as_str()).unwrap_or_default();
    let title = v.t("links-made");
    html! {
        (parts::Head { about: Some(&v.t("links-made-about")), ..parts::Head::new(&title) }.show(v))
        (parts::card("", &html! {
            (parts::copied(v, "link", &v.t("links-address"), address))
            @if let Some(mail) = given["mail"].as_str() { p { (v.word("mail", mail)) } }
        }))
        div.row { (parts::link(&v.path, "first", &v.t("links"))) }
    }
}
