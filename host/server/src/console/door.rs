//! Coming in and going out: signing in, choosing what to open, asking for another password, language and theme.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use hyper::body::Incoming;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use weighbridge::model::access::{Population, authorize, kinds::SelfRead};
use weighbridge::model::id::CustomerId;
use weighbridge::model::problem::{Problem, ProblemCode};
use weighbridge::people::{Account, Choose, ForgotPassword, ShownOnce, SignIn, SignedIn};

use super::cookies::Cookie;
use super::forged::is_token;
use super::parts::{self, icon};
use super::routes::{Console, Manner, STRANGERS_FORM_BYTES_MAX, fields};
use super::shell;
use super::texts::Language;
use super::visit::Visit;
use crate::api::status;
use crate::callback::RETURN_COOKIE;

const OPERATOR: &str = "/operator";
const SIGN_OUT: &str = "/sign-out";
const LEAVE: &str = "/leave";
const APPEARANCE: &str = "/appearance";

/// Whether an address is one of coming in or going out.
pub(super) fn is_door(path: &str) -> bool {
    ["/", "/console", "/operator/forgot", OPERATOR, SIGN_OUT, LEAVE, APPEARANCE].contains(&path)
        || path.starts_with("/t/")
}

/// Whether a password is tried at an address, or a link for another one asked for.
pub(super) fn is_of_strangers(path: &str) -> bool {
    Door::at(path).is_some()
}

/// Where a person signs in: an organisation by its name, or the host.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Door {
    tenant: Option<String>,
    forgot: bool,
}

impl Door {
    fn at(path: &str) -> Option<Self> {
        let (rest, forgot) = path.strip_suffix("/forgot").map_or((path, false), |rest| (rest, true));
        if rest == OPERATOR {
            return Some(Self { tenant: None, forgot });
        }
        let name = rest.strip_prefix("/t/").filter(|name| !name.is_empty() && !name.contains('/'))?;
        let name = percent_decode_str(name).decode_utf8().ok()?;
        Some(Self { tenant: Some(name.into_owned()), forgot })
    }

    fn path(&self) -> String {
        match &self.tenant {
            Some(name) => format!("/t/{}", utf8_percent_encode(name, NON_ALPHANUMERIC)),
            None => OPERATOR.to_owned(),
        }
    }
}

/// What a sign-in page shows.
#[derive(Default)]
struct Shown<'a> {
    email: &'a str,
    next: &'a str,
    problem: Option<&'a Problem>,
}

pub(super) async fn answer(console: &Console, manner: Manner, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let is_post = request.method() == Method::POST;
    match (path.as_str(), is_post) {
        ("/" | "/console", false) => front(console, manner, &request),
        (APPEARANCE, true) => appearance(manner, request).await,
        (SIGN_OUT | LEAVE, true) => leave(console, manner, request).await,
        _ => match Door::at(&path) {
            Some(door) if door.forgot => forgot(console, manner, &door, request).await,
            Some(door) if is_post => enter_by(console, manner, &door, request).await,
            Some(door) => {
                let next = next(request.uri());
                ask(manner, &door, &Shown { next: &next, ..Shown::default() })
            }
            None => shell::turned_away(manner, &ProblemCode::NotThere.into()),
        },
    }
}

/// Sends somebody who is not signed in to where they signed in last.
pub(super) fn send_there(uri: &Uri) -> Response<Body> {
    let wanted = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let wanted: String = utf8_percent_encode(&wanted, NON_ALPHANUMERIC).to_string();
    shell::see_other(&format!("/?next={wanted}"))
}

/// Where to go after signing in: a page of ours, and nothing else.
fn next(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let wanted = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "next");
    let wanted = wanted.map(|(_, text)| text.into_owned()).unwrap_or_default();
    if is_page_of_ours(&wanted) { wanted } else { String::new() }
}

fn is_page_of_ours(path: &str) -> bool {
    let begins = ["/console/", "/my", "/operate"].iter().any(|beginning| path.starts_with(beginning));
    begins && path.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\')
}

