//! A recording with one answer exchanged for another.

use weighbridge_sandbox::Answer;

use crate::cassette::{Answered, Asked, Body};
use crate::deck::Played;
use crate::venue::{Platform, Venue};

/// The first request that changes something, or the first of all, gets this answer; later ones the recorded.
pub(super) struct Twist {
    pub(super) played: Played,
    pub(super) answer: Answered,
    /// Whether requests that only ask are let through first.
    pub(super) spares_reads: bool,
}

struct Twisted {
    platform: Box<dyn Platform>,
    answer: Option<Answered>,
    spares_reads: bool,
}

impl Venue for Twist {
    fn open(&self) -> Box<dyn Platform> {
        let answer = Some(self.answer.clone());
        Box::new(Twisted { platform: self.played.open(), answer, spares_reads: self.spares_reads })
    }
}

impl Platform for Twisted {
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        let is_spared = self.spares_reads && matches!(asked.method.as_str(), "GET" | "HEAD");
        match self.answer.take_if(|_| !is_spared) {
            Some(answer) => Box::pin(std::future::ready(Some(answer))),
            None => self.platform.answer(asked),
        }
    }
}

/// An answer with this status.
pub(super) fn status(status: u16, headers: &[(&str, &str)], body: &str) -> Answered {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Answered::Response { status, headers, body: Body::Text(body.to_owned()) }
}
