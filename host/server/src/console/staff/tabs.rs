//! The head of a customer's pages, with the parts of it.

use maud::{Markup, html};
use weighbridge::account::CustomerView;
use weighbridge::model::access::kinds;
use weighbridge::model::customer::CustomerStatus;
use weighbridge::model::problem::Problem;

use super::customers::standing;
use crate::console::parts::{self, Head};
use crate::console::visit::Visit;

/// The customer that a page is about, and what stands above every page of it.
pub(crate) fn of_customer(v: &Visit, lit: &str) -> Result<(CustomerView, Markup), Problem> {
    let one = v.engine.customer(&v.may::<kinds::CustomerRead>()?)?;
    let home = format!("/console/customers/{}", one.id);
    let above = [("/console/customers".to_owned(), v.t("nav-customers"))];
    let is_living = !matches!(one.status, CustomerStatus::Deleting | CustomerStatus::Deleted);
    let actions = html! {
        @if is_living && v.can::<kinds::CustomerOpen>() { (parts::link(&format!("{home}/open"), "open", &v.t("customer-log-in-as"))) }
        @if is_living && v.can::<kinds::CustomerChange>() { (parts::link(&format!("{home}/edit"), "edit", &v.t("edit"))) }
    };
    let head = Head { above: &above, badge: Some(standing(v, &one)), actions, ..Head::new(&one.name) };
    let shown = html! { (head.show(v)) (parts::tabs(&one.name, &tabs(v, &home, lit))) };
    Ok((one, shown))
}

fn tabs(v: &Visit, home: &str, lit: &str) -> Vec<(String, String, bool)> {
    let all = [
        ("overview", "", v.can::<kinds::CustomerRead>()),
        ("systems", "/systems", v.can::<kinds::ConnectionsRead>()),
        ("endpoints", "/endpoints", v.can::<kinds::TransfersRead>()),
        ("mappings", "/mappings", v.can::<kinds::TransfersRead>()),
        ("transfers", "/transfers", v.can::<kinds::TransfersRead>()),
        ("runs", "/runs", v.can::<kinds::TransfersRead>()),
        ("services", "/services", v.can::<kinds::ServicesRead>()),
        ("usage", "/usage", v.can::<kinds::UsageRead>()),
        ("people", "/people", v.can::<kinds::UsersRead>()),
        ("audit", "/audit", v.can::<kinds::CustomerAuditRead>()),
    ];
    let shown = all.into_iter().filter(|(.., shown)| *shown);
    shown.map(|(key, path, _)| (format!("{home}{path}"), v.t(&format!("tab-{key}")), key == lit)).collect()
}