/// Where everybody begins: at their own first page, at the door where they were last, or with a question.
fn front(console: &Console, manner: Manner, request: &Request<Incoming>) -> Response<Body> {
    let next = next(request.uri());
    if let Some(Ok(known)) = console.session(request.headers(), "/", manner) {
        let first = first_page(known.actor.role.population());
        // An account that was opened is closed again: its pages are gone, and not one's own.
        if next.is_empty() || !next.starts_with(root(first)) {
            return shell::see_other(first);
        }
    }
    if request.uri().path() != "/" {
        return shell::see_other("/");
    }
    let asked = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let asked = asked.into_owned().find(|(key, text)| key == "tenant" && !text.trim().is_empty()).map(|(_, text)| text);
    let place =
        asked.or_else(|| Cookie::Place.read(request.headers(), manner.is_tls).and_then(|place| decoded(&place)));
    let query =
        if next.is_empty() { String::new() } else { format!("?next={}", utf8_percent_encode(&next, NON_ALPHANUMERIC)) };
    match place {
        Some(name) if name.is_empty() => shell::see_other(&format!("{OPERATOR}{query}")),
        Some(name) => shell::see_other(&format!("{}{query}", Door { tenant: Some(name), forgot: false }.path())),
        None => which(manner, &next),
    }
}

/// The page that asks for the organisation.
fn which(manner: Manner, next: &str) -> Response<Body> {
    let t = |key: &str| manner.language.say(key, &[]);
    let body = html! {
        h1 { (t("door-which-title")) }
        p.lead { (t("door-which-about")) }
        form method="get" action="/" {
            @if !next.is_empty() { input type="hidden" name="next" value=(next); }
            (field(manner, "tenant", "door-tenant", "text", "organization", ""))
            button.button.primary { (t("door-go-on")) }
        }
        p.aside { a href=(OPERATOR) { (t("door-operator-link")) } }
    };
    shell::outside(manner, StatusCode::OK, &t("door-which-title"), &body)
}

fn decoded(place: &str) -> Option<String> {
    if place == "operator" {
        return Some(String::new());
    }
    percent_decode_str(place.strip_prefix("t.")?).decode_utf8().ok().map(|name| name.into_owned())
}

fn ask(manner: Manner, door: &Door, shown: &Shown<'_>) -> Response<Body> {
    let t = |key: &str| manner.language.say(key, &[]);
    let title = match &door.tenant {
        Some(name) => manner.language.say("door-title", &[("tenant", name.as_str().into())]),
        None => t("door-title-operator"),
    };
    let body = html! {
        h1 { (title) }
        @if let Some(problem) = shown.problem { (parts::problem_notice(manner.language, problem)) }
        form method="post" action=(door.path()) {
            @if !shown.next.is_empty() { input type="hidden" name="next" value=(shown.next); }
            (field(manner, "email", "door-email", "email", "username", shown.email))
            (field(manner, "password", "door-password", "password", "current-password", ""))
            button.button.primary { (t("door-sign-in")) }
        }
        p.aside {
            a href={ (door.path()) "/forgot" } { (t("door-forgot-link")) }
            " · " a href="/?tenant=" { (t("door-elsewhere-link")) }
        }
    };
    let code = shown.problem.map_or(StatusCode::OK, |problem| status(problem.code.kind()));
    shell::outside(manner, code, &title, &body)
}

fn field(manner: Manner, name: &str, label: &str, kind: &str, complete: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (manner.language.say(label, &[])) }
            input id=(name) name=(name) type=(kind) autocomplete=(complete) value=(value) required maxlength="400";
        }
    }
}

async fn enter_by(console: &Console, manner: Manner, door: &Door, request: Request<Incoming>) -> Response<Body> {
    let before = [Cookie::Opened, Cookie::Session].map(|one| one.read(request.headers(), manner.is_tls));
    let fields = match fields(request, STRANGERS_FORM_BYTES_MAX).await {
        Ok(fields) => fields,
        Err(problem) => return shell::turned_away(manner, &problem),
    };
    let field =
        |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, text)| text.clone()).unwrap_or_default();
    let (email, next) = (field("email"), Some(field("next")).filter(|next| is_page_of_ours(next)).unwrap_or_default());
    let signed_in = match field("choice") {
        choice if choice.is_empty() => {
            let (tenant, password) = (door.tenant.clone(), field("password"));
            console.engine.sign_in_person(&SignIn { tenant, email: email.clone(), password, account: None }).await
        }
        choice => console.engine.choose_account(&Choose { choice, account: field("account").parse().ok() }).await,
    };
    match signed_in {
        Ok(SignedIn { choice: Some(choice), accounts, .. }) => offer(manner, door, (&choice, &accounts), &next),
        Ok(SignedIn { session: Some(session), .. }) => match console.engine.actor(session.reveal()) {
            Ok(actor) => {
                // Whoever signs in anew leaves no session behind that nobody holds.
                for secret in before.iter().flatten() {
                    end(console, secret).await;
                }
                let_in(manner, door, first_page(actor.role.population()), &session, &next)
            }
            // The password is right, and nothing is open to them at present.
            Err(problem) => ask(manner, door, &Shown { email: &email, next: &next, problem: Some(&problem) }),
        },
        Ok(_) => {
            ask(manner, door, &Shown { email: &email, next: &next, problem: Some(&ProblemCode::SignInWrong.into()) })
        }
        Err(problem) => ask(manner, door, &Shown { email: &email, next: &next, problem: Some(&problem) }),
    }
}

