//! The page of a connect link: whoever holds it connects one system for one customer, once.

use axum::body::Body;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use maud::{Markup, html};
use url::form_urlencoded;
use weighbridge::account::{LinkPage, SentAway, SignInKind, UseLink};
use weighbridge::model::problem::{Problem, ProblemCode};

use super::{over, page, settings, wrong};
use crate::callback::{PATH, RETURN_COOKIE};
use crate::console::cookies::Cookie;
use crate::console::parts::{self, Tone};
use crate::console::routes::{Console, Manner, STRANGERS_FORM_BYTES_MAX, fields};

/// Where connect links stand.
pub(crate) const PREFIX: &str = "/connect/";

pub(crate) async fn answer(console: &Console, manner: Manner, request: Request<Incoming>) -> Response<Body> {
    let link = request.uri().path().trim_start_matches(PREFIX).to_owned();
    let query = request.uri().query().unwrap_or_default();
    let scheme = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "scheme");
    let scheme = scheme.map(|(_, value)| value.into_owned());
    match *request.method() {
        Method::GET => match console.engine.connect_page(&link).await {
            Ok(view) => ask(manner, &view, scheme.as_deref(), (&[], None)),
            Err(found) => over(manner, &found),
        },
        Method::POST => connect(console, manner, &link, request).await,
        _ => over(manner, &ProblemCode::UnknownOperation.into()),
    }
}

async fn connect(console: &Console, manner: Manner, link: &str, request: Request<Incoming>) -> Response<Body> {
    let fields = match fields(request, STRANGERS_FORM_BYTES_MAX).await {
        Ok(fields) => fields,
        Err(found) => return over(manner, &found),
    };
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let view = match console.engine.connect_page(link).await {
        Ok(view) => view,
        Err(found) => return over(manner, &found),
    };
    let used = UseLink {
        link: link.to_owned(),
        configuration: settings::entered(&view.platform.settings, &fields),
        scheme: field("scheme").filter(|scheme| !scheme.is_empty()),
        secrets: settings::entered_secrets(&fields).collect(),
        label: field("label").filter(|label| !label.is_empty()),
    };
    match console.engine.use_connect_link(&used).await {
        Ok(done) => match done.sign_in {
            Some(sent) => send_away(manner, &view, &sent),
            None => connected(manner, &view, &done.connection.label),
        },
        Err(found) if found.code == ProblemCode::Fault => {
            tracing::error!(cause = found.cause.as_deref().unwrap_or_default(), "a link could not be used");
            over(manner, &found)
        }
        Err(found) => ask(manner, &view, used.scheme.as_deref(), (&fields, Some(&found))),
    }
}

/// The form: who asks, what for, what it costs whom, and what the platform wants to know.
fn ask(
    manner: Manner,
    view: &LinkPage,
    scheme: Option<&str>,
    (before, found): (&[(String, String)], Option<&Problem>),
) -> Response<Body> {
    let (platform, language) = (&view.platform, manner.language);
    let way =
        platform.sign_in.iter().find(|way| Some(way.scheme.as_str()) == scheme).or_else(|| platform.sign_in.first());
    let names = [
        ("platform", platform.name.as_str().into()),
        ("customer", view.customer.as_str().into()),
        ("tenant", view.tenant.as_str().into()),
    ];
    let label = before.iter().find(|(key, _)| key == "label").map_or("", |(_, text)| text.as_str());
    let secrets = html! { @if let Some(way) = way { (way_fields(manner, way)) } };
    let body = html! {
        p.lead { (language.say("connect-link-asks", &names)) " " (language.said(&platform.summary)) }
        (parts::purposes_plain(language, platform.functions.iter().map(|one| one.purpose.as_str())))
        (parts::notice(Tone::Warn, &html! { p { (language.said(&platform.notice)) } }))
        (wrong(language, found))
        form method="post" {
            (other_ways(manner, &platform.sign_in, way))
            (settings::settings(language, (&platform.settings, way.map_or(&[], |way| &way.spares)), (before, found), &secrets))
            div.field { label for="label" { (language.say("connect-link-label", &[])) } input #label name="label" maxlength="100" autocomplete="off" value=(label); }
            button.button.primary {
                (language.say(if way.is_some_and(|way| way.at_the_platform) { "door-go-on" } else { "platforms-connect" }, &[]))
            }
        }
    };
    let code = if found.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(manner, code, &language.say("connect-link-title", &names), &body)
}

fn way_fields(manner: Manner, way: &SignInKind) -> Markup {
    let t = |key: &str| manner.language.say(key, &[]);
    html! {
        input type="hidden" name="scheme" value=(way.scheme);
        @if way.at_the_platform { p { (t("connect-link-there")) } }
        @else if !way.secrets.is_empty() { p.hint { (t("connect-secrets-hint")) } }
        (settings::secrets(manner.language, &way.secrets))
    }
}

fn other_ways(manner: Manner, ways: &[SignInKind], chosen: Option<&SignInKind>) -> Markup {
    let others: Vec<_> = ways.iter().filter(|way| Some(*way) != chosen).collect();
    html! {
        @if !others.is_empty() {
            p { (manner.language.say("connect-link-other-ways", &[])) " "
                @for (at, way) in others.iter().enumerate() {
                    @if at > 0 { ", " }
                    a href={ "?scheme=" (form_urlencoded::byte_serialize(way.scheme.as_bytes()).collect::<String>()) } { (manner.language.said(&way.title)) }
                }
            }
        }
    }
}

/// The notice before the person leaves; the browser brings the one-time code back as a cookie.
fn send_away(manner: Manner, view: &LinkPage, sent: &SentAway) -> Response<Body> {
    let with = [("platform", view.platform.name.as_str().into())];
    let say = |key: &str| manner.language.say(key, &with);
    let body = html! {
        p.lead { (say("connect-link-away")) }
        p { a.button.primary href=(sent.address) rel="noreferrer" { (say("connect-link-go")) } }
    };
    let mut response = page(manner, StatusCode::OK, &say("connect-link-away-title"), &body);
    let secure = if manner.is_tls { "; Secure" } else { "" };
    let cookie =
        format!("{RETURN_COOKIE}={}; Path={PATH}; HttpOnly; SameSite=Lax; Max-Age=600{secure}", sent.code.reveal());
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    // The way back of a sign-in that was begun in the console before is not this one's.
    Cookie::Back.set(&mut response, manner.is_tls, "");
    response
}

fn connected(manner: Manner, view: &LinkPage, label: &str) -> Response<Body> {
    let with = [("label", label.into()), ("tenant", view.tenant.as_str().into())];
    let body = html! { p.lead { (manner.language.say("connect-link-done-about", &with)) } };
    page(manner, StatusCode::OK, &manner.language.say("connect-link-done", &with), &body)
}
