//! What is known of a customer, to be typed.

use maud::{Markup, html};
use weighbridge::account::CustomerView;
use weighbridge::model::access::kinds;
use weighbridge::model::meter::Meter;

use crate::console::parts::{self, Ask, Head, quota_fields, window_fields};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/customers/{customer}/edit", edit).leads(
        "customer change",
        |v, _| v.home(),
        "customer-changed",
    )]
}

async fn edit(v: Visit) -> Drawn {
    v.may::<kinds::CustomerChange>()?;
    let one = v.engine.customer(&v.may::<kinds::CustomerRead>()?)?;
    let title = v.say("customer-edit-title", &[("name", one.name.as_str().into())]);
    let home = v.home();
    let above = [("/console/customers".to_owned(), v.t("nav-customers")), (home.clone(), one.name.clone())];
    let ask = Ask::new(&v, "customer change").seen(&one.etag);
    let body = html! {
        (Head { above: &above, ..Head::new(&title) }.show(&v))
        (parts::card("", &ask.form(&html! { (fields(&ask, Some(&one))) (ask.send_or_back("save", &home)) })))
    };
    Ok(Sheet::new("customers", title, body))
}

/// The fields of a customer, new or known.
pub(super) fn fields(ask: &Ask<'_>, one: Option<&CustomerView>) -> Markup {
    let quota = one.map(|one| one.quota).unwrap_or_default();
    let contact = one.map(|one| one.contact.clone()).unwrap_or_default();
    html! {
        (ask.field("name", "customers-name").value_of(one.map(|one| &one.name)).required().text())
        div.pair {
            (ask.field("external_id", "customers-external-id").hint("customers-external-id-hint")
                .value_of(one.and_then(|one| one.external_id.as_ref())).text())
            (ask.field("labels:list", "customers-labels").hint("customers-labels-hint")
                .value(one.map(|one| one.labels.join(", ")).unwrap_or_default()).text())
        }
        (ask.group("contact", &html! {
            div.pair {
                (ask.field("contact.name", "contact-name").value_of(contact.name.as_ref()).text())
                (ask.field("contact.email", "contact-email").value_of(contact.email.as_ref()).email())
                (ask.field("contact.phone", "contact-phone").value_of(contact.phone.as_ref()).text())
            }
            input type="hidden" name="contact:json" value="{}";
        }))
        (window_fields(ask, one.map(|one| &one.window)))
        (quota_fields(ask, &quota, &Meter::ALL))
    }
}
