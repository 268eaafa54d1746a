//! Headers that a guest may set, and those it gets to see.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::limits::Limits;
use crate::refusal::Denial;

/// They belong to one connection, to the host, or to a credential.
static HOST_ONLY: [HeaderName; 14] = [
    header::CONNECTION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::HOST,
    header::CONTENT_LENGTH,
    // A compressed answer cannot be watched, and nobody knows how large it is.
    header::ACCEPT_ENCODING,
    header::EXPECT,
    header::AUTHORIZATION,
    header::PROXY_AUTHORIZATION,
    header::PROXY_AUTHENTICATE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// The guest's headers, as they are sent. `reserved` are the headers that a credential will fill.
pub(crate) fn accept(
    headers: &[(String, String)],
    reserved: &[HeaderName],
    limits: &Limits,
) -> Result<HeaderMap, Denial> {
    let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if headers.len() > limits.headers || bytes > limits.header_bytes {
        return Err(Denial::HeadersTooMany { headers_max: limits.headers, bytes_max: limits.header_bytes });
    }
    let mut accepted = HeaderMap::with_capacity(headers.len() + 2);
    for (name, value) in headers {
        let malformed = || Denial::HeaderMalformed { name: name.escape_default().to_string() };
        let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed())?;
        if HOST_ONLY.contains(&known) || reserved.contains(&known) {
            return Err(Denial::Header { name: known.to_string() });
        }
        let value = HeaderValue::from_str(value).or_else(|_| HeaderValue::from_bytes(value.as_bytes()));
        accepted.append(known, value.map_err(|_| malformed())?);
    }
    Ok(accepted)
}

/// The response's headers for the guest. A cookie that came back for a credential is a credential too; and those of a packed
/// body say nothing of the unpacked one.
pub(crate) fn show(headers: &HeaderMap, authenticated: bool, unpacked: bool) -> Vec<(String, String)> {
    let shown = headers.iter().filter(|(name, _)| {
        let of_the_packed = *name == header::CONTENT_ENCODING || *name == header::CONTENT_LENGTH;
        let is_kept_back = authenticated && *name == header::SET_COOKIE || unpacked && of_the_packed;
        !is_kept_back
    });
    shown.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}
