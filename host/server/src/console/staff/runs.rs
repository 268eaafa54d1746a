//! The runs of all customers, with filters on any combination.

use maud::html;
use weighbridge::account::CustomerFilter;
use weighbridge::model::access::kinds;
use weighbridge::model::id::CustomerId;
use weighbridge::model::problem::ProblemCode;

use crate::console::customer::runs;
use crate::console::parts::{self, Head};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

/// Customers that the filter offers; more are found by their own page.
const CUSTOMERS_MAX: u32 = 1_000;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/runs", list).follows("run list-all")]
}

async fn list(v: Visit) -> Drawn {
    let of: Option<CustomerId> = match v.asks("of") {
        Some(text) => Some(text.parse().map_err(|_| ProblemCode::NotThere)?),
        None => None,
    };
    let page = v.engine.runs_of_all(&v.may::<kinds::RunsRead>()?, of, &runs::filter(&v)?)?;
    let filter = CustomerFilter { limit: Some(CUSTOMERS_MAX), ..CustomerFilter::default() };
    let customers = v.engine.customers(&v.may::<kinds::CustomersRead>()?, &filter)?.items;
    let customers: Vec<_> = customers.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let title = v.t("nav-runs");
    let body = html! {
        (Head { about: Some(&v.t("runs-all-about")), ..Head::new(&title) }.show(&v))
        (runs::search(&v, &[("of", &customers)]))
        div data-live="runs" {
            @if page.items.is_empty() { (runs::none(&v)) } @else { (runs::table(&v, &page.items, true)) }
        }
        (parts::pager(&v, page.next.as_ref()))
    };
    Ok(Sheet::new("runs", title, body))
}
