//! Whether a form was sent from a page of ours: by where the browser says that it comes from, and by a token in it.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use sha2::Sha256;

/// A browser that says where a form comes from says that it comes from here.
pub(crate) fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    text("origin").is_none_or(|one| one == origin)
        && text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// A token for the forms of one page. Each has a salt of its own, so that its length under compression tells nothing.
pub(crate) fn token(secret: &str, salt: &str) -> String {
    format!("{salt}.{}", BASE64URL_NOPAD.encode(&mac(secret, salt).finalize().into_bytes()))
}

/// Whether a token was made for whoever has this secret.
pub(crate) fn is_token(secret: &str, token: &str) -> bool {
    let Some((salt, tag)) = token.split_once('.') else { return false };
    let Ok(tag) = BASE64URL_NOPAD.decode(tag.as_bytes()) else { return false };
    mac(secret, salt).verify_slice(&tag).is_ok()
}

fn mac(secret: &str, salt: &str) -> Hmac<Sha256> {
    // HMAC takes a key of any length; an empty one would be a token for nobody, whom no session belongs to.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(b"weighbridge form\0");
    mac.update(salt.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_session_only() {
        let made = token("wbs_one", "salt");
        assert!(is_token("wbs_one", &made));
        assert!(!is_token("wbs_two", &made));
        assert!(!is_token("wbs_one", &made.replace("salt", "salu")));
        assert!(!is_token("wbs_one", ""));
        assert!(!is_token("wbs_one", "salt."));
    }

    #[test]
    fn another_site_is_turned_away() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
        };
        assert!(is_from_here(&headers(&[("origin", "https://here")]), "https://here"));
        assert!(!is_from_here(&headers(&[("origin", "https://there")]), "https://here"));
        assert!(!is_from_here(&headers(&[("sec-fetch-site", "cross-site")]), "https://here"));
        assert!(!is_from_here(&headers(&[("origin", "null")]), "https://here"));
    }
}
