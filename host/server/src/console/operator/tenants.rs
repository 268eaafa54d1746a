//! The organisations on this host: new ones, their switch, and what they may use.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::TenantView;
use weighbridge::model::access::kinds;
use weighbridge::model::id::TenantId;
use weighbridge::model::meter::{Meter, Quota};
use weighbridge::model::problem::{Problem, ProblemCode};
use weighbridge::model::tenant::Status;

use crate::console::parts::{self, Ask, Column, Head, Tone, badge, quota_fields};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::staff::settings::{fields, own_services};
use crate::console::visit::Visit;

const LIST: &str = "/operate/tenants";

/// What is granted to an organisation.
const METERS: [Meter; 4] = [Meter::Records, Meter::Bytes, Meter::Runs, Meter::Pulls];

pub(super) fn screens() -> Vec<Screen> {
    let to_it = |_: &Visit, given: &Value| format!("{LIST}/{}", given["id"].as_str().unwrap_or_default());
    vec![
        Screen::new(LIST, list),
        Screen::new(format!("{LIST}/new"), new).leads("tenant add", to_it, "tenant-made"),
        Screen::new(format!("{LIST}/{{tenant}}"), show).does("tenant set", "saved"),
    ]
}

async fn list(v: Visit) -> Drawn {
    let found = v.engine.tenants(&v.may::<kinds::TenantsRead>()?)?.items;
    let title = v.t("nav-tenants");
    let add = html! { @if v.can::<kinds::TenantsChange>() { (parts::primary(&format!("{LIST}/new"), "add", &v.t("tenants-new"))) } };
    let columns = [
        Column::new(v.t("customers-name")),
        Column::new(v.t("status")),
        Column::new(v.t("settings-zone")),
        Column::new(v.t("settings-currency")),
        Column::new(v.t("customers-since")),
    ];
    let lines: Vec<_> = found.iter().map(|one| line(&v, one)).collect();
    let body = html! {
        (Head { about: Some(&v.t("tenants-about")), actions: add.clone(), ..Head::new(&title) }.show(&v))
        @if found.is_empty() { div.card { (parts::empty("organisation", &v.t("tenants-none"), &v.t("tenants-none-about"), &add)) } }
        @else { (parts::table(&title, &columns, &lines)) }
    };
    Ok(Sheet::new("tenants", title, body))
}

fn line(v: &Visit, one: &TenantView) -> Vec<Markup> {
    vec![
        html! { a href={ (LIST) "/" (one.id) } { (one.name) } },
        standing(v, one.status),
        html! { (one.zone) },
        html! { (one.currency.as_deref().unwrap_or("–")) },
        html! { (v.day(one.created_at)) },
    ]
}

fn standing(v: &Visit, status: Status) -> Markup {
    match status {
        Status::Active => badge(Tone::Good, &v.t("tenant-active")),
        Status::Inactive => badge(Tone::Mute, &v.t("tenant-inactive")),
    }
}

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::TenantsChange>()?;
    let title = v.t("tenants-new");
    let ask = Ask::new(&v, "tenant add");
    let body = html! {
        (Head { above: &[(LIST.to_owned(), v.t("nav-tenants"))], about: Some(&v.t("tenants-new-about")), ..Head::new(&title) }.show(&v))
        (parts::card("", &ask.form(&html! {
            (fields(&ask, None))
            (quota_fields(&ask, &Quota::default(), &METERS))
            (ask.send_or_back("tenants-make", LIST))
        })))
    };
    Ok(Sheet::new("tenants", title, body))
}

/// The organisation that the address names.
fn one(v: &Visit) -> Result<TenantView, Problem> {
    let id: TenantId = v.id("tenant")?;
    let found = v.engine.tenants(&v.may::<kinds::TenantsRead>()?)?.items;
    found.into_iter().find(|one| one.id == id).ok_or_else(|| ProblemCode::NotThere.into())
}

async fn show(v: Visit) -> Drawn {
    let one = one(&v)?;
    let can = v.can::<kinds::TenantsChange>();
    let ask = Ask::new(&v, "tenant set").seen(&one.etag);
    let head = Head {
        above: &[(LIST.to_owned(), v.t("nav-tenants"))],
        badge: Some(standing(&v, one.status)),
        actions: html! { @if can { (switch(&v, &one)) } },
        ..Head::new(&one.name)
    };
    let body = html! {
        (head.show(&v))
        @if one.status == Status::Inactive { (parts::notice(Tone::Warn, &html! { p { (v.t("tenant-inactive-about")) } })) }
        (parts::card("", &ask.form(&html! {
            (fields(&ask, Some(&one)))
            (own_services(&ask, &one))
            (quota_fields(&ask, &one.quota, &METERS))
            (ask.send_or_back("save", LIST))
        })))
        p { a href={ "/operate/addresses?tenant=" (one.id) } { (v.t("tenant-addresses")) } }
    };
    Ok(Sheet::new("tenants", one.name.clone(), body))
}

fn switch(v: &Visit, one: &TenantView) -> Markup {
    let ask = Ask::new(v, "tenant set").seen(&one.etag);
    match one.status {
        Status::Active => ask.with("status", "inactive").button("danger", "stop", &v.t("tenant-deactivate")),
        Status::Inactive => ask.with("status", "active").button("primary", "play", &v.t("tenant-activate")),
    }
}
