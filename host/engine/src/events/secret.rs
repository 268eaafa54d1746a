//! What events are signed with, and the signature: version 1 of the Standard Webhooks specification, *Signature scheme*
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use weighbridge_model::id::EventId;
use weighbridge_model::time::Timestamp;
use zeroize::Zeroizing;

use crate::chance;
use crate::error::EngineError;

const PREFIX: &str = "whsec_";

/// A signing secret as its owner keeps it: `whsec_` and 32 random bytes as base64.
pub(super) fn new() -> Result<Zeroizing<String>, EngineError> {
    let bytes = Zeroizing::new(chance::bytes::<32>()?);
    Ok(Zeroizing::new(format!("{PREFIX}{}", BASE64.encode(&*bytes))))
}

/// The headers of one try: the id stays, the instant is of this try, and every secret that is good signs.
pub(super) fn headers(
    secrets: &[Zeroizing<String>],
    event: EventId,
    now: Timestamp,
    body: &[u8],
) -> Vec<(String, String)> {
    let (id, at) = (event.to_string(), now.as_millis().div_euclid(1_000));
    let signatures: Vec<String> = secrets.iter().filter_map(|secret| signature(secret, &id, at, body)).collect();
    vec![
        ("content-type".into(), "application/json".into()),
        ("webhook-signature".into(), signatures.join(" ")),
        ("webhook-timestamp".into(), at.to_string()),
        ("webhook-id".into(), id),
    ]
}

/// HMAC-SHA256 over `id.timestamp.body`, as base64 behind its version.
fn signature(secret: &str, id: &str, at: i64, body: &[u8]) -> Option<String> {
    let key = Zeroizing::new(BASE64.decode(secret.strip_prefix(PREFIX)?.as_bytes()).ok()?);
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the specification's own libraries are tested with.
    #[test]
    fn a_signature_is_the_published_one() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn another_body_has_another_signature() {
        let secret = new().unwrap();
        assert_ne!(signature(&secret, "id", 1, b"{}"), signature(&secret, "id", 1, b"{ }"));
    }

    #[test]
    fn a_secret_is_as_long_as_the_specification_wants_and_never_the_same() {
        let (one, other) = (new().unwrap(), new().unwrap());
        assert_ne!(one, other);
        assert_eq!(BASE64.decode(one.strip_prefix(PREFIX).unwrap().as_bytes()).unwrap().len(), 32);
    }

    #[test]
    fn both_secrets_sign_where_there_are_two() {
        let secrets = [new().unwrap(), new().unwrap()];
        let headers = headers(&secrets, EventId::from_bytes([7; 16]), Timestamp::from_millis(5_999), b"{}");
        let of = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap();
        assert_eq!((of("webhook-signature").split(' ').count(), of("webhook-timestamp").as_str()), (2, "5"));
    }
}
