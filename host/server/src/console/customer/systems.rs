//! What a customer has connected: each system on a card of its own.

use maud::{Markup, html};
use weighbridge::account::{ConnectionView, Page, PlatformView};
use weighbridge::model::access::kinds;
use weighbridge::model::connection::ConnectionStatus;
use weighbridge::model::problem::Problem;
use weighbridge::model::tenant::Switch;

use super::Part;
use super::sync_now::{SYNC, sync_now};
use super::system::{connection_badge, purposes, sign, stands_still};
use super::whose::Whose;
use crate::console::parts;
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    let mut all = both("", |path| Screen::new(path, list).follows("connection list").does(SYNC, "system-synced"));
    all.push(Screen::new("/console/own", list).follows("own-connection list"));
    all
}

async fn list(v: Visit) -> Drawn {
    let (whose, home) = (Whose::of(&v), v.home());
    let found = whose.all(&v).await?;
    let is_theirs = |one: &PlatformView| !v.is_customers() || one.self_managed;
    let can_connect = whose.can_enter(&v) && whose.platforms(&v).await?.iter().any(is_theirs);
    let is_staffs = whose == Whose::Customer && !v.is_customers();
    let actions = html! {
        @if is_staffs && v.can::<kinds::ConnectLinksRead>() { (parts::link(&format!("{home}/links"), "link", &v.t("links"))) }
        @if can_connect { (parts::primary(&format!("{home}/connect"), "add", &v.t("systems-connect"))) }
    };
    let about = match whose {
        Whose::Own => "own-about",
        Whose::Customer if v.is_customers() => "my-systems-about",
        Whose::Customer => "systems-about",
    };
    let part = Part { about: Some(v.t(about)), actions, ..whose.part(whose.title(&v)) };
    let body = html! {
        div.stack data-live="systems" {
            @if found.items.is_empty() { (none(&v, can_connect)) } @else { div.cards { (cards(&v, &found)?) } }
        }
        @if !can_connect { (parts::whom_to_ask(&v, if v.is_customers() { "ask-partner-connect" } else { "ask-tenant-admin" })) }
        @if is_staffs && v.can::<kinds::SelfManagedRead>() { p { a href={ (home) "/self-managed" } { (v.t("self-managed-of-link")) } } }
    };
    part.sheet(&v, &body)
}

fn none(v: &Visit, can_connect: bool) -> Markup {
    let action = html! { @if can_connect { (parts::primary(&format!("{}/connect", v.home()), "add", &v.t("systems-connect"))) } };
    html! { div.card { (parts::empty("plug", &v.t("systems-none"), &v.t("systems-none-about"), &action)) } }
}

fn cards(v: &Visit, found: &Page<ConnectionView>) -> Result<Markup, Problem> {
    let cards = found.items.iter().map(|one| card(v, one)).collect::<Result<Vec<_>, _>>()?;
    Ok(html! { @for card in &cards { (card) } })
}

fn card(v: &Visit, one: &ConnectionView) -> Result<Markup, Problem> {
    let sync = sync_now(v, one, "")?;
    let path = format!("{}/systems/{}", v.home(), one.id);
    let on = one.functions.iter().filter(|function| function.switch == Switch::On);
    let on: Vec<_> = on.map(|function| (function.direction, function.purpose.as_str())).collect();
    Ok(html! {
        section.card {
            div.platform {
                (sign(&one.platform))
                div { h2 { a href=(path) { (one.label) } } small { (one.platform) } }
            }
            div.row {
                (connection_badge(v, one.status))
                @if one.tenants_own { span.tag { (v.t(if v.is_customers() { "systems-partners-own" } else { "systems-own-staff" })) } }
            }
            @if let Some(why) = one.stands_still.as_ref().filter(|_| one.status != ConnectionStatus::Off) { (stands_still(v, why)) }
            @if on.is_empty() && !one.functions.is_empty() { p.muted { (v.t("functions-none")) } }
            (purposes(v, on.into_iter()))
            p { small {
                @match one.last_run { Some(at) => { (v.t("last-run")) ": " (v.language.distance(v.now, at.0)) }, None => (v.t("never-run")) }
                @if let Some(at) = one.next_run { " · " (v.t("next-run")) ": " (v.at(at)) }
            } }
            div.row { (sync) }
        }
    })
}
