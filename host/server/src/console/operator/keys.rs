//! The key ring from outside. What changes it stays with whoever owns the data folder.

use maud::html;
use weighbridge::model::access::kinds;

use crate::console::parts::{self, Head, Tone};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

const COMMANDS: &str =
    "weighbridge keys rotate\nweighbridge keys recovery-key --out FILE\nweighbridge keys export --to KEY --out FILE";

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/operate/keys", show)]
}

async fn show(v: Visit) -> Drawn {
    let one = v.engine.key_status_view(&v.may::<kinds::HostRead>()?)?;
    let title = v.t("nav-keys");
    let last = one.exported.last().copied();
    let facts = [
        (v.t("keys-master"), html! { (v.word("keys-master", &one.master)) }),
        (
            v.t("host-master"),
            html! { (v.say("host-master-of", &[("version", one.version.into()), ("day", v.day(one.since).into())])) },
        ),
        (v.t("keys-tenants"), html! { (v.n(one.tenants as u64)) }),
        (v.t("keys-customers"), html! { (v.n(one.customers as u64)) }),
        (v.t("keys-burned"), html! { (v.n(one.burned as u64)) }),
        (v.t("keys-exported"), html! { @match last { Some(at) => (v.at(at)), None => (v.t("keys-never-exported")) } }),
    ];
    let body = html! {
        (Head { about: Some(&v.t("keys-about")), ..Head::new(&title) }.show(&v))
        @if one.leftovers { (parts::notice(Tone::Warn, &html! { p { (v.t("keys-leftovers")) } })) }
        @if last.is_none() { (parts::notice(Tone::Warn, &html! { p { (v.t("keys-never-exported-about")) } })) }
        (parts::card(&v.t("keys-ring"), &parts::facts(&facts)))
        (parts::card(&v.t("keys-statement"), &html! {
            p.muted { (v.t("keys-statement-about")) }
            (parts::copied(&v, "statement", &v.t("keys-statement"), &one.statement_key))
        }))
        (parts::card(&v.t("keys-change"), &html! {
            p.muted { (v.t("keys-change-about")) }
            (parts::copied(&v, "keys", &v.t("by-owner-command"), COMMANDS))
        }))
    };
    Ok(Sheet::new("keys", title, body))
}
