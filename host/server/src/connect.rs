//! The page of a connect link: whoever holds it connects one system for one customer, once.

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use url::form_urlencoded;
use weighbridge::Engine;
use weighbridge::account::{LinkPage, SentAway, SignInKind, UseLink};
use weighbridge::model::problem::{Problem, ProblemCode};

use crate::callback::{Callback, RETURN_COOKIE};
use crate::form;
use crate::page::{self, escaped};

/// Where connect links stand.
pub(crate) const PREFIX: &str = "/connect/";

/// The most bytes of a form.
const FORM_BYTES_MAX: usize = 64 * 1024;

pub(crate) async fn answer(engine: &Engine, callback: &Callback, request: Request<Incoming>) -> Response<Full<Bytes>> {
    if !callback.is_own(request.headers()) {
        return problem(&Problem::from(ProblemCode::NotThere));
    }
    let link = request.uri().path().trim_start_matches(PREFIX).to_owned();
    let scheme = one(request.uri().query().unwrap_or_default(), "scheme");
    match *request.method() {
        Method::GET => match engine.connect_page(&link).await {
            Ok(view) => ask(&view, scheme.as_deref(), &[], None),
            Err(found) => problem(&found),
        },
        Method::POST => connect(engine, callback, &link, request).await,
        _ => problem(&Problem::from(ProblemCode::UnknownOperation)),
    }
}

async fn connect(
    engine: &Engine,
    callback: &Callback,
    link: &str,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let Ok(body) = Limited::new(request.into_body(), FORM_BYTES_MAX).collect().await else {
        return problem(&Problem::from(ProblemCode::TooLarge));
    };
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body.to_bytes()).into_owned().collect();
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let view = match engine.connect_page(link).await {
        Ok(view) => view,
        Err(found) => return problem(&found),
    };
    let used = UseLink {
        link: link.to_owned(),
        configuration: form::entered(&view.platform.settings, &fields),
        scheme: field("scheme").filter(|scheme| !scheme.is_empty()),
        secrets: form::entered_secrets(&fields).collect(),
        label: field("label").filter(|label| !label.is_empty()),
    };
    match engine.use_connect_link(&used).await {
        Ok(done) => match done.sign_in {
            Some(sent) => send_away(&view, &sent, callback),
            None => connected(&view, &done.connection.label),
        },
        Err(found) if found.code == ProblemCode::Fault => {
            tracing::error!(cause = found.cause.as_deref().unwrap_or_default(), "a link could not be used");
            problem(&found)
        }
        Err(found) => ask(&view, used.scheme.as_deref(), &fields, Some(&found)),
    }
}

/// The form: who asks, what for, what it costs whom, and what the platform wants to know.
fn ask(
    view: &LinkPage,
    scheme: Option<&str>,
    before: &[(String, String)],
    found: Option<&Problem>,
) -> Response<Full<Bytes>> {
    let platform = &view.platform;
    let ways = &platform.sign_in;
    let way = ways.iter().find(|way| Some(way.scheme.as_str()) == scheme).or_else(|| ways.first());
    let functions = platform.functions.iter().filter(|one| !one.purpose.is_empty());
    let functions: String = functions.map(|one| format!("<li>{}</li>", escaped(&one.purpose))).collect();
    let body = format!(
        "<h1>Connect {title} for {customer}</h1>\
         <p>{tenant} asks you to connect {title}. {summary}</p>\
         <ul>{functions}</ul><p class=\"notice\">{notice}</p>{problem}\
         <form method=\"post\">{others}{settings}{way}\
         <label for=\"label\">A name for it, if you like</label>\
         <input id=\"label\" name=\"label\" maxlength=\"100\" autocomplete=\"off\"><button>{go}</button></form>",
        title = escaped(&platform.title),
        customer = escaped(&view.customer),
        tenant = escaped(&view.tenant),
        summary = escaped(&platform.summary),
        notice = escaped(&platform.notice),
        problem = found.map(said).unwrap_or_default(),
        others = other_ways(ways, way),
        settings = form::settings(&platform.settings, before),
        way = way.map(way_fields).unwrap_or_default(),
        go = if way.is_some_and(|way| way.at_the_platform) { "Go on" } else { "Connect" },
    );
    let status = if found.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page::page(status, "Connect", &body)
}

fn way_fields(way: &SignInKind) -> String {
    let hidden = format!("<input type=\"hidden\" name=\"scheme\" value=\"{}\">", escaped(&way.scheme));
    let note = if way.at_the_platform {
        "<p>You will be sent to the platform's own sign-in. Your password is never seen here.</p>"
    } else if way.secrets.is_empty() {
        ""
    } else {
        "<p>The secrets that you enter here are sealed. Nobody can read them back or replace them; another link connects \
         anew.</p>"
    };
    format!("{hidden}{note}{}", form::secrets(&way.secrets))
}

fn other_ways(ways: &[SignInKind], chosen: Option<&SignInKind>) -> String {
    let others = ways.iter().filter(|way| Some(*way) != chosen);
    let links = others.map(|way| {
        let scheme: String = form_urlencoded::byte_serialize(way.scheme.as_bytes()).collect();
        format!("<a href=\"?scheme={scheme}\">{}</a>", escaped(&way.title))
    });
    let links: Vec<_> = links.collect();
    if links.is_empty() { String::new() } else { format!("<p>Another way to sign in: {}</p>", links.join(", ")) }
}

/// The notice before the person leaves; the browser brings the one-time code back as a cookie.
fn send_away(view: &LinkPage, sent: &SentAway, callback: &Callback) -> Response<Full<Bytes>> {
    let title = escaped(&view.platform.title);
    let body = format!(
        "<h1>Now sign in at {title}</h1><p>You are sent to the sign-in of {title}, and come back here when you \
         have agreed. You have ten minutes.</p><p><a class=\"go\" href=\"{}\">Go to {title}</a></p>",
        escaped(&sent.address)
    );
    let mut response = page::page(StatusCode::OK, "Sign in", &body);
    let secure = if callback.redirect().starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!(
        "{RETURN_COOKIE}={}; Path={}; HttpOnly; SameSite=Lax; Max-Age=600{secure}",
        sent.code.reveal(),
        crate::callback::PATH
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn connected(view: &LinkPage, label: &str) -> Response<Full<Bytes>> {
    let (label, tenant) = (escaped(label), escaped(&view.tenant));
    let body = format!(
        "<h1>{label} is connected</h1><p>{tenant} sees that it is there, its name and its settings, and no secret that you \
         entered. You may close this page; the link is used up.</p>"
    );
    page::page(StatusCode::OK, "Connected", &body)
}

fn said(found: &Problem) -> String {
    let errors = found.errors.iter().map(|wrong| format!("{}: {}", wrong.at, wrong.what));
    let said: Vec<_> = std::iter::once(found.code.sentence().to_owned()).chain(errors).collect();
    format!("<p class=\"problem\" role=\"alert\">{}</p>", escaped(&said.join(" ")))
}

fn problem(found: &Problem) -> Response<Full<Bytes>> {
    let text = format!("{} {}", found.code.sentence(), found.code.next_step());
    page::problem(crate::api::status(found.code.kind()), found.code.as_str(), &text)
}

fn one(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
