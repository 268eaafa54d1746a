//! Adding an address, and its signing secret, shown this once.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::events::EventAddressView;
use weighbridge::model::access::kinds;
use weighbridge::model::event::EventKind;

use super::{above, kind};
use crate::console::parts::{self, Ask, Head, Tone};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/events/addresses/new", new).shows("event-address add", shown)]
}

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::EventsChange>()?;
    let (title, ask) = (v.t("events-add"), Ask::new(&v, "event-address add"));
    let body = html! {
        (Head { above: &[above(&v)], about: Some(&v.t("events-add-about")), ..Head::new(&title) }.show(&v))
        (parts::card("", &ask.form(&html! { (fields(&v, &ask, None)) (ask.send_or_back("events-add-send", "/console/events")) })))
    };
    Ok(Sheet::new("events", title, body))
}

/// What is asked of an address, new or known.
pub(super) fn fields(v: &Visit, ask: &Ask<'_>, one: Option<&EventAddressView>) -> Markup {
    let kinds = EventKind::ALL.iter().filter(|one| **one != EventKind::AddressTested);
    let choices: Vec<_> = kinds.map(|one| (one.as_str().to_owned(), kind(v, *one))).collect();
    let chosen: Vec<_> = one.into_iter().flat_map(|one| &one.kinds).map(ToString::to_string).collect();
    html! {
        (ask.field("url", "events-url").hint("events-url-hint").value_of(one.map(|one| &one.url)).required().text())
        (ask.field("description", "events-for").hint("events-for-hint").value_of(one.map(|one| &one.description)).text())
        (ask.boxes("kinds:several", "events-kinds", &choices, &chosen))
        p.hint { (v.t("events-kinds-hint")) }
    }
}

/// A new signing secret: shown this once.
pub(super) fn shown(v: &Visit, given: &Value) -> Markup {
    let (address, secret) = (&given["address"], given["secret"].as_str().unwrap_or_default());
    let itself = format!("/console/events/addresses/{}", address["id"].as_str().unwrap_or_default());
    html! {
        (Head { above: &[above(v)], about: address["url"].as_str(), ..Head::new(&v.t("events-secret-title")) }.show(v))
        (parts::notice(Tone::Warn, &html! { p { strong { (v.t("events-secret-once")) } " " (v.t("events-secret-once-about")) } }))
        (parts::card("", &html! {
            (parts::copied(v, "secret", &v.t("events-secret"), secret))
            p.hint { (v.t("events-secret-hint")) }
        }))
        div.row { (parts::primary(&itself, "next", &v.t("events-to-it"))) }
    }
}
