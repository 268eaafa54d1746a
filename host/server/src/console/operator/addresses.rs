//! Which addresses the offers of organisations may reach, and how they leave this host.

use maud::{Markup, html};
use weighbridge::account::{AddressFilter, AddressRow};
use weighbridge::model::access::kinds;
use weighbridge::model::id::{IntegrationId, TenantId};
use weighbridge::model::integration::ProxyUse;
use weighbridge::model::problem::{Problem, ProblemCode};

use crate::console::parts::{self, Ask, Column, Head, icon};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

const LIST: &str = "/operate/addresses";

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new(LIST, list),
        Screen::new(format!("{LIST}/{{tenant}}/{{integration}}"), show).does("integration allow", "saved"),
    ]
}

async fn list(v: Visit) -> Drawn {
    let filter = AddressFilter {
        tenant: v.asks("tenant").and_then(|id| id.parse().ok()),
        private: v.asks("private") == Some("true"),
        cursor: v.asks("cursor").map(str::to_owned),
        ..AddressFilter::default()
    };
    let may = v.may::<kinds::TenantsRead>()?;
    let page = v.engine.addresses(&may, &filter)?;
    let tenants =
        v.engine.tenants(&may)?.items.into_iter().map(|one| (one.id.to_string(), one.name)).collect::<Vec<_>>();
    let title = v.t("nav-addresses");
    let columns = [
        Column::new(v.t("address-offer")),
        Column::new(v.t("me-organisation")),
        Column::new(v.t("offer-hosts")),
        Column::new(v.t("offer-networks")),
        Column::new(v.t("offer-folders")),
        Column::new(v.t("address-proxy")),
    ];
    let lines: Vec<_> = page.items.iter().map(|one| line(&v, one)).collect();
    let body = html! {
        (Head { about: Some(&v.t("addresses-about")), ..Head::new(&title) }.show(&v))
        (search(&v, &tenants))
        @if page.items.is_empty() { div.card { (parts::empty("globe", &v.t("addresses-none"), &v.t("addresses-none-about"), &Markup::default())) } }
        @else { (parts::table(&title, &columns, &lines)) }
        (parts::pager(&v, page.next.as_ref()))
    };
    Ok(Sheet::new("addresses", title, body))
}

fn search(v: &Visit, tenants: &[(String, String)]) -> Markup {
    let is_chosen = |name: &str, value: &str| v.asks(name) == Some(value);
    html! {
        form.card method="get" role="search" {
            div.filter {
                div.field { label for="f-tenant" { (v.t("me-organisation")) } select #f-tenant name="tenant" {
                    option value="" { (v.t("filter-any")) }
                    @for (id, name) in tenants { option value=(id) selected[is_chosen("tenant", id)] { (name) } }
                } }
                div.field { label for="f-private" { (v.t("offer-networks")) } select #f-private name="private" {
                    option value="" { (v.t("filter-any")) }
                    option value="true" selected[is_chosen("private", "true")] { (v.t("address-private-only")) }
                } }
                button.button { (icon("search")) (v.t("filter-apply")) }
            }
        }
    }
}

fn line(v: &Visit, one: &AddressRow) -> Vec<Markup> {
    vec![
        html! { a href={ (LIST) "/" (one.tenant) "/" (one.integration) } { (one.integration_name) } small { (one.connector) } },
        html! { (one.tenant_name) },
        html! { @if one.hosts.is_empty() { (v.t("offer-all-hosts")) } @else { (one.hosts.join(", ")) } },
        html! { @if one.networks.is_empty() { (v.t("offer-no-networks")) } @else { (one.networks.join(", ")) } },
        html! { @if one.folders.is_empty() { (v.t("offer-no-folders")) } @else { (one.folders.join(", ")) } },
        html! { (v.word("proxy", one.proxy.word())) },
    ]
}

/// The offer that the address names.
fn one(v: &Visit) -> Result<AddressRow, Problem> {
    let (tenant, id): (TenantId, IntegrationId) = (v.id("tenant")?, v.id("integration")?);
    let may = v.may::<kinds::TenantsRead>()?;
    let mut filter = AddressFilter { tenant: Some(tenant), limit: Some(1_000), ..AddressFilter::default() };
    loop {
        let page = v.engine.addresses(&may, &filter)?;
        if let Some(found) = page.items.into_iter().find(|one| one.integration == id) {
            return Ok(found);
        }
        filter.cursor = Some(page.next.ok_or(ProblemCode::NotThere)?);
    }
}

async fn show(v: Visit) -> Drawn {
    let one = one(&v)?;
    let title = v.say(
        "address-title",
        &[("offer", one.integration_name.as_str().into()), ("tenant", one.tenant_name.as_str().into())],
    );
    let head = Head {
        above: &[(LIST.to_owned(), v.t("nav-addresses"))],
        about: Some(&v.t("address-about")),
        ..Head::new(&title)
    };
    let body = html! {
        (head.show(&v))
        (parts::card(&v.t("offer-leaves"), &parts::facts(&[
            (v.t("offer-hosts"), html! { @if one.hosts.is_empty() { (v.t("offer-all-hosts")) } @else { (one.hosts.join(", ")) } }),
            (v.t("offer-ca"), html! { (one.ca.as_deref().unwrap_or("–")) }),
            (v.t("offer-certificate"), html! { (one.client_certificate.as_deref().unwrap_or("–")) }),
        ])))
        @if v.can::<kinds::TenantsChange>() { (allow(&v, &one)) }
    };
    Ok(Sheet::new("addresses", title, body))
}

fn allow(v: &Visit, one: &AddressRow) -> Markup {
    let (ask, ca, shown) = (
        Ask::new(v, "integration allow"),
        Ask::new(v, "integration allow").with("part", "ca"),
        Ask::new(v, "integration allow").with("part", "certificate"),
    );
    let ways = [ProxyUse::Configured, ProxyUse::Direct].map(|way| (way.word().to_owned(), v.word("proxy", way.word())));
    html! {
        (parts::card(&v.t("address-way"), &ask.form(&html! {
            (ask.field("networks:lines", "offer-networks").hint("address-networks-hint").value(one.networks.join("\n")).area(4))
            (ask.field("folders:lines", "offer-folders").hint("address-folders-hint").value(one.folders.join("\n")).area(4))
            (ask.field("proxy", "address-proxy").value(one.proxy.word()).choice(&ways))
            (ask.send_or_back("save", LIST))
        })))
        (parts::card(&v.t("offer-ca"), &html! {
            (ca.form(&html! { (ca.field("ca", "address-pem").hint("address-ca-hint").required().area(6)) (ca.send("save")) }))
            @if one.ca.is_some() { (Ask::new(v, "integration allow").with("ca", "").button("danger", "remove", &v.t("address-take-away"))) }
        }))
        (parts::card(&v.t("offer-certificate"), &html! {
            (shown.form(&html! {
                (shown.field("certificate", "address-pem").hint("address-certificate-hint").required().area(6))
                (shown.field("key", "address-key").hint("address-key-hint").required().secret_area(6))
                (shown.send("save"))
            }))
            @if one.client_certificate.is_some() {
                (Ask::new(v, "integration allow").with("certificate", "").with("key", "").button("danger", "remove", &v.t("address-take-away")))
            }
        }))
    }
}
