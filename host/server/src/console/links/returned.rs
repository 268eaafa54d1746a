//! The page to which somebody comes back from a platform's sign-in.

use axum::body::Body;
use http::{Response, StatusCode};
use maud::html;
use weighbridge::SignInView;

use super::page;
use crate::callback::{Fields, PATH};
use crate::console::parts::{self, Tone};
use crate::console::routes::Manner;

/// What the form is about.
pub(crate) struct Form<'a> {
    pub(crate) view: &'a SignInView,
    pub(crate) fields: &'a Fields,
    /// How often another code may still be typed, where the one that was typed was wrong.
    pub(crate) left: Option<u8>,
}

pub(crate) fn form(manner: Manner, form: &Form<'_>) -> Response<Body> {
    let Form { view, fields, left } = form;
    let with = [("connection", view.connection.as_str().into()), ("platform", view.platform.as_str().into())];
    let say = |key: &str| manner.language.say(key, &with);
    let body = html! {
        p.lead { (say("returned-about")) }
        @if let Some(left) = left {
            @let wrong = manner.language.say("returned-wrong", &[("left", (*left).into())]);
            div role="alert" { (parts::notice(Tone::Bad, &html! { p { (wrong) } })) }
        }
        form method="post" action=(PATH) {
            input type="hidden" name="state" value=(fields.state);
            input type="hidden" name="code" value=(fields.code);
            @if let Some(issuer) = &fields.iss { input type="hidden" name="iss" value=(issuer); }
            div.field {
                label for="one_time_code" { (say("returned-code")) }
                input.spaced #one_time_code name="one_time_code" autocomplete="one-time-code" autocapitalize="characters"
                    spellcheck="false" required autofocus maxlength="16" placeholder="XXXX-XXXX";
            }
            button.button.primary { (say("platforms-connect")) }
        }
    };
    page(manner, StatusCode::OK, &say("returned-title"), &body)
}

pub(crate) fn done(manner: Manner, view: &SignInView) -> Response<Body> {
    let with = [("connection", view.connection.as_str().into()), ("platform", view.platform.as_str().into())];
    let body = html! { p.lead { (manner.language.say("returned-done-about", &with)) } };
    page(manner, StatusCode::OK, &manner.language.say("returned-done", &with), &body)
}

pub(crate) fn problem(manner: Manner, status: StatusCode, code: &str, text: &str) -> Response<Body> {
    let body = html! {
        div role="alert" { (parts::notice(Tone::Bad, &html! { p { (sentence(manner, code, text)) } })) }
        p.code { (code) }
    };
    page(manner, status, &manner.language.say("returned-not", &[]), &body)
}

/// What a code means, in the reader's language where it has it.
fn sentence(manner: Manner, code: &str, text: &str) -> String {
    let key = format!("returned-code-{}", code.replace(['.', '_'], "-"));
    manner.language.find(&key, &[]).unwrap_or_else(|| text.to_owned())
}
