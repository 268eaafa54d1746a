//! The pages of a sign-in: no script, nothing from elsewhere, in no cache and in nobody's frame.

use data_encoding::BASE64;
use http::{Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};
use weighbridge::SignInView;

use crate::callback::{Fields, PATH};

const STYLE: &str = "\
:root{color-scheme:light dark;background:Canvas;color:CanvasText;font:16px/1.5 system-ui,sans-serif}\
body{max-width:26rem;margin:12vh auto;padding:0 1.25rem}\
h1{font-size:1.375rem;line-height:1.25;margin:0 0 .75rem}\
p{margin:0 0 1rem}\
form p{margin:1.25rem 0 0}\
label{display:block;font-weight:600;margin:1rem 0 .375rem}\
.hint{display:block;font-size:.875rem;opacity:.75;margin:-.25rem 0 .375rem}\
.notice{border-left:4px solid #8a8f98;padding:.25rem 0 .25rem .75rem}\
ul{padding-left:1.25rem}\
input,select,textarea{font:inherit;width:100%;box-sizing:border-box;padding:.625rem .75rem;\
border:1px solid #8a8f98;border-radius:.5rem;background:Field;color:FieldText}\
#one_time_code{font:1.25rem ui-monospace,monospace;letter-spacing:.12em;text-transform:uppercase}\
a{color:light-dark(#1d5fd1,#9ec1ff)}\
a.go{display:inline-block;font-weight:600;padding:.625rem 1.25rem;border-radius:.5rem;background:#1d5fd1;\
color:#fff;text-decoration:none}\
button{font:inherit;font-weight:600;margin-top:1rem;padding:.625rem 1.25rem;border:0;border-radius:.5rem;\
background:#1d5fd1;color:#fff;cursor:pointer}\
:focus-visible{outline:3px solid #7aa7f7;outline-offset:2px}\
.problem{border-left:4px solid #c4352b;padding:.25rem 0 .25rem .75rem}\
.code{font:.875rem ui-monospace,monospace;opacity:.7}";

/// What the form is about.
pub(crate) struct Form<'a> {
    pub(crate) view: &'a SignInView,
    pub(crate) fields: &'a Fields,
    pub(crate) problem: Option<&'a str>,
}

pub(crate) fn form(form: &Form<'_>) -> Response<Full<Bytes>> {
    let Form { view, fields, problem } = form;
    let hidden =
        |name: &str, value: &str| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value));
    let issuer = fields.iss.as_deref().map(|iss| hidden("iss", iss)).unwrap_or_default();
    let problem = problem.map(|text| format!("<p class=\"problem\" role=\"alert\">{}</p>", escaped(text)));
    let body = format!(
        "<h1>Finish connecting {connection}</h1>\
         <p>You came back from the sign-in of {platform}. Type the one-time code that was printed where you began.</p>\
         {problem}<form method=\"post\" action=\"{PATH}\">{state}{code}{issuer}\
         <label for=\"one_time_code\">One-time code</label>\
         <input id=\"one_time_code\" name=\"one_time_code\" autocomplete=\"one-time-code\" autocapitalize=\"characters\" \
         spellcheck=\"false\" required autofocus maxlength=\"16\" placeholder=\"XXXX-XXXX\">\
         <button>Connect</button></form>",
        connection = escaped(&view.connection),
        platform = escaped(&view.platform),
        problem = problem.unwrap_or_default(),
        state = hidden("state", &fields.state),
        code = hidden("code", &fields.code),
    );
    page(StatusCode::OK, "Finish connecting", &body)
}

pub(crate) fn done(view: &SignInView) -> Response<Full<Bytes>> {
    let (connection, platform) = (escaped(&view.connection), escaped(&view.platform));
    let body = format!(
        "<h1>{connection} is connected</h1><p>{platform} gave its permission, and it is kept sealed on this host. \
         You may close this page.</p>"
    );
    page(StatusCode::OK, "Connected", &body)
}

pub(crate) fn problem(status: StatusCode, code: &str, sentence: &str) -> Response<Full<Bytes>> {
    let (code, sentence) = (escaped(code), escaped(sentence));
    let body =
        format!("<h1>Not connected</h1><p class=\"problem\" role=\"alert\">{sentence}</p><p class=\"code\">{code}</p>");
    page(status, "Not connected", &body)
}

pub(crate) fn page(status: StatusCode, title: &str, body: &str) -> Response<Full<Bytes>> {
    let text = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title} · Weighbridge</title>\
         <style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    );
    let style = BASE64.encode(&Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        // The address has the platform's code in it, so no other site may see it. With `no-referrer`, browsers hide
        // from us too where our own forms come from: they send `Origin: null`, which is refused as a foreign page's.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    if let Ok(policy) = policy.parse() {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
