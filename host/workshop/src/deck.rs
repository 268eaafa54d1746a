//! Answers from a recording.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use weighbridge_sandbox::Answer;

use crate::cassette::{Answered, Asked, Cassette};
use crate::venue::{Platform, Venue};

/// What names a request: method, URL and the digest of the body. Headers do not: some differ from one try to the next.
type Key = (String, String, [u8; 32]);

fn key(asked: &Asked) -> Key {
    let body = asked.body.as_ref().map(|body| body.bytes()).unwrap_or_default();
    (asked.method.clone(), asked.url.clone(), Sha256::digest(body).into())
}

/// The answers of a cassette. The n-th request of a name gets the n-th answer, and those beyond the last one the last.
pub(crate) struct Deck {
    answers: Arc<BTreeMap<Key, Vec<Answered>>>,
    given: BTreeMap<Key, usize>,
}

/// A recording in the place of its platform.
#[derive(Debug)]
pub struct Played(Arc<BTreeMap<Key, Vec<Answered>>>);

impl Played {
    /// The platform that gives the answers of a cassette.
    pub fn new(cassette: &Cassette) -> Self {
        let mut answers: BTreeMap<Key, Vec<Answered>> = BTreeMap::new();
        for exchange in &cassette.exchanges {
            let times = exchange.times.max(1) as usize;
            let known = answers.entry(key(&exchange.request)).or_default();
            known.extend(std::iter::repeat_n(exchange.answer.clone(), times));
        }
        Self(Arc::new(answers))
    }
}

impl Venue for Played {
    fn open(&self) -> Box<dyn Platform> {
        Box::new(Deck { answers: Arc::clone(&self.0), given: BTreeMap::new() })
    }
}

impl Platform for Deck {
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        let key = key(asked);
        let answer = self.answers.get(&key).and_then(|known| {
            let given = self.given.entry(key).or_default();
            let answer = known.get(*given).or(known.last());
            *given += 1;
            answer.cloned()
        });
        Box::pin(std::future::ready(answer))
    }
}
