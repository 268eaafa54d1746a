//! The runs of all customers, with filters on any combination.

use maud::html;
use weighbridge::account::OfCustomers;
use weighbridge::model::access::kinds;
use weighbridge::model::problem::ProblemCode;

use crate::console::customer::runs;
use crate::console::parts::{self, Head};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/runs", list).follows("run list-all")]
}

async fn list(v: Visit) -> Drawn {
    let of = v.asks("of").map(str::parse).transpose().map_err(|_| ProblemCode::NotThere)?;
    let of = OfCustomers { of, name: v.asks("name").map(str::to_owned) };
    let page = v.engine.runs_of_all(&v.may::<kinds::RunsRead>()?, &of, &runs::filter(&v)?)?;
    let title = v.t("nav-runs");
    let customer = html! {
        div.field { label for="f-name" { (v.t("grid-customer")) }
            input #f-name type="search" name="name" value=(v.asks("name").unwrap_or_default()); }
        @if let Some(of) = v.asks("of") { input type="hidden" name="of" value=(of); }
    };
    let body = html! {
        (Head { about: Some(&v.t("runs-all-about")), actions: parts::link("/console/in-doubt", "question", &v.t("doubt")), ..Head::new(&title) }.show(&v))
        (runs::search(&v, &[], &customer))
        div data-live="runs" {
            @if page.items.is_empty() { (runs::none(&v)) } @else { (runs::table(&v, &page.items, true)) }
        }
        (parts::pager(&v, page.next.as_ref()))
    };
    Ok(Sheet::new("runs", title, body))
}
