//! People of the three populations: who is there, who is invited, what each of them may do.

mod house;
mod invite;
mod one;

use maud::{Markup, html};
use weighbridge::people::UserView;

use super::parts::{self, Column, Tone, badge};
use super::screen::{Drawn, Screen};
use super::visit::Visit;
use house::House;

/// Every page about people.
pub(super) fn screens() -> Vec<Screen> {
    House::PATHS.into_iter().flat_map(at).collect()
}

fn at(path: &str) -> Vec<Screen> {
    let house = House::at(path);
    [
        vec![Screen::new(path, list)],
        vec![Screen::new(format!("{path}/new"), invite::page).shows(house.acts().invite, invite::invited)],
        one::screens(path, house.acts()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

async fn list(v: Visit) -> Drawn {
    let house = House::of(&v);
    let found = house.people(&v)?;
    let can = house.can_change(&v);
    let columns = [
        Column::new(v.t("people-who")),
        Column::new(v.t("people-role")),
        Column::new(v.t("status")),
        Column::new(v.t("people-invited-at")),
    ];
    let lines: Vec<_> = found.iter().map(|one| line(&v, house, one, can)).collect();
    let actions =
        html! { @if can { (parts::primary(&format!("{}/new", house.base(&v)), "add", &v.t("people-invite"))) } };
    let body = html! {
        (parts::table(&house.title(&v), &columns, &lines))
        (roles(&v, house))
        @if !can { (parts::whom_to_ask(&v, house.whom_to_ask(&v))) }
    };
    house.sheet(&v, (house.title(&v), Some(v.t(house.about(&v)))), (&[], actions), &body)
}

fn line(v: &Visit, house: House, one: &UserView, can: bool) -> Vec<Markup> {
    let name = one.name.as_deref().unwrap_or(&one.email);
    vec![
        html! {
            @if can { a href={ (house.base(v)) "/" (one.id) } { (name) } } @else { (name) }
            @if v.me.user == Some(one.id) { " " span.tag { (v.t("people-you")) } }
            @if one.name.is_some() { small { (one.email) } }
        },
        html! { (v.language.role(one.role)) },
        standing(v, one),
        html! { (v.day(one.invited_at)) },
    ]
}

/// Whether somebody has come.
fn standing(v: &Visit, one: &UserView) -> Markup {
    match one.joined {
        true => badge(Tone::Good, &v.t("people-joined")),
        false => badge(Tone::Busy, &v.t("people-invited")),
    }
}

/// What each role may, in a sentence.
fn roles(v: &Visit, house: House) -> Markup {
    let all: Vec<_> =
        house.roles().iter().map(|role| (v.language.role(*role), html! { (about_role(v, *role)) })).collect();
    parts::card(&v.t("people-roles"), &parts::facts(&all))
}

/// What somebody in a role may do, in one sentence.
pub(super) fn about_role(v: &Visit, role: weighbridge::model::access::Role) -> String {
    v.word("role-about", role.word())
}
