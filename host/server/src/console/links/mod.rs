//! Pages of whoever holds a link, or comes back from a platform's sign-in: nobody is signed in there.

pub(crate) mod connect;
pub(crate) mod entrance;
pub(crate) mod returned;

mod settings;

use axum::body::Body;
use http::{Response, StatusCode};
use maud::{Markup, html};
use weighbridge::model::problem::{Problem, ProblemCode};

use super::parts;
use super::routes::Manner;
use super::shell;
use super::texts::Language;
use crate::api::status;

/// A page with a heading of its own.
fn page(manner: Manner, code: StatusCode, title: &str, body: &Markup) -> Response<Body> {
    shell::outside(manner, code, title, &html! { h1 { (title) } (body) })
}

/// What was wrong with what was typed.
fn wrong(language: Language, found: Option<&Problem>) -> Markup {
    html! { @if let Some(found) = found { (parts::problem_notice(language, found)) } }
}

/// Nothing can be done here any more, or not now.
pub(crate) fn over(manner: Manner, found: &Problem) -> Response<Body> {
    let (language, code) = (manner.language, found.code.as_str());
    // A browser shows nobody a header.
    let next = match found.code {
        ProblemCode::TooManyRequests => language.say("link-wait", &[]),
        _ => parts::next_step(language, code),
    };
    let body = html! {
        p { strong { (parts::sentence(language, code)) } " " (next) }
        p.code { (code) }
    };
    page(manner, status(found.code.kind()), &language.say("link-over", &[]), &body)
}
