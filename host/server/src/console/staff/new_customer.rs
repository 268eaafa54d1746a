//! A new customer, and many from a table.

use maud::html;
use serde_json::Value;
use weighbridge::model::access::kinds;

use super::edit_customer::fields;
use crate::console::parts::{self, Ask, Head, Tone};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/console/customers/new", new).leads("customer add", to_customer, "customer-created"),
        Screen::new("/console/customers/import", import).shows("customer import", imported),
    ]
}

fn to_customer(_: &Visit, given: &Value) -> String {
    format!("/console/customers/{}", given["id"].as_str().unwrap_or_default())
}

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::CustomersCreate>()?;
    let title = v.t("customers-new");
    let above = [("/console/customers".to_owned(), v.t("nav-customers"))];
    let ask = Ask::new(&v, "customer add");
    let body = html! {
        (Head { above: &above, about: Some(&v.t("customer-new-about")), ..Head::new(&title) }.show(&v))
        (parts::card("", &ask.form(&html! { (fields(&ask, None)) (ask.send_or_back("customer-create", "/console/customers")) })))
    };
    Ok(Sheet::new("customers", title, body))
}

async fn import(v: Visit) -> Drawn {
    v.may::<kinds::CustomersCreate>()?;
    let title = v.t("customers-import");
    let above = [("/console/customers".to_owned(), v.t("nav-customers"))];
    let ask = Ask::new(&v, "customer import");
    let body = html! {
        (Head { above: &above, about: Some(&v.t("import-about")), ..Head::new(&title) }.show(&v))
        (parts::card("", &html! {
            pre { "name,external_id,labels,contact_name,contact_email,contact_phone,start,end\n"
                "Adamant GmbH,K-1001,north;vip,Ada Nowak,ada@adamant.example,+48 22 000 00 00,2026-01-01," }
            (ask.form(&html! {
                div.field hidden { label for="file" { (v.t("import-file")) } input #file type="file" accept=".csv,text/csv" data-reads-into="field-table"; }
                (ask.field("table", "import-table").required().area(12))
                (ask.field("dry_run", "import-dry-run").hint("import-dry-run-hint").check())
                (ask.send_or_back("import-send", "/console/customers"))
            }))
        }))
    };
    Ok(Sheet::new("customers", title, body))
}

/// What the import made, or would make.
fn imported(v: &Visit, given: &Value) -> maud::Markup {
    let count = |name: &str| given[name].as_i64().unwrap_or_default();
    let wrong = given["wrong"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_done = given["done"].as_bool().unwrap_or_default();
    let title = v.t(if is_done {
        "import-done"
    } else if wrong.is_empty() {
        "import-tried"
    } else {
        "import-refused"
    });
    let above = [("/console/customers".to_owned(), v.t("nav-customers"))];
    html! {
        (Head { above: &above, ..Head::new(&title) }.show(v))
        div.figures {
            div { b { (v.n(count("created"))) } span { (v.t(if is_done { "import-created" } else { "import-would-create" })) } }
            div { b { (v.n(count("present"))) } span { (v.t("import-present")) } }
            div { b { (v.n(wrong.len() as i64)) } span { (v.t("import-wrong")) } }
        }
        @if !wrong.is_empty() {
            (parts::notice(Tone::Bad, &html! { p { (v.t("import-wrong-about")) } }))
            (parts::card(&v.t("import-wrong"), &html! { ul.steps { @for one in wrong { li {
                strong { (v.say("import-line", &[("line", one["line"].as_i64().unwrap_or_default().into())])) }
                div { (v.language.said(one["what"].as_str().unwrap_or_default())) }
            } } } }))
        }
        div.row { (parts::link("/console/customers/import", "first", &v.t("import-again"))) (parts::primary("/console/customers", "customer", &v.t("nav-customers"))) }
    }
}