/// What the address opens, where that is several things.
fn offer(manner: Manner, door: &Door, (choice, accounts): (&ShownOnce, &[Account]), next: &str) -> Response<Body> {
    let t = |key: &str| manner.language.say(key, &[]);
    let body = html! {
        h1 { (t("door-choose-title")) }
        p.lead { (t("door-choose-about")) }
        form.choices method="post" action=(door.path()) {
            input type="hidden" name="choice" value=(choice.reveal());
            input type="hidden" name="next" value=(next);
            @for account in accounts {
                button.choice name="account" value=[account.account.map(|id| id.to_string())] {
                    (icon(if account.account.is_some() { "customer" } else { "organisation" }))
                    span { strong { (account.name) } small { (t(&format!("role-{}", account.role.word().replace('_', "-")))) } }
                    (icon("next"))
                }
            }
        }
    };
    shell::outside(manner, StatusCode::OK, &t("door-choose-title"), &body)
}

fn let_in(manner: Manner, door: &Door, first: &str, session: &ShownOnce, next: &str) -> Response<Body> {
    let mut response = shell::see_other(if next.starts_with(root(first)) { next } else { first });
    Cookie::Session.set(&mut response, manner.is_tls, session.reveal());
    Cookie::Opened.set(&mut response, manner.is_tls, "");
    let place = door.tenant.as_ref().map(|name| format!("t.{}", utf8_percent_encode(name, NON_ALPHANUMERIC)));
    Cookie::Place.set(&mut response, manner.is_tls, place.as_deref().unwrap_or("operator"));
    response
}

const fn first_page(population: Population) -> &'static str {
    match population {
        Population::Operator => "/operate",
        Population::Tenant => "/console/customers",
        Population::Customer => "/my",
    }
}

fn root(first: &str) -> &str {
    if first.starts_with("/console") { "/console" } else { first }
}

/// Somebody else's account was opened: its pages stand beside one's own.
pub(super) fn enter(visit: &Visit, given: &Value) -> Response<Body> {
    let mut response = shell::see_other("/my");
    Cookie::Opened.set(&mut response, visit.is_tls, given["session"].as_str().unwrap_or_default());
    response
}

