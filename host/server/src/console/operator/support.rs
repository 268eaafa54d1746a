//! What this host tells whoever helps its operator: each file to be looked at, and all of them to be sent.

use axum::body::Body;
use http::{HeaderValue, Response, header};
use maud::html;
use weighbridge::model::access::kinds;
use weighbridge::model::problem::{Problem, ProblemCode};

use crate::console::parts::{self, Head};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;
use crate::support::{archive, bundle, contents};

/// Where the files are, and the page that lists them.
pub(crate) const PATH: &str = "/operate/support";
/// All files in one.
const ALL: &str = "weighbridge-support.tar.gz";

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new(PATH, show)]
}

async fn show(v: Visit) -> Drawn {
    v.may::<kinds::HostRead>()?;
    let title = v.t("support");
    let file = |name: &str, about: &str| {
        html! {
            li {
                div { strong { a href={ (PATH) "?as=" (name) } { (name) } } small { (v.language.said(about)) } }
            }
        }
    };
    let body = html! {
        (Head { above: &[("/operate".to_owned(), v.t("host"))], about: Some(&v.t("support-about")), ..Head::new(&title) }.show(&v))
        (parts::card(&v.t("support-inside"), &html! {
            p.muted { (v.t("support-inside-about")) }
            ul.steps { @for (name, about) in contents() { (file(name, about)) } }
            div.row { (parts::link(&format!("{PATH}?as={ALL}"), "audit", &v.t("support-all"))) }
        }))
    };
    Ok(Sheet::new("host", title, body))
}

/// One of the files, or all of them, as they are made now.
pub(crate) async fn file(v: &Visit, name: &str) -> Result<Response<Body>, Problem> {
    let made = bundle(&v.engine, &v.may::<kinds::HostRead>()?).await?;
    let bytes = if name == ALL {
        let at = u64::try_from(v.now.as_millis() / 1_000).unwrap_or_default();
        archive(&made.files, at).map_err(Problem::fault)?
    } else {
        let found = made.files.into_iter().find(|file| file.name == name);
        found.ok_or(ProblemCode::NotThere)?.text.into_bytes()
    };
    let kind = if name == ALL { "application/gzip" } else { "text/plain; charset=utf-8" };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    // The name is one of ours by now.
    if let Ok(kept_as) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, kept_as);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
