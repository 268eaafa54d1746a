//! Where a person comes back to from a platform's sign-in: a page that asks for the one-time code, and its answer.
//!
//! The page is for whoever began the sign-in. A link with somebody else's `code` in it does nothing without the one-time
//! code that was printed where it was begun.

use axum::body::Body;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use url::form_urlencoded;
use weighbridge::{CallbackAnswer, Engine, SignInError};

use crate::console::Manner;
use crate::console::returned::{self, Form};
use crate::console::way_back;

/// The path of return.
pub(crate) const PATH: &str = "/oauth/callback";

/// The cookie by which a browser brings the one-time code back.
pub(crate) const RETURN_COOKIE: &str = "weighbridge_return";

/// The most bytes of a form.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// The address that platforms send people back to.
#[derive(Clone, Debug)]
pub struct Callback {
    redirect: String,
    authority: String,
}

/// The address is none that a browser comes back to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("config.public_url: `{0}` is not an address such as https://weighbridge.example.com, without a path")]
pub struct PublicUrlError(String);

impl Callback {
    /// Under the address at which browsers reach this host, such as `http://127.0.0.1:8686`.
    pub fn under(public_url: &str) -> Result<Self, PublicUrlError> {
        let refuse = || PublicUrlError(public_url.to_owned());
        let url = url::Url::parse(public_url).map_err(|_| refuse())?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        // The form of the page goes to the path of return itself, so nothing may stand before that.
        if !is_web || url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(refuse());
        }
        let authority = url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
        Ok(Self { redirect: format!("{}{PATH}", url.origin().ascii_serialization()), authority })
    }

    /// The whole address, as it is registered at a platform.
    pub fn redirect(&self) -> &str {
        &self.redirect
    }

    pub(crate) async fn answer(&self, engine: &Engine, manner: Manner, request: Request<Incoming>) -> Response<Body> {
        if !self.is_own(request.headers()) {
            return returned::problem(manner, StatusCode::MISDIRECTED_REQUEST, "sign_in.address", &self.elsewhere());
        }
        match *request.method() {
            Method::GET => self.ask(engine, manner, request.uri(), request.headers()).await,
            Method::POST => self.complete(engine, manner, request).await,
            _ => returned::problem(
                manner,
                StatusCode::METHOD_NOT_ALLOWED,
                "sign_in.method",
                "Only GET and POST are answered here.",
            ),
        }
    }

    /// Another page's script, or a name that somebody else points at this machine, gets no answer.
    pub(crate) fn is_own(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
        let origin = self.redirect.trim_end_matches(PATH);
        text(header::HOST) == Some(&self.authority) && text(header::ORIGIN).is_none_or(|one| one == origin)
    }

    fn elsewhere(&self) -> String {
        format!(
            "This page answers at {} only. Set `public_url` in the configuration to another address.",
            self.redirect
        )
    }

    async fn ask(&self, engine: &Engine, manner: Manner, uri: &Uri, headers: &HeaderMap) -> Response<Body> {
        let fields = Fields::read(uri.query().unwrap_or_default());
        if let Some(error) = &fields.error {
            return problem(manner, &engine.sign_in_declined(&fields.state, &self.redirect, error).await);
        }
        if let Some(code) = brought(headers) {
            // The browser in which it was begun brings the code itself; another sign-in's code is asked for as usual.
            let fields = Fields { one_time_code: code, ..fields.clone() };
            if let Ok(view) = engine.complete_sign_in(&self.answer_of(&fields)).await {
                let back = way_back(headers, self.origin().starts_with("https:"));
                return forgotten(back.unwrap_or_else(|| returned::done(manner, &view)));
            }
        }
        match engine.sign_in(&fields.state, &self.redirect).await {
            Ok(view) => returned::form(manner, &Form { view: &view, fields: &fields, left: None }),
            Err(error) => problem(manner, &error),
        }
    }

    fn answer_of(&self, fields: &Fields) -> CallbackAnswer {
        CallbackAnswer {
            state: fields.state.clone(),
            code: fields.code.clone(),
            issuer: fields.iss.clone(),
            one_time_code: fields.one_time_code.clone(),
            redirect: self.redirect.clone(),
        }
    }

    /// Where browsers reach this host.
    pub fn origin(&self) -> &str {
        self.redirect.trim_end_matches(PATH)
    }

    async fn complete(&self, engine: &Engine, manner: Manner, request: Request<Incoming>) -> Response<Body> {
        let Ok(body) = Limited::new(request.into_body(), FORM_BYTES_MAX).collect().await else {
            return returned::problem(
                manner,
                StatusCode::PAYLOAD_TOO_LARGE,
                "sign_in.too_large",
                "This is no form of this page.",
            );
        };
        let body = body.to_bytes();
        let fields = Fields::read(std::str::from_utf8(&body).unwrap_or_default());
        match engine.complete_sign_in(&self.answer_of(&fields)).await {
            Ok(view) => returned::done(manner, &view),
            Err(SignInError::CodeWrong { left }) => match engine.sign_in(&fields.state, &self.redirect).await {
                Ok(view) => returned::form(manner, &Form { view: &view, fields: &fields, left: Some(left) }),
                Err(error) => problem(manner, &error),
            },
            Err(error) => problem(manner, &error),
        }
    }
}

/// The one-time code that the browser brings itself, in which the sign-in was begun.
fn brought(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == RETURN_COOKIE).map(|(_, code)| code.to_owned()).next()
}

/// The same answer, after which the browser has no code any more.
fn forgotten(mut response: Response<Body>) -> Response<Body> {
    let cookie = format!("{RETURN_COOKIE}=; Path={PATH}; HttpOnly; SameSite=Lax; Max-Age=0");
    if let Ok(cookie) = header::HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What came in the query, or in the form.
#[derive(Clone, Default)]
pub(crate) struct Fields {
    pub(crate) state: String,
    pub(crate) code: String,
    pub(crate) iss: Option<String>,
    error: Option<String>,
    one_time_code: String,
}

impl Fields {
    /// A name that comes twice is refused by being nothing: who reads the first and who the last would differ.
    fn read(text: &str) -> Self {
        let one = |name: &str| {
            let mut found = form_urlencoded::parse(text.as_bytes()).filter(|(key, _)| key == name);
            let value = found.next().map(|(_, value)| value.into_owned());
            value.filter(|_| found.next().is_none())
        };
        Self {
            state: one("state").unwrap_or_default(),
            code: one("code").unwrap_or_default(),
            iss: one("iss"),
            error: one("error"),
            one_time_code: one("one_time_code").unwrap_or_default(),
        }
    }
}

fn problem(manner: Manner, error: &SignInError) -> Response<Body> {
    if !error.is_theirs() {
        tracing::error!(%error, "a sign-in could not be completed");
        return returned::problem(
            manner,
            StatusCode::INTERNAL_SERVER_ERROR,
            "sign_in.failed",
            "The host could not complete it; its log says why.",
        );
    }
    let text = error.to_string();
    let (code, text) = text.split_once(": ").unwrap_or(("sign_in.failed", &text));
    let sentences: Vec<_> = text.split("; ").map(sentence).collect();
    returned::problem(manner, StatusCode::BAD_REQUEST, code, &sentences.join(" "))
}

/// An error of ours begins small and has no full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