/// Says where a person is sent to before they are: a platform's own sign-in, in ten minutes and in this browser.
pub(super) fn send_away(visit: &Visit, given: &Value, back: &str) -> Response<Body> {
    let address = given["address"].as_str().unwrap_or_default();
    let host = url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let title = visit.t("away-title");
    let body = html! {
        (parts::Head { about: Some(&visit.say("away-about", &[("host", host.as_str().into())])), ..parts::Head::new(&title) }.show(visit))
        div.row {
            a.button.primary href=(address) rel="noreferrer" { (icon("open")) (visit.say("away-go", &[("host", host.as_str().into())])) }
            a.button href=(back) { (visit.t("form-back")) }
        }
    };
    let mut response = shell::once(visit, body);
    Cookie::Back.set(&mut response, visit.is_tls, back);
    let secure = if visit.is_tls { "; Secure" } else { "" };
    let code = given["code"].as_str().unwrap_or_default();
    let line =
        format!("{RETURN_COOKIE}={code}; Path={}; HttpOnly; SameSite=Lax; Max-Age=600{secure}", crate::callback::PATH);
    if let Ok(line) = HeaderValue::try_from(line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

/// Where somebody goes on who came back from a platform's sign-in, where they began it in the console.
pub(crate) fn way_back(headers: &HeaderMap, is_tls: bool) -> Option<Response<Body>> {
    let back = Cookie::Back.read(headers, is_tls).filter(|back| is_page_of_ours(back))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let back = HeaderValue::try_from(format!("{back}?done=signed-in-there")).ok()?;
    response.headers_mut().insert(header::LOCATION, back);
    Cookie::Back.set(&mut response, is_tls, "");
    Some(response)
}

/// Ends a session: that of the account that was opened, or one's own.
async fn leave(console: &Console, manner: Manner, request: Request<Incoming>) -> Response<Body> {
    let is_leaving = request.uri().path() == LEAVE;
    let opened = Cookie::Opened.read(request.headers(), manner.is_tls);
    let own = Cookie::Session.read(request.headers(), manner.is_tls);
    let Ok(fields) = fields(request, STRANGERS_FORM_BYTES_MAX).await else { return shell::see_other("/") };
    let token = fields.iter().find(|(key, _)| key == "token").map(|(_, text)| text.as_str()).unwrap_or_default();
    let secrets = if is_leaving { vec![opened] } else { vec![opened, own] };
    let is_known = secrets.iter().flatten().any(|secret| is_token(secret, token));
    if !is_known {
        return shell::turned_away(manner, &ProblemCode::FormForged.into());
    }
    let mut home = "/".to_owned();
    for secret in secrets.into_iter().flatten() {
        if let Some(customer) = end(console, &secret).await.filter(|_| is_leaving) {
            home = format!("/console/customers/{customer}");
        }
    }
    let mut response = shell::see_other(&home);
    Cookie::Opened.set(&mut response, manner.is_tls, "");
    if !is_leaving {
        Cookie::Session.set(&mut response, manner.is_tls, "");
    }
    response
}

/// Ends a session, and says in which customer's account it was. What cannot be ended now ends by itself; the browser forgets it
/// either way.
async fn end(console: &Console, secret: &str) -> Option<CustomerId> {
    let actor = console.engine.actor(secret).ok()?;
    if let Ok(may) = authorize::<SelfRead>(&actor, ()) {
        let _ = console.engine.sign_out(&may, secret).await;
    }
    actor.customer
}

async fn forgot(console: &Console, manner: Manner, door: &Door, request: Request<Incoming>) -> Response<Body> {
    let t = |key: &str| manner.language.say(key, &[]);
    let mut problem = None;
    if request.method() == Method::POST {
        let fields = fields(request, STRANGERS_FORM_BYTES_MAX).await.unwrap_or_default();
        let email = fields.iter().find(|(key, _)| key == "email").map(|(_, text)| text.clone()).unwrap_or_default();
        match console.engine.forgot_password(&ForgotPassword { tenant: door.tenant.clone(), email }).await {
            Ok(()) => {
                let body = html! {
                    h1 { (t("door-forgot-sent-title")) }
                    p.lead { (t("door-forgot-sent-about")) }
                    p.aside { a href=(door.path()) { (t("door-back-link")) } }
                };
                return shell::outside(manner, StatusCode::OK, &t("door-forgot-sent-title"), &body);
            }
            Err(found) => problem = Some(found),
        }
    }
    let body = html! {
        h1 { (t("door-forgot-title")) }
        p.lead { (t("door-forgot-about")) }
        @if let Some(problem) = &problem { (parts::problem_notice(manner.language, problem)) }
        form method="post" {
            (field(manner, "email", "door-email", "email", "username", ""))
            button.button.primary { (t("door-forgot-send")) }
        }
        p.aside { a href=(door.path()) { (t("door-back-link")) } }
    };
    let code = problem.as_ref().map_or(StatusCode::OK, |problem| status(problem.code.kind()));
    shell::outside(manner, code, &t("door-forgot-title"), &body)
}

/// Another language or theme, and back to the page.
async fn appearance(manner: Manner, request: Request<Incoming>) -> Response<Body> {
    let Ok(fields) = fields(request, STRANGERS_FORM_BYTES_MAX).await else { return shell::see_other("/") };
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, text)| text.as_str());
    let back = field("back").filter(|back| is_page_of_ours(back));
    let mut response = shell::see_other(back.unwrap_or("/"));
    if let Some(language) = field("language").and_then(Language::tagged) {
        Cookie::Language.set(&mut response, manner.is_tls, language.tag());
    }
    if let Some(theme) = field("theme").filter(|theme| ["light", "dark", "system"].contains(theme)) {
        Cookie::Theme.set(&mut response, manner.is_tls, theme.trim_start_matches("system"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_are_gone_to_after_signing_in() {
        for ours in ["/console/customers?status=active", "/my", "/operate/trust"] {
            assert!(is_page_of_ours(ours), "{ours}");
        }
        for elsewhere in
            ["https://evil.example", "//evil.example", "/\\evil.example", "/console/\r\nx", "console", "/t/x", ""]
        {
            assert!(!is_page_of_ours(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn a_door_has_the_name_that_stands_in_its_address() {
        let door = Door::at("/t/N%C3%B3%20%2F1").unwrap();
        assert_eq!(door.tenant.as_deref(), Some("Nó /1"));
        assert_eq!(Door::at(&door.path()), Some(door));
        assert!(Door::at("/t/").is_none());
        assert!(Door::at("/t/a/b").is_none());
    }
}
