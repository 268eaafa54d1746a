//! One's own account: who one is, the password, and the tokens of one's programs.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::model::access::kinds;
use weighbridge::people::TokenView;

use super::parts::{self, Ask, Column, Head, Tone};
use super::people::about_role;
use super::screen::{Drawn, Screen, Sheet};
use super::visit::Visit;

/// The same pages for each population.
pub(super) fn screens() -> Vec<Screen> {
    ["/console/me", "/my/me", "/operate/me"].into_iter().flat_map(at).collect()
}

fn at(path: &str) -> [Screen; 2] {
    [
        Screen::new(path, show)
            .does("me password", "password-changed")
            .leads("me sign-out", |_, _| "/".to_owned(), "")
            .does("token revoke", "token-revoked"),
        Screen::new(format!("{path}/token"), token).shows("token add", made),
    ]
}

/// The first of these pages, from any of them.
fn base(v: &Visit) -> &str {
    v.path.trim_end_matches("/token")
}

async fn show(v: Visit) -> Drawn {
    let can = v.can::<kinds::SelfChange>();
    let tokens = v.engine.tokens(&v.may::<kinds::SelfRead>()?)?.items;
    let title = v.t("me");
    let add = html! { @if can { (parts::link(&format!("{}/token", base(&v)), "add", &v.t("me-token-new"))) } };
    let body = html! {
        (Head { about: Some(&v.t("me-about")), ..Head::new(&title) }.show(&v))
        (parts::card(&v.t("me-who"), &parts::facts(&facts(&v))))
        @if can { (password(&v)) }
        (parts::card_with(&v.t("me-tokens"), &add, &html! {
            p.muted { (v.t("me-tokens-about")) }
            @if tokens.is_empty() { p { (v.t("me-tokens-none")) } } @else { (table(&v, &tokens, can)) }
        }))
        @if can { (parts::card(&v.t("me-everywhere"), &html! {
            p.muted { (v.t("me-everywhere-about")) }
            (Ask::new(&v, "me sign-out").button("danger", "out", &v.t("me-everywhere")))
        })) }
        @if v.me.impersonates { (parts::whom_to_ask(&v, "ask-leave-account")) }
    };
    Ok(Sheet::new("me", title, body))
}

fn facts(v: &Visit) -> Vec<(String, Markup)> {
    let shown = |text: &Option<String>| html! { (text.as_deref().unwrap_or("–")) };
    let mut facts = vec![
        (v.t("people-name"), shown(&v.me.name)),
        (v.t("people-email"), shown(&v.me.email)),
        (v.t("people-role"), html! { (v.language.role(v.me.role)) small { (about_role(v, v.me.role)) } }),
    ];
    for (label, name) in [("me-organisation", &v.me.tenant_name), ("me-customer", &v.me.customer_name)] {
        if name.is_some() {
            facts.push((v.t(label), shown(name)));
        }
    }
    facts
}

fn password(v: &Visit) -> Markup {
    let ask = Ask::new(v, "me password");
    parts::card(
        &v.t("me-password"),
        &ask.form(&html! {
            p.muted { (v.t("me-password-about")) }
            (ask.field("password", "me-password-now").required().secret("current-password"))
            (ask.field("new_password", "me-password-new").hint("me-password-hint").required().secret("new-password"))
            (ask.send("me-password-change"))
        }),
    )
}

fn table(v: &Visit, tokens: &[TokenView], can: bool) -> Markup {
    let columns = [
        Column::new(v.t("me-token-name")),
        Column::new(v.t("me-token-scopes")),
        Column::new(v.t("made-at")),
        Column::new(v.t("links-ends")),
        Column::new(v.t("actions")),
    ];
    let line = |one: &TokenView| {
        vec![
            html! { (one.name) },
            html! { (scopes(v, &one.scopes)) },
            html! { (v.day(one.since)) },
            html! { (v.at(one.ends_at)) },
            html! { @if can { (Ask::new(v, "token revoke").with("token:word", one.id).button("small", "remove", &v.t("me-token-revoke"))) } },
        ]
    };
    parts::table(&v.t("me-tokens"), &columns, &tokens.iter().map(line).collect::<Vec<_>>())
}

/// What a token is limited to; patterns of one's own stand as they are.
fn scopes(v: &Visit, scopes: &[String]) -> String {
    match scopes {
        [one] if one == "*" => v.t("me-scope-all"),
        [one] if one == "*.read" => v.t("me-scope-read"),
        several => several.join(", "),
    }
}

async fn token(v: Visit) -> Drawn {
    v.may::<kinds::SelfChange>()?;
    let title = v.t("me-token-new");
    let ask = Ask::new(&v, "token add");
    let choices = [("*.read", "me-scope-read"), ("*", "me-scope-all")]
        .map(|(scope, key)| (scope.to_owned(), v.t(key), v.t(&format!("{key}-about"))));
    let body = html! {
        (Head { above: &[(base(&v).to_owned(), v.t("me"))], about: Some(&v.t("me-token-about")), ..Head::new(&title) }.show(&v))
        (parts::card("", &ask.form(&html! {
            (ask.field("name", "me-token-name").hint("me-token-name-hint").required().text())
            (ask.field("scopes:several", "me-token-scopes").value("*.read").required().radios(&choices))
            (ask.field("ends:date", "links-ends").hint("me-token-ends-hint").date())
            (ask.send_or_back("me-token-make", base(&v)))
        })))
    };
    Ok(Sheet::new("me", title, body))
}

/// The token's secret, which is shown this once.
fn made(v: &Visit, given: &Value) -> Markup {
    let title = v.t("me-token-made");
    html! {
        (Head { above: &[(base(v).to_owned(), v.t("me"))], ..Head::new(&title) }.show(v))
        (parts::notice(Tone::Warn, &html! { p { strong { (v.t("me-token-once")) } " " (v.t("me-token-once-about")) } }))
        (parts::card("", &parts::copied(v, "token", &v.t("me-token-secret"), given["secret"].as_str().unwrap_or_default())))
        div.row { (parts::link(base(v), "first", &v.t("me"))) }
    }
}
