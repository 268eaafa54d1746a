//! Inviting somebody: the link lets them in once, and is shown this once.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::At;
use weighbridge::model::time::Timestamp;

use super::about_role;
use super::house::House;
use crate::console::parts::{self, Ask, Head, Tone};
use crate::console::screen::Drawn;
use crate::console::visit::Visit;

pub(super) async fn page(v: Visit) -> Drawn {
    let house = House::of(&v);
    house.must_change(&v)?;
    let ask = Ask::new(&v, house.acts().invite);
    let above = [(house.base(&v), house.title(&v))];
    let form = ask.form(&html! {
        (ask.field("email", "people-email").hint("people-email-hint").required().email())
        (ask.field("name:word", "people-name").hint("people-name-hint").text())
        (role(&v, &ask, house, None))
        (ask.send_or_back("people-invite-send", &house.base(&v)))
    });
    let about = Some(v.t("people-invite-about"));
    house.sheet(&v, (v.t("people-invite"), about), (&above, Markup::default()), &parts::card("", &form))
}

/// The roles to choose from, each with its sentence; where there is one, it is no question.
pub(super) fn role(v: &Visit, ask: &Ask<'_>, house: House, now: Option<&str>) -> Markup {
    let choices: Vec<_> = house
        .roles()
        .iter()
        .map(|role| (role.word().to_owned(), v.language.role(*role), about_role(v, *role)))
        .collect();
    match choices.as_slice() {
        [(only, ..)] => html! { input type="hidden" name="role" value=(only); },
        all => ask.field("role", "people-role").value(now.unwrap_or(&all[0].0)).required().radios(all),
    }
}

/// The invitation with its link.
pub(super) fn invited(v: &Visit, given: &Value) -> Markup {
    let house = House::of(v);
    let text = |name: &str| given[name].as_str();
    let title = v.say("people-invited-title", &[("email", given["user"]["email"].as_str().unwrap_or_default().into())]);
    let ends = text("ends_at").and_then(Timestamp::parse).map(At);
    html! {
        (Head { above: &[(house.base(v), house.title(v))], ..Head::new(&title) }.show(v))
        (parts::notice(Tone::Warn, &html! { p { strong { (v.t("people-link-once")) } " " (v.t("people-link-once-about")) } }))
        (parts::card("", &html! {
            (parts::copied(v, "link", &v.t("links-address"), text("address").or_else(|| text("link")).unwrap_or_default()))
            @if let Some(mail) = text("mail") { p { (v.word("mail", mail)) } }
            @if let Some(at) = ends { p.muted { (v.say("people-link-until", &[("instant", v.at(at).into())])) } }
        }))
        div.row { (parts::link(&house.base(v), "first", &house.title(v))) }
    }
}
