//! The organisation's own settings.

use maud::{Markup, html};
use weighbridge::account::TenantView;
use weighbridge::model::access::kinds;
use weighbridge::model::meter::Meter;
use weighbridge::model::self_managed::Policy;

use crate::console::parts::{self, Ask, Head};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/settings", show).does("tenant change", "saved")]
}

async fn show(v: Visit) -> Drawn {
    let one = v.engine.tenant(&v.may::<kinds::TenantRead>()?)?;
    let (title, can) = (v.t("nav-settings"), v.can::<kinds::TenantChange>());
    let ask = Ask::new(&v, "tenant change").seen(&one.etag);
    let body = html! {
        (Head { about: Some(&v.t("settings-about")), ..Head::new(&title) }.show(&v))
        @if can { (parts::card("", &ask.form(&html! { (fields(&ask, Some(&one))) (own_services(&ask, &one)) (ask.send("save")) }))) }
        @else { (parts::card("", &parts::facts(&facts(&v, &one)))) }
        (parts::card(&v.t("quota"), &html! {
            (granted(&v, &one))
            p.hint { (v.t("settings-quota-hint")) }
        }))
        @if !can { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("settings", title, body))
}

/// What is asked of an organisation: by its own people, and by operators.
pub(crate) fn fields(ask: &Ask<'_>, one: Option<&TenantView>) -> Markup {
    html! {
        (ask.field("name", "customers-name").value_of(one.map(|one| &one.name)).required().text())
        div.pair {
            (ask.field("zone:word", "settings-zone").hint("settings-zone-hint").value_of(one.map(|one| &one.zone)).text())
            (ask.field("currency:word", "settings-currency").hint("settings-currency-hint").value_of(one.and_then(|one| one.currency.as_ref())).text())
        }
    }
}

/// Whether customers give third parties access by themselves.
pub(crate) fn own_services(ask: &Ask<'_>, one: &TenantView) -> Markup {
    let now = if one.own_services == Policy::Allow { "allow" } else { "deny" };
    let choices = ["allow", "deny"]
        .map(|word| (word.to_owned(), ask.word("policy", word), ask.word("settings-own-services", word)));
    ask.field("own_services", "settings-own-services").value(now).radios(&choices)
}

fn facts(v: &Visit, one: &TenantView) -> Vec<(String, Markup)> {
    let policy = if one.own_services == Policy::Allow { "allow" } else { "deny" };
    vec![
        (v.t("customers-name"), html! { (one.name) }),
        (v.t("settings-zone"), html! { (one.zone) }),
        (v.t("settings-currency"), html! { (one.currency.as_deref().unwrap_or("–")) }),
        (v.t("settings-own-services"), html! { (v.word("policy", policy)) }),
    ]
}

/// What the organisation may use.
fn granted(v: &Visit, one: &TenantView) -> Markup {
    let labels = [
        (Meter::Records, "quota-records"),
        (Meter::Bytes, "quota-bytes"),
        (Meter::Runs, "quota-runs"),
        (Meter::Pulls, "quota-pulls"),
    ];
    let shown = |meter: Meter| match (meter, one.quota.granted(meter)) {
        (_, None) => v.t("used-unlimited"),
        (Meter::Bytes, Some(bytes)) => v.language.bytes(bytes),
        (_, Some(number)) => v.n(number),
    };
    parts::facts(&labels.map(|(meter, label)| (v.t(label), html! { (shown(meter)) })))
}
