//! The documentation as a page: no script, nothing from elsewhere, in nobody's frame.

use std::fmt::Write as _;

use axum::body::Body;
use data_encoding::BASE64;
use http::{Response, StatusCode, header};
use sha2::{Digest as _, Sha256};
use weighbridge::model::meter::Quota;
use weighbridge::{Engine, PullEndpoint, PullGuide, example_record};

use super::fields::{Field, fields};
use super::style::STYLE;
use super::{address, path_of};
use crate::page::escaped;
use crate::pull::{BASE, with_type};

const BEGINNING: &str = include_str!("beginning.html");
const ANSWERS: &str = include_str!("answers.html");

pub(in crate::pull) fn page(guide: &PullGuide, engine: &Engine) -> Response<Body> {
    let mut response = with_type(StatusCode::OK, text(guide, address(engine)), "text/html; charset=utf-8");
    let style = BASE64.encode(&Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(policy) = policy.parse() {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn text(guide: &PullGuide, address: &str) -> String {
    let name = escaped(&guide.name);
    let mut text = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{name} · Data access</title>\
         <style>{STYLE}</style></head><body><main>"
    );
    let endpoints: String =
        guide.endpoints.iter().enumerate().map(|(index, one)| endpoint(index, one, guide, address)).collect();
    let links = guide.endpoints.iter().enumerate().map(|(index, one)| {
        let name = escaped(&one.name);
        format!("<a href=\"#{}\">{name}</a>", anchor(index))
    });
    let links: String = links.collect();
    let _ = write!(
        text,
        "<h1>{name}</h1><p class=\"quiet\">How to read the data that this access opens.</p>{access}<nav>{links}</nav>\
         {beginning}{endpoints}{ANSWERS}</main></body></html>",
        access = access(guide, address),
        beginning = beginning(guide, address),
    );
    text
}

/// A name may be anything, so the number stands for it.
fn anchor(index: usize) -> String {
    format!("endpoint-{}", index + 1)
}

/// Who it is for, and from when to when.
fn access(guide: &PullGuide, address: &str) -> String {
    let dates = guide.window.words.as_deref().unwrap_or("from now on, without an end");
    let begins = guide.begins.map(|at| {
        format!("<p class=\"note\">This access has not begun: until {at} it answers <code>ping</code> only.</p>")
    });
    let rows = [
        ("Address", format!("<code>{}{BASE}</code>", escaped(address))),
        ("Connection ID", format!("<code>{}</code>", guide.access_id)),
        ("Access", escaped(dates)),
        ("Dates without a time", format!("midnight in {}", escaped(&guide.zone))),
        ("Limits", escaped(&limits(guide))),
    ];
    let rows: String = rows.iter().map(|(name, what)| format!("<dt>{name}</dt><dd>{what}</dd>")).collect();
    format!("{}<dl>{rows}</dl>", begins.unwrap_or_default())
}

fn limits(guide: &PullGuide) -> String {
    let mut limits = vec!["10,000 records a page".to_owned()];
    limits.extend(guide.rate_per_minute.map(|rate| format!("{rate} requests a minute")));
    let Quota { records, bytes, pulls, .. } = guide.quota;
    let mut quota =
        |limit: Option<u64>, what: &str| limits.extend(limit.map(|limit| format!("{limit} {what} a period")));
    quota(records, "records");
    quota(bytes, "bytes");
    quota(pulls, "pages");
    limits.join("; ")
}

fn beginning(guide: &PullGuide, address: &str) -> String {
    let first = guide.endpoints.first().map_or_else(|| path_of("ENDPOINT"), |one| path_of(&one.name));
    let filled = [("@ADDRESS@", escaped(address)), ("@ID@", guide.access_id.to_string()), ("@FIRST@", first)];
    filled.iter().fold(BEGINNING.to_owned(), |text, (place, value)| text.replace(place, value))
}

fn endpoint(index: usize, endpoint: &PullEndpoint, guide: &PullGuide, address: &str) -> String {
    let (path, id) = (path_of(&endpoint.name), guide.access_id);
    let address = escaped(address);
    let mut text = format!(
        "<h2 id=\"{anchor}\">{name}</h2><p>{about}</p><pre><code>GET {address}{path}</code></pre>",
        anchor = anchor(index),
        name = escaped(&endpoint.name),
        about = escaped(&endpoint.description),
    );
    text.push_str(&known(endpoint));
    let _ = write!(
        text,
        "<h3>The first page</h3><pre><code>curl --user {id} '{address}{path}?limit=1000'</code></pre>\
         <h3>The next page</h3><pre><code>curl --user {id} '{address}{path}?limit=1000&amp;cursor=NEXT'</code></pre>"
    );
    if endpoint.knows_since {
        let _ = write!(
            text,
            "<h3>Only what changed since an instant</h3>\
             <pre><code>curl --user {id} '{address}{path}?since=2026-03-31T08:00:00Z'</code></pre>"
        );
    }
    text
}

/// The fields and an example, where the source says what it has.
fn known(endpoint: &PullEndpoint) -> String {
    let Some(schema) = &endpoint.schema else {
        return "<p class=\"quiet\">The source does not say beforehand which fields its records have; \
                read a page to see them.</p>"
            .to_owned();
    };
    let rows: String = fields(schema).iter().map(|field| row(field, endpoint)).collect();
    let example = serde_json::to_string_pretty(&example_record(schema)).unwrap_or_default();
    format!(
        "<h3>Fields</h3><div class=\"wide\"><table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Type</th>\
         <th scope=\"col\">What it is</th></tr></thead><tbody>{rows}</tbody></table></div>\
         <h3>A record</h3><pre><code>{}</code></pre>",
        escaped(&example),
    )
}

fn row(field: &Field, endpoint: &PullEndpoint) -> String {
    let is_key = endpoint.primary_key.iter().any(|key| key.trim_start_matches('/') == field.path);
    let key = if is_key { "<span class=\"key\">key</span>" } else { "" };
    format!(
        "<tr><td><code>{}</code>{key}</td><td>{}</td><td>{}</td></tr>",
        escaped(&field.path),
        escaped(&field.kind),
        escaped(&field.about),
    )
}
