//! What is in doubt: of all customers, and of one. The partner's staff see what it waits for; the operator gives it up.

use maud::{Markup, html};
use weighbridge::account::DoubtView;
use weighbridge::model::access::kinds;

use crate::console::customer::Part;
use crate::console::parts::{self, Column, Head};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/console/in-doubt", of_all).follows("doubt list-all"),
        Screen::new("/console/customers/{customer}/in-doubt", of_one).follows("doubt list"),
    ]
}

async fn of_all(v: Visit) -> Drawn {
    let found = v.engine.in_doubt_of_all(&v.may::<kinds::RunsRead>()?)?.items;
    let title = v.t("doubt");
    let above = [("/console/runs".to_owned(), v.t("nav-runs"))];
    let head = Head { above: &above, about: Some(&v.t("doubt-about")), ..Head::new(&title) };
    Ok(Sheet::new("runs", title.clone(), html! { (head.show(&v)) (list(&v, &found, true)) }))
}

async fn of_one(v: Visit) -> Drawn {
    let found = v.engine.in_doubt(&v.may::<kinds::TransfersRead>()?)?.items;
    let above = [(format!("{}/runs", v.home()), v.t("runs"))];
    let part =
        Part { above: &above, about: Some(v.t("doubt-about")), ..Part::new("runs", "my-transfers", v.t("doubt")) };
    part.sheet(&v, &list(&v, &found, false))
}

fn list(v: &Visit, found: &[DoubtView], with_customer: bool) -> Markup {
    let mut columns = vec![Column::new(v.t("run-of"))];
    columns.extend(with_customer.then(|| Column::new(v.t("grid-customer"))));
    columns.extend(parts::doubt_columns(v));
    let lines: Vec<_> = found.iter().map(|one| line(v, one, with_customer)).collect();
    let empty = parts::empty("good", &v.t("doubt-none"), &v.t("doubt-none-about"), &Markup::default());
    html! {
        div.stack data-live="in-doubt" {
            @if found.is_empty() { div.card { (empty) } }
            @else { (parts::table(&v.t("doubt"), &columns, &lines)) p.hint { (v.t("doubt-operator")) } }
        }
    }
}

fn line(v: &Visit, one: &DoubtView, with_customer: bool) -> Vec<Markup> {
    let home = format!("/console/customers/{}", one.customer);
    let name = one.transfer_name.clone().unwrap_or_else(|| v.t("run-of-none"));
    let mut line = vec![html! {
        @match one.transfer { Some(id) => a href={ (home) "/transfers/" (id) } { (name) }, None => (name) }
        small { a href={ (home) "/runs/" (one.run) } { (v.t("events-run-show")) } }
    }];
    if with_customer {
        let customer = one.customer_name.clone().unwrap_or_else(|| v.word("status", "deleted"));
        line.push(html! { a href=(home) { (customer) } });
    }
    line.extend(parts::doubt_cells(v, &one.held));
    line
}
