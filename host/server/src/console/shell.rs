//! The frame of a page: its head, the navigation, who is signed in, and what every answer says of itself.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use maud::{DOCTYPE, Markup, html};
use weighbridge::model::access::{Population, kinds};
use weighbridge::model::problem::Problem;

use super::assets::{SCRIPT, SIGN, STYLE};
use super::parts::{self, icon};
use super::routes::Manner;
use super::screen::Sheet;
use super::texts::Language;
use super::visit::Visit;
use crate::api::status;

/// Nothing but our own style and script, no frame around it, no form that leaves.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page of whoever is signed in.
pub(super) fn page(visit: &Visit, code: StatusCode, sheet: &Sheet) -> Response<Body> {
    let body = html! {
        a.skip href="#main" { (visit.t("shell-skip")) }
        @if visit.me.impersonates { (banner(visit)) }
        div.shell {
            (side(visit, sheet.nav))
            main #main tabindex="-1" data-follow[visit.follows] {
                (parts::told(visit))
                (sheet.body)
            }
        }
    };
    answer(code, document((visit.language, visit.theme), &sheet.title, &body))
}

/// Something that is shown this once.
pub(super) fn once(visit: &Visit, body: Markup) -> Response<Body> {
    page(visit, StatusCode::OK, &Sheet::new("", visit.t("once-title"), body))
}

/// What is wrong, in the frame of whoever looks.
pub(super) fn problem(visit: &Visit, problem: &Problem) -> Response<Body> {
    let title = parts::sentence(visit.language, problem.code.as_str());
    let body = html! {
        div.blank {
            (icon("denied"))
            h1 { (title) }
            p { (parts::next_step(visit.language, problem.code.as_str())) }
            (parts::wrongs(visit.language, problem))
            p.code { (problem.code.as_str()) }
        }
    };
    page(visit, status(problem.code.kind()), &Sheet::new("", title.clone(), body))
}

/// What is wrong, for whoever is not known or has nothing here.
pub(super) fn turned_away(manner: Manner, problem: &Problem) -> Response<Body> {
    let title = parts::sentence(manner.language, problem.code.as_str());
    let body = html! {
        h1 { (title) }
        p.lead { (parts::next_step(manner.language, problem.code.as_str())) }
        p.code { (problem.code.as_str()) }
        p.aside { a href="/" { (manner.language.say("shell-to-start", &[])) } }
    };
    outside(manner, status(problem.code.kind()), &title, &body)
}

/// A page of whoever is not signed in.
pub(super) fn outside(manner: Manner, code: StatusCode, title: &str, body: &Markup) -> Response<Body> {
    let whole = html! {
        main.door {
            (brand())
            div.door-card { (body) }
            (appearance(manner.language, manner.theme, "/"))
        }
    };
    answer(code, document((manner.language, manner.theme), title, &whole))
}

/// To another page, by a GET.
pub(super) fn see_other(path: &str) -> Response<Body> {
    let mut response = answer(StatusCode::SEE_OTHER, Markup::default());
    if let Ok(path) = HeaderValue::try_from(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

fn document((language, theme): (Language, Option<&str>), title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="color-scheme" content=(theme.unwrap_or("light dark"));
                title { (title) " · Weighbridge" }
                link rel="icon" type="image/svg+xml" href=(SIGN.path);
                link rel="stylesheet" href=(STYLE.path);
                script src=(SCRIPT.path) defer {}
            }
            body { (body) }
        }
    }
}

/// A page that opened another one, or was opened by it, has no hold on it.
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

