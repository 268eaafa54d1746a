//! The console's style and script, and answers made small.

use std::io::Write as _;
use std::sync::LazyLock;

use axum::body::Body;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, Response, Uri, header};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};

/// A file of the console's own, known by what is in it.
pub(crate) struct Asset {
    /// Its address. It changes with the file, so that browsers may keep it for ever.
    pub(crate) path: String,
    kind: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(name: &str, ending: &str, kind: &'static str, text: &'static str) -> Self {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..8]);
        Self { path: format!("/assets/{name}-{digest}.{ending}"), kind, text }
    }
}

/// The style of every page.
pub(crate) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("console", "css", "text/css; charset=utf-8", include_str!("assets/console.css")));

/// What pages do more, where scripts run. Without it all of them work.
pub(crate) static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("console", "js", "text/javascript; charset=utf-8", include_str!("assets/console.js")));

/// The sign of the product, for the browser's tab.
pub(crate) static SIGN: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("sign", "svg", "image/svg+xml", include_str!("assets/sign.svg")));

/// The file at an address.
pub(crate) fn find(uri: &Uri) -> Option<Response<Body>> {
    let asset = [&STYLE, &SCRIPT, &SIGN].into_iter().find(|one| one.path == uri.path())?;
    let mut response = Response::new(zipped(asset.text.as_bytes()).map_or_else(|| asset.text.into(), Body::from));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Some(response)
}

/// Whether whoever asks can read what is made small.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let taken = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    taken.split(',').any(|one| one.trim().starts_with("gzip"))
}

/// A page as it came, or smaller; a stream of events stays one.
pub(crate) async fn zip(response: Response<Body>, is_taken: bool) -> Response<Body> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !is_taken || kind.is_none_or(|kind| !kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = body.collect().await else { return Response::from_parts(parts, Body::empty()) };
    let whole = whole.to_bytes();
    let Some(small) = zipped(&whole) else { return Response::from_parts(parts, Body::from(whole)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Response::from_parts(parts, Body::from(small))
}

fn zipped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
