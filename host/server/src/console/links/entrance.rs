//! The pages of invitations and of links for another password: whoever holds one chooses a password on it.

use axum::body::Body;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use maud::html;
use weighbridge::model::access::authorize;
use weighbridge::model::access::kinds::SelfRead;
use weighbridge::model::problem::{Problem, ProblemCode, ProblemKind};
use weighbridge::people::{Join, ShownOnce};

use super::{over, page, wrong};
use crate::console::routes::{Console, Manner, STRANGERS_FORM_BYTES_MAX, fields};

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
        console: &Console,
        manner: Manner,
        link: &str,
        request: Request<Incoming>,
    ) -> Response<Body> {
        match *request.method() {
            Method::GET => self.ask(manner, "", None),
            Method::POST => self.enter(console, manner, link, request).await,
            _ => over(manner, &ProblemCode::UnknownOperation.into()),
        }
    }

    async fn enter(self, console: &Console, manner: Manner, link: &str, request: Request<Incoming>) -> Response<Body> {
        let fields = match fields(request, STRANGERS_FORM_BYTES_MAX).await {
            Ok(fields) => fields,
            Err(found) => return over(manner, &found),
        };
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let name = field("name").filter(|name| !name.is_empty());
        let join = Join { link: link.to_owned(), password: field("password").unwrap_or_default(), name };
        let entered = match self {
            Self::Join => console.engine.join(&join).await,
            Self::Reset => console.engine.reset_password(&join).await,
        };
        match entered {
            Ok(signed_in) => {
                end(console, signed_in.session.as_ref().map(ShownOnce::reveal)).await;
                self.done(manner)
            }
            Err(found) if matches!(found.code.kind(), ProblemKind::Invalid | ProblemKind::Unauthenticated) => {
                self.ask(manner, join.name.as_deref().unwrap_or_default(), Some(&found))
            }
            Err(found) => over(manner, &found),
        }
    }

    /// What its texts are called: while it asks, and when it is done.
    const fn keys(self) -> [&'static str; 4] {
        match self {
            Self::Join => ["join-title", "join-about", "join-done", "join-done-about"],
            Self::Reset => ["reset-title", "reset-about", "reset-done", "reset-done-about"],
        }
    }

    /// The form. Whether the link is still good is said when something was entered, and not to whoever only looks.
    fn ask(self, manner: Manner, name: &str, found: Option<&Problem>) -> Response<Body> {
        let t = |key: &str| manner.language.say(key, &[]);
        let [title, about, ..] = self.keys();
        let body = html! {
            p.lead { (t(about)) }
            (wrong(manner.language, found))
            form method="post" {
                @if self == Self::Join {
                    div.field { label for="name" { (t("join-name")) } input #name name="name" autocomplete="name" maxlength="100" value=(name); }
                }
                div.field {
                    label for="password" { (t("door-password")) }
                    p.hint #password-about { (t("join-password-hint")) }
                    input #password name="password" type="password" autocomplete="new-password" maxlength="256" required
                        autofocus aria-describedby="password-about";
                }
                button.button.primary { (t("door-go-on")) }
            }
        };
        let code = if found.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        page(manner, code, &t(title), &body)
    }

    fn done(self, manner: Manner) -> Response<Body> {
        let t = |key: &str| manner.language.say(key, &[]);
        let [_, _, title, about] = self.keys();
        let body = html! { p.lead { (t(about)) } p { a href="/" { (t("door-sign-in")) } } };
        page(manner, StatusCode::OK, &t(title), &body)
    }
}

/// A page has no use for a session, so none is left open that nobody holds.
async fn end(console: &Console, session: Option<&str>) {
    let Some(secret) = session else { return };
    let may = console.engine.actor(secret).and_then(|actor| Ok(authorize::<SelfRead>(&actor, ())?));
    let ended = match may {
        Ok(may) => console.engine.sign_out(&may, secret).await,
        Err(found) => Err(found),
    };
    if let Err(found) = ended {
        tracing::warn!(code = found.code.as_str(), "the session of a page could not be ended; it ends by itself");
    }
}