fn answer(code: StatusCode, markup: Markup) -> Response<Body> {
    let mut response = Response::new(Body::from(markup.into_string()));
    *response.status_mut() = code;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (OPENER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn brand() -> Markup {
    html! { span.brand { (icon("sign")) span { "Weighbridge" } } }
}

/// Says whose account is open, as long as it is.
fn banner(visit: &Visit) -> Markup {
    let who = visit.me.name.as_deref().or(visit.me.email.as_deref()).unwrap_or_default();
    let whose = visit.me.customer_name.as_deref().unwrap_or_default();
    html! {
        div.banner role="status" {
            (icon("open"))
            span { (visit.say("shell-opened", &[("customer", whose.into()), ("who", who.into())])) }
            form method="post" action="/leave" {
                input type="hidden" name="token" value=(visit.token());
                button.button.small { (visit.t("shell-leave")) }
            }
        }
    }
}

/// An entry of the navigation.
struct Entry {
    key: &'static str,
    path: &'static str,
    icon: &'static str,
    shown: bool,
}

const fn entry(key: &'static str, path: &'static str, icon: &'static str, shown: bool) -> Entry {
    Entry { key, path, icon, shown }
}

fn side(visit: &Visit, lit: &str) -> Markup {
    let place = match visit.me.population {
        Population::Operator => visit.t("shell-host"),
        Population::Tenant if !visit.me.impersonates => visit.me.tenant_name.clone().unwrap_or_default(),
        _ => visit.me.customer_name.clone().unwrap_or_default(),
    };
    html! {
        header.side {
            div.side-top {
                a.brand href="/" { (icon("sign")) span { "Weighbridge" } }
                span.place { (place) }
            }
            details.menu open {
                summary { (icon("menu")) span { (visit.t("shell-menu")) } }
                nav aria-label=(visit.t("shell-menu")) {
                    @for (group, entries) in groups(visit) {
                        @if !group.is_empty() { p.nav-group { (visit.t(group)) } }
                        ul {
                            @for entry in entries.iter().filter(|entry| entry.shown) {
                                li { a href=(entry.path) aria-current=[(entry.key == lit).then_some("page")] {
                                    (icon(entry.icon)) (visit.t(&format!("nav-{}", entry.key)))
                                } }
                            }
                        }
                    }
                }
                (foot(visit))
            }
        }
    }
}

fn groups(visit: &Visit) -> Vec<(&'static str, Vec<Entry>)> {
    match (visit.me.population, visit.me.impersonates) {
        (Population::Operator, _) => operators(),
        (Population::Tenant, false) => staff(visit),
        _ => own(visit),
    }
}

fn staff(visit: &Visit) -> Vec<(&'static str, Vec<Entry>)> {
    let sees = visit.can::<kinds::CustomersRead>();
    vec![
        (
            "",
            vec![
                entry("customers", "/console/customers", "customer", sees),
                entry("systems", "/console/systems", "grid", visit.can::<kinds::SystemsRead>()),
                entry("runs", "/console/runs", "run", sees),
                entry("usage", "/console/usage", "scale", sees),
            ],
        ),
        (
            "nav-group-offer",
            vec![
                entry("integrations", "/console/integrations", "plug", visit.can::<kinds::IntegrationsRead>()),
                entry("own", "/console/own", "server", visit.can::<kinds::OwnConnectionsRead>()),
                entry("self-managed", "/console/self-managed", "switch", visit.can::<kinds::IntegrationsRead>()),
                entry("workflows", "/console/workflows", "workflow", visit.can::<kinds::WorkflowsRead>()),
            ],
        ),
        (
            "nav-group-organisation",
            vec![
                entry("staff", "/console/people", "people", visit.can::<kinds::StaffRead>()),
                entry("audit", "/console/audit", "audit", visit.can::<kinds::AuditRead>()),
                entry("events", "/console/events", "mail", visit.can::<kinds::EventsRead>()),
                entry("settings", "/console/settings", "settings", visit.can::<kinds::TenantRead>()),
            ],
        ),
    ]
}

fn own(visit: &Visit) -> Vec<(&'static str, Vec<Entry>)> {
    vec![
        (
            "",
            vec![
                entry("my-integrations", "/my", "plug", visit.can::<kinds::ConnectionsRead>()),
                entry("my-transfers", "/my/transfers", "run", visit.can::<kinds::TransfersRead>()),
                entry("my-usage", "/my/usage", "scale", visit.can::<kinds::UsageRead>()),
                entry("my-services", "/my/services", "key", visit.can::<kinds::ServicesRead>()),
            ],
        ),
        (
            "nav-group-account",
            vec![
                entry("my-people", "/my/people", "people", visit.can::<kinds::UsersRead>()),
                entry("my-audit", "/my/audit", "audit", visit.can::<kinds::CustomerAuditRead>()),
            ],
        ),
    ]
}

fn operators() -> Vec<(&'static str, Vec<Entry>)> {
    vec![
        (
            "",
            vec![
                entry("host", "/operate", "health", true),
                entry("tenants", "/operate/tenants", "organisation", true),
                entry("explain", "/operate/explain", "question", true),
            ],
        ),
        (
            "nav-group-trust",
            vec![
                entry("connectors", "/operate/connectors", "plug", true),
                entry("trust", "/operate/trust", "shield", true),
                entry("addresses", "/operate/addresses", "globe", true),
                entry("keys", "/operate/keys", "key", true),
            ],
        ),
        (
            "nav-group-host",
            vec![
                entry("backups", "/operate/backups", "archive", true),
                entry("operators", "/operate/people", "people", true),
                entry("host-audit", "/operate/audit", "audit", true),
            ],
        ),
    ]
}

/// Who is signed in, and how it looks.
fn foot(visit: &Visit) -> Markup {
    let who = visit.me.name.as_deref().or(visit.me.email.as_deref()).unwrap_or_default();
    let me = match visit.me.population {
        Population::Operator => "/operate/me",
        Population::Tenant => "/console/me",
        Population::Customer => "/my/me",
    };
    html! {
        div.foot {
            a.who href=(me) {
                (icon("person"))
                span { strong { (who) } small { (visit.word("role", visit.me.role.word())) } }
            }
            form method="post" action="/sign-out" {
                input type="hidden" name="token" value=(visit.token());
                button.quiet { (icon("out")) (visit.t("shell-sign-out")) }
            }
            (appearance(visit.language, visit.theme, &visit.path))
        }
    }
}

fn appearance(language: Language, theme: Option<&str>, back: &str) -> Markup {
    html! {
        form.appearance method="post" action="/appearance" {
            input type="hidden" name="back" value=(back);
            @for one in Language::ALL {
                button.quiet name="language" value=(one.tag()) lang=(one.tag()) aria-pressed=(one == language) { (one.own_name()) }
            }
            span.apart aria-hidden="true" {}
            @for one in ["system", "light", "dark"] {
                button.quiet name="theme" value=(one) aria-pressed=(theme.unwrap_or("system") == one)
                    title=(language.say(&format!("theme-{one}"), &[])) {
                    (icon(one)) span.unseen { (language.say(&format!("theme-{one}"), &[])) }
                }
            }
        }
    }
}
