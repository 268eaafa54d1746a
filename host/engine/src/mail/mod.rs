//! Mail: what is written to whom, and a queue that holds nobody up.
//!
//! Whoever asks for a link gets it in the answer. A mail carries the same link, leaves when the server takes it, and is
//! given up without anything being undone.

mod outbox;
mod trial;
mod wording;

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_egress::{Letter, MailServer};
use weighbridge_model::problem::Problem;

use crate::apply::named::is_unseen;
use crate::chance;
use crate::engine::Engine;

pub(crate) use outbox::{Errand, Outbox};
pub use trial::MailTested;
pub(crate) use wording::Words;

/// How this host sends mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// By which server.
    pub server: MailServer,
    /// The address at which browsers reach this host, under which the links of mails stand.
    pub public_url: String,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mailed {
    /// It leaves as soon as the server takes it.
    Queued,
    /// This host sends no mail: the link is for you to hand over.
    NotConfigured,
    /// Too many mails wait already: the link is for you to hand over.
    QueueFull,
}

/// The most bytes of an address (RFC 5321, 4.5.3.1.3).
const ADDRESS_BYTES_MAX: usize = 254;

/// Refuses what is no e-mail address: a line break in one would be another line of a mail's head.
pub fn address(text: &str) -> Result<&str, Problem> {
    let email = text.trim();
    let is_address = email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
    let has_gaps = email.contains(|letter: char| letter.is_whitespace() || letter.is_control() || is_unseen(letter));
    if is_address && !has_gaps && email.len() <= ADDRESS_BYTES_MAX {
        return Ok(email);
    }
    Err(Problem::invalid("email", format!("`{}` is no e-mail address", email.escape_debug())))
}

impl Engine {
    /// Queues a mail, whose words are made around the address that its link begins with.
    pub(crate) fn mail(&self, to: &str, words: impl FnOnce(&str) -> Words) -> Mailed {
        let conduct = self.host.conduct();
        let Some(mail) = &conduct.mail else { return Mailed::NotConfigured };
        let letter = letter(to, words(&mail.public_url));
        if self.host.outbox.post(&self.host, Errand::Letter(letter)) { Mailed::Queued } else { Mailed::QueueFull }
    }
}

/// Without randomness ids repeat; nothing hangs on them.
fn letter(to: &str, Words { subject, text }: Words) -> Letter {
    let id = data_encoding::BASE32HEX_NOPAD.encode(&chance::bytes::<16>().unwrap_or_default()).to_ascii_lowercase();
    Letter { to: to.to_owned(), subject, text, id }
}
