//! The pages of invitations and of links for another password: whoever holds one chooses a password on it.

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use url::form_urlencoded;
use weighbridge::Engine;
use weighbridge::model::access::authorize;
use weighbridge::model::access::kinds::SelfRead;
use weighbridge::model::problem::{Problem, ProblemCode, ProblemKind};
use weighbridge::people::{Join, ShownOnce};

use crate::callback::Callback;
use crate::page::{self, escaped};

/// The most bytes of a form.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entrance {
    /// To take an invitation.
    Join,
    /// To set another password.
    Reset,
}

impl Entrance {
    /// The page that stands at a path, and the secret in it.
    pub(crate) fn at(path: &str) -> Option<(Self, &str)> {
        let join = path.strip_prefix("/join/").map(|link| (Self::Join, link));
        join.or_else(|| path.strip_prefix("/reset/").map(|link| (Self::Reset, link)))
    }

    pub(crate) async fn answer(
        self,
        engine: &Engine,
        callback: &Callback,
        link: &str,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        if !callback.is_own(request.headers()) {
            return over(&ProblemCode::NotThere.into());
        }
        match *request.method() {
            Method::GET => self.ask("", None),
            Method::POST => self.enter(engine, link, request).await,
            _ => over(&ProblemCode::UnknownOperation.into()),
        }
    }

    async fn enter(self, engine: &Engine, link: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let Ok(body) = Limited::new(request.into_body(), FORM_BYTES_MAX).collect().await else {
            return over(&ProblemCode::TooLarge.into());
        };
        let fields: Vec<(String, String)> = form_urlencoded::parse(&body.to_bytes()).into_owned().collect();
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let name = field("name").filter(|name| !name.is_empty());
        let join = Join { link: link.to_owned(), password: field("password").unwrap_or_default(), name };
        let entered = match self {
            Self::Join => engine.join(&join).await,
            Self::Reset => engine.reset_password(&join).await,
        };
        match entered {
            Ok(signed_in) => {
                end(engine, signed_in.session.as_ref().map(ShownOnce::reveal)).await;
                self.done()
            }
            Err(found) if matches!(found.code.kind(), ProblemKind::Invalid | ProblemKind::Unauthenticated) => {
                self.ask(join.name.as_deref().unwrap_or_default(), Some(&found))
            }
            Err(found) => over(&found),
        }
    }

    /// The form. Whether the link is still good is said when something was entered, and not to whoever only looks.
    fn ask(self, name: &str, found: Option<&Problem>) -> Response<Full<Bytes>> {
        let (title, about) = match self {
            Self::Join => {
                ("Take your invitation", "Choose a password. If your address has one here already, type that one.")
            }
            Self::Reset => (
                "Set another password",
                "Choose a new password. Whatever is signed in with your address is signed out then.",
            ),
        };
        let name = match self {
            Self::Join => format!(
                "<label for=\"name\">Your name, if you like</label>\
                 <input id=\"name\" name=\"name\" autocomplete=\"name\" maxlength=\"100\" value=\"{}\">",
                escaped(name)
            ),
            Self::Reset => String::new(),
        };
        let body = format!(
            "<h1>{title}</h1><p>{about}</p>{problem}<form method=\"post\">{name}\
             <label for=\"password\">Password</label><span class=\"hint\">12 characters or more</span>\
             <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" maxlength=\"256\" \
             required autofocus><button>Go on</button></form>",
            problem = found.map(said).unwrap_or_default(),
        );
        let status = if found.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        page::page(status, title, &body)
    }

    fn done(self) -> Response<Full<Bytes>> {
        let body = match self {
            Self::Join => {
                "<h1>You are in</h1><p>Your address and your password sign you in from now on. You may close this page; \
                 the link is used up.</p>"
            }
            Self::Reset => {
                "<h1>Your password is set</h1><p>It signs you in from now on. You may close this page; the link is used \
                 up.</p>"
            }
        };
        page::page(StatusCode::OK, "Done", body)
    }
}

/// A page has no use for a session, so none is left open that nobody holds.
async fn end(engine: &Engine, session: Option<&str>) {
    let Some(secret) = session else { return };
    let may = engine.actor(secret).and_then(|actor| Ok(authorize::<SelfRead>(&actor, ())?));
    let ended = match may {
        Ok(may) => engine.sign_out(&may, secret).await,
        Err(found) => Err(found),
    };
    if let Err(found) = ended {
        tracing::warn!(code = found.code.as_str(), "the session of a page could not be ended; it ends by itself");
    }
}

fn said(found: &Problem) -> String {
    let errors = found.errors.iter().map(|wrong| format!("{}: {}.", wrong.at, wrong.what));
    let said: Vec<_> = std::iter::once(found.code.sentence().to_owned()).chain(errors).collect();
    format!("<p class=\"problem\" role=\"alert\">{}</p>", escaped(&said.join(" ")))
}

pub(crate) fn over(found: &Problem) -> Response<Full<Bytes>> {
    // A browser shows nobody a header.
    let next = match found.code {
        ProblemCode::TooManyRequests => "Wait a minute, and load this page again.",
        code => code.next_step(),
    };
    let (sentence, next) = (escaped(found.code.sentence()), escaped(next));
    let body = format!(
        "<h1>This does not go on</h1><p class=\"problem\" role=\"alert\">{sentence} {next}</p><p class=\"code\">{}</p>",
        found.code.as_str()
    );
    page::page(crate::api::status(found.code.kind()), "Not done", &body)
}
