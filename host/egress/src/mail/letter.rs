//! What is sent: one short text to one address.

use std::fmt;

/// One letter: plain text to one address. It is never printed, since there may be a secret link in it.
pub struct Letter {
    /// The address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// What tells it from every other letter, as letters, digits and dashes.
    pub id: String,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter(..)")
    }
}

impl Letter {
    /// The part of the address that may stand in a log.
    pub fn domain(&self) -> &str {
        self.to.rsplit_once('@').map_or("?", |(_, domain)| domain)
    }
}
