//! A customer's mappings, each in its newest version.

use maud::{Markup, html};
use weighbridge::account::MappingView;
use weighbridge::model::access::kinds;

use super::Part;
use crate::console::parts::{self, Column};
use crate::console::screen::{Drawn, Screen};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/customers/{customer}/mappings", list)]
}

async fn list(v: Visit) -> Drawn {
    let found = v.engine.mappings(&v.may::<kinds::TransfersRead>()?)?.items;
    let can = v.can::<kinds::TransfersChange>();
    let new =
        html! { @if can { (parts::primary(&format!("{}/mappings/new", v.home()), "add", &v.t("mappings-new"))) } };
    let actions = if found.is_empty() { Markup::default() } else { new.clone() };
    let part = Part { about: Some(v.t("mappings-about")), actions, ..Part::new("mappings", "", v.t("tab-mappings")) };
    let columns = ["customers-name", "mapping-version", "mapping-written", "used-by"].map(|key| Column::new(v.t(key)));
    let lines: Vec<_> = found.iter().map(|one| line(&v, one)).collect();
    let body = html! {
        @if found.is_empty() { div.card { (parts::empty("workflow", &v.t("mappings-none"), &v.t("mappings-none-about"), &new)) } }
        @else { (parts::table(&v.t("tab-mappings"), &columns, &lines)) }
        @if !can { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    part.sheet(&v, &body)
}

fn line(v: &Visit, one: &MappingView) -> Vec<Markup> {
    vec![
        html! { a href={ (v.home()) "/mappings/" (one.id) } { (one.name) } },
        html! { (v.n(one.version)) },
        html! { (v.at(one.created_at)) },
        used_by(v, one),
    ]
}

/// The transfers that use it, each with its version.
pub(super) fn used_by(v: &Visit, one: &MappingView) -> Markup {
    html! {
        @if one.used_by.is_empty() { span.muted { (v.t("used-by-none")) } }
        @else { ul.plain { @for user in &one.used_by { li { (v.language.said(user)) } } } }
    }
}
