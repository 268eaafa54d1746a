//! What a browser keeps for the console: sessions, and how it is looked at. No script can read any of it.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Response};

/// A cookie of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session of whoever signed in.
    Session,
    /// The session in a customer's account that the same person opened.
    Opened,
    /// Where somebody signed in last, so that they come back there.
    Place,
    /// Where somebody goes on who comes back from a platform's sign-in.
    Back,
    /// The language.
    Language,
    /// Light or dark.
    Theme,
}

/// A year, for what is no secret.
const KEPT_SECONDS: u32 = 31_536_000;

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "weighbridge-session",
            Self::Opened => "weighbridge-opened",
            Self::Place => "weighbridge-place",
            Self::Back => "weighbridge-back",
            Self::Language => "weighbridge-language",
            Self::Theme => "weighbridge-theme",
        }
    }

    /// Over TLS a session's cookie is bound to this host by its name, so that no neighbour can plant one.
    fn full_name(self, is_tls: bool) -> String {
        let is_secret = matches!(self, Self::Session | Self::Opened);
        format!("{}{}", if is_tls && is_secret { "__Host-" } else { "" }, self.name())
    }

    /// What the browser sent.
    pub(crate) fn read(self, headers: &HeaderMap, is_tls: bool) -> Option<String> {
        let name = self.full_name(is_tls);
        let sent = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = sent.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value.to_owned())
    }

    /// Sets it; an empty value takes it away.
    pub(crate) fn set<B>(self, response: &mut Response<B>, is_tls: bool, value: &str) {
        let age = match (self, value.is_empty()) {
            (_, true) => "; Max-Age=0".to_owned(),
            // A session ends with the browser, or when the host says so.
            (Self::Session | Self::Opened, _) => String::new(),
            (Self::Back, _) => "; Max-Age=900".to_owned(),
            _ => format!("; Max-Age={KEPT_SECONDS}"),
        };
        let secure = if is_tls { "; Secure" } else { "" };
        let line = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", self.full_name(is_tls));
        if let Ok(line) = HeaderValue::try_from(line) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
}
