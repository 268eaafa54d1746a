//! Puts a signature on a request.

use http::HeaderValue;
use http::header::{self, HeaderName};
use weighbridge_model::package::{AuthMethod, HmacSend, Signable, Template, Values};
use weighbridge_model::time::Timestamp;

use crate::auth::Applied;
use crate::credential::Credential;
use crate::exchange::Outgoing;
use crate::mac;
use crate::refusal::Denial;
use crate::secret::Opened;
use crate::sigv4::{self, Canonical, Signer};

const AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const AMZ_BODY: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const AMZ_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// What a signature in AWS's form fills beside `authorization`.
pub(crate) const AMZ_RESERVED: [HeaderName; 3] = [AMZ_DATE, AMZ_BODY, AMZ_TOKEN];

impl Credential {
    pub(crate) fn apply_hmac(
        &self,
        send: &HmacSend,
        outgoing: &Outgoing,
        now: Timestamp,
        applied: &mut Applied,
    ) -> Result<(), Denial> {
        let AuthMethod::Hmac { algorithm, .. } = &self.scheme.apply else { return Ok(()) };
        let key = self.signing_key()?;
        let (path, query) = applied.target.path_and_query_apart();
        let (method, host) = (outgoing.method.as_str(), applied.target.host_header());
        let request = Signable { method, host, path, query, body: &outgoing.body, now };
        let (secrets, captures) = (self.secrets.open(), Opened::default());
        let values = Values { configuration: &self.configuration, secrets: &secrets.0, captures: &captures.0 };
        let unusable = |error: &dyn std::fmt::Display| self.unusable(error.to_string());
        let payload = send.payload(&request, &values).map_err(|error| unusable(&error))?;
        let signature = mac::sign(*algorithm, &key, &payload);
        let headers = send.headers(&request, &signature, &values).map_err(|error| unusable(&error))?;
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| unusable(&error))?;
            applied.headers.insert(name, self.value_of(&value)?);
        }
        self.secrets.guarded().for_each(|secret| applied.guarded.add(secret));
        Ok(())
    }

    pub(crate) fn apply_sigv4(
        &self,
        (region, service): (&Template, &str),
        outgoing: &Outgoing,
        now: Timestamp,
        applied: &mut Applied,
    ) -> Result<(), Denial> {
        let region = self.rendered(region)?;
        let (access_key_id, secret_access_key) = (self.secret("access_key_id")?, self.secret("secret_access_key")?);
        let signer = Signer { access_key_id, secret_access_key, region: &region, service, now };
        let body_sha256 = sigv4::hex_sha256(&outgoing.body);
        applied.set(self, AMZ_DATE, &signer.date())?;
        applied.set(self, AMZ_BODY, &body_sha256)?;
        applied.guarded.add(secret_access_key);
        if let Some(token) = self.secrets.get("session_token").filter(|token| !token.is_empty()) {
            applied.set(self, AMZ_TOKEN, token)?;
            applied.guarded.add(token);
        }
        // What is sent is what is signed, however the guest wrote it.
        let query = applied.target.path_and_query_apart().1.map(sigv4::query);
        if let Some(query) = &query {
            applied.target = applied.target.with_query(query);
        }
        let authorization = signer.authorization(&Canonical {
            method: outgoing.method.as_str(),
            path: applied.target.path_and_query_apart().0,
            query: query.as_deref().unwrap_or_default(),
            headers: &signed_headers(applied),
            body_sha256: &body_sha256,
        });
        applied.set(self, header::AUTHORIZATION, &authorization)
    }
}

/// The headers that say what is done; the others may be rewritten on the way.
fn signed_headers(applied: &Applied) -> Vec<(String, String)> {
    let says_what = |name: &HeaderName| {
        let fixed = [header::CONTENT_TYPE, header::RANGE, HeaderName::from_static("content-md5")];
        name.as_str().starts_with("x-amz-") || fixed.contains(name)
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = applied.headers.iter().filter(|(name, _)| says_what(name));
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value)));
    headers.chain([("host".to_owned(), applied.target.host_header().to_owned())]).collect()
}
