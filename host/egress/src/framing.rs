//! Judges how the head of an answer frames its body: two readers of one connection must see one and the same end.

use http::header::{self, HeaderMap, HeaderValue};
use http::response::Parts;
use http::{Method, StatusCode, Version};

/// Whether the connection may carry another request after this answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Nobody could read the end of it in another way.
    Plain,
    /// It can be read, and what follows on the connection cannot be believed.
    Doubtful,
}

/// How the answer is framed, or why it cannot be read safely.
pub(crate) fn judge(method: &Method, head: &Parts) -> Result<Framing, &'static str> {
    if head.status == StatusCode::SWITCHING_PROTOCOLS {
        return Err("it switches to a protocol that nobody asked for");
    }
    let is_chunked = is_chunked(&head.headers)?;
    let lengths: Vec<&HeaderValue> = head.headers.get_all(header::CONTENT_LENGTH).iter().collect();
    let is_length_plain = match lengths.as_slice() {
        [] => true,
        [length] => !is_chunked && length.as_bytes().iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let has_body = is_chunked || lengths.iter().any(|length| *length != "0");
    // Such an answer ends with its head; whoever sends a body even so sends it as the next answer.
    let is_body_in_doubt = has_body && ends_with_its_head(method, head.status);
    let is_plain = is_length_plain && !is_body_in_doubt && head.version == Version::HTTP_11;
    Ok(if is_plain { Framing::Plain } else { Framing::Doubtful })
}

/// Another coding than this one would hide the body from whoever watches it.
fn is_chunked(headers: &HeaderMap) -> Result<bool, &'static str> {
    let codings: Vec<&HeaderValue> = headers.get_all(header::TRANSFER_ENCODING).iter().collect();
    match codings.as_slice() {
        [] => Ok(false),
        [coding] if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(true),
        _ => Err("it has a transfer coding that nobody asked for"),
    }
}

fn ends_with_its_head(method: &Method, status: StatusCode) -> bool {
    method == Method::HEAD || status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED
}
