//! AWS Signature Version 4 in headers, as pure functions.
//!
//! Written here because the crate `aws-sigv4` brings most of the SDK's runtime with it.

use data_encoding::HEXLOWER;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};
use weighbridge_model::package::{HmacAlgorithm, TimestampFormat};
use weighbridge_model::time::Timestamp;
use zeroize::Zeroizing;

use crate::mac::sign;

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const IN_PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// Whose signature it is, for what, and when.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    /// The public half of the key.
    pub access_key_id: &'a str,
    /// The secret half.
    pub secret_access_key: &'a str,
    /// Such as `eu-central-1`.
    pub region: &'a str,
    /// Such as `s3`.
    pub service: &'a str,
    /// The time that stands in `x-amz-date`.
    pub now: Timestamp,
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct Canonical<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path, as the request line has it.
    pub path: &'a str,
    /// The query string, as [`query`] writes it.
    pub query: &'a str,
    /// Names in lower case, and values, of the headers that are signed: `host` and all `x-amz-` are among them.
    pub headers: &'a [(String, String)],
    /// The SHA-256 of the body in hexadecimal digits.
    pub body_sha256: &'a str,
}

impl std::fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("service", &self.service).field("region", &self.region).finish_non_exhaustive()
    }
}

impl Signer<'_> {
    /// The value of `x-amz-date`.
    pub fn date(&self) -> String {
        TimestampFormat::Basic.write(self.now)
    }

    /// The value of `authorization`.
    pub fn authorization(&self, request: &Canonical<'_>) -> String {
        let date = self.date();
        let day = date.get(..8).unwrap_or(&date);
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let (headers, names) = headers(request.headers);
        let path = if self.service == "s3" { encoded_once(request.path) } else { encoded_twice(request.path) };
        let Canonical { method, query, body_sha256, .. } = request;
        let canonical = format!("{method}\n{path}\n{query}\n{headers}\n{names}\n{body_sha256}");
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex_sha256(canonical.as_bytes()));
        let signature = HEXLOWER.encode(&hmac(&self.key(day), &text));
        let id = self.access_key_id;
        format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}")
    }

    fn key(&self, day: &str) -> Zeroizing<Vec<u8>> {
        let secret = Zeroizing::new(format!("AWS4{}", self.secret_access_key));
        let parts = [day, self.region, self.service, "aws4_request"];
        let first = Zeroizing::new(secret.as_bytes().to_vec());
        parts.iter().fold(first, |key, part| Zeroizing::new(hmac(&key, part)))
    }
}

/// A query string in the one form that is signed: sorted, and encoded in one way.
pub fn query(query: &str) -> String {
    let encode = |text: &str| {
        let plus_is_space = text.replace('+', " ");
        let bytes: Vec<u8> = percent_decode_str(&plus_is_space).collect();
        percent_encode(&bytes, UNRESERVED).to_string()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = pairs.map(|(name, value)| (encode(name), encode(value))).collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn hex_sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The lines of the headers, each ended, and their names.
fn headers(headers: &[(String, String)]) -> (String, String) {
    let mut sorted: Vec<_> = headers.iter().collect();
    // Stable, so that several values of one name stay in their order.
    sorted.sort_by_key(|(name, _)| name);
    let lines = sorted.chunk_by(|(one, _), (next, _)| one == next).map(|values| {
        let trimmed = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
        let values_joined: Vec<String> = values.iter().map(|(_, value)| trimmed(value)).collect();
        (values[0].0.as_str(), values_joined.join(","))
    });
    let (names, lines): (Vec<&str>, Vec<String>) =
        lines.map(|(name, value)| (name, format!("{name}:{value}\n"))).unzip();
    (lines.concat(), names.join(";"))
}

/// S3 takes a key as it is, empty segments included.
fn encoded_once(path: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    percent_encode(&bytes, IN_PATH).to_string()
}

/// The others sign the path as it stands in the request, encoded once more, and pass over empty segments.
fn encoded_twice(path: &str) -> String {
    let mut encoded = percent_encode(path.as_bytes(), IN_PATH).to_string();
    while encoded.contains("//") {
        encoded = encoded.replace("//", "/");
    }
    encoded
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    sign(HmacAlgorithm::Sha256, key, text.as_bytes())
}
