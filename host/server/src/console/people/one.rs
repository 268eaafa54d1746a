//! One of the people: another role, and removing them.

use maud::{Markup, html};
use weighbridge::people::UserView;

use super::house::{Acts, House};
use super::invite::role;
use super::standing;
use crate::console::parts::{self, Ask, Tone};
use crate::console::screen::{Drawn, Screen};
use crate::console::visit::Visit;

pub(super) fn screens(path: &str, acts: Acts) -> Vec<Screen> {
    let back = |v: &Visit, _: &serde_json::Value| House::of(v).base(v);
    vec![
        Screen::new(format!("{path}/{{user}}"), show).leads(acts.change, back, "saved"),
        Screen::new(format!("{path}/{{user}}/remove"), remove).leads(acts.remove, back, "person-removed"),
    ]
}

fn called(one: &UserView) -> &str {
    one.name.as_deref().unwrap_or(&one.email)
}

async fn show(v: Visit) -> Drawn {
    let house = House::of(&v);
    let one = house.one(&v)?;
    let above = [(house.base(&v), house.title(&v))];
    let ask = Ask::new(&v, house.acts().change);
    let body = html! {
        (parts::card(&v.t("customer-about"), &parts::facts(&[
            (v.t("people-email"), html! { (one.email) }),
            (v.t("status"), standing(&v, &one)),
            (v.t("people-invited-at"), html! { (v.at(one.invited_at)) }),
        ])))
        @if house.roles().len() > 1 {
            (parts::card("", &ask.form(&html! {
                (role(&v, &ask, house, Some(one.role.word())))
                (ask.send_or_back("save", &house.base(&v)))
            })))
        }
        div.row { (parts::link(&format!("{}/{}/remove", house.base(&v), one.id), "remove", &v.t("people-remove"))) }
    };
    let about = Some(v.language.role(one.role));
    house.sheet(&v, (called(&one).to_owned(), about), (&above, Markup::default()), &body)
}

async fn remove(v: Visit) -> Drawn {
    let house = House::of(&v);
    let one = house.one(&v)?;
    let itself = format!("{}/{}", house.base(&v), one.id);
    let above = [(house.base(&v), house.title(&v)), (itself.clone(), called(&one).to_owned())];
    let ask = Ask::new(&v, house.acts().remove);
    let body = parts::card(
        "",
        &html! {
            (parts::notice(Tone::Warn, &html! { p { (v.t(if one.joined { "people-remove-joined" } else { "people-remove-invited" })) } }))
            (ask.form(&ask.danger_or_back("people-remove", &itself)))
        },
    );
    let title = v.say("people-remove-title", &[("name", called(&one).into())]);
    house.sheet(&v, (title, None), (&above, Markup::default()), &body)
}
