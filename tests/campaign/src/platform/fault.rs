//! What goes wrong at a destination.

use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::http::{Request, answer, text};
use super::sink::Answered;
use super::source::PAGE;

/// One way in which a write goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429, and again at once; nothing is taken.
    TooMany,
    /// 500; nothing is taken.
    Broken,
    /// The connection is reset in the middle of the request's body; nothing is taken.
    ResetInBody,
    /// All is taken, and the connection ends without an answer.
    AnswerLost,
    /// All is taken, and the connection ends in the middle of the answer.
    AnswerCut,
    /// All is taken, and 500 is answered.
    TakenAndBroken,
    /// All is taken, and the answer comes late.
    Slow,
    /// All is taken, and the answer comes twice.
    AnsweredTwice,
    /// All is taken, and the answer speaks of other records.
    WrongEcho,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::TooMany,
        Self::Broken,
        Self::ResetInBody,
        Self::AnswerLost,
        Self::AnswerCut,
        Self::TakenAndBroken,
        Self::Slow,
        Self::AnsweredTwice,
        Self::WrongEcho,
    ];

    /// Whether it comes before anything is taken.
    pub(super) const fn is_early(self) -> bool {
        matches!(self, Self::TooMany | Self::Broken | Self::ResetInBody)
    }

    pub(super) fn meet_early(self, stream: &TcpStream, request: &mut Request) -> Option<()> {
        match self {
            Self::ResetInBody => {
                request.read_half(stream)?;
                // What is left unread makes a reset of the connection's end.
                None
            }
            Self::TooMany => {
                request.read_body(stream)?;
                answer(stream, "429 Too Many Requests", &["retry-after: 0"], "{}")
            }
            _ => {
                request.read_body(stream)?;
                answer(stream, "500 Internal Server Error", &[], "{}")
            }
        }
    }

    pub(super) fn meet_late(self, stream: &mut &TcpStream, answered: &Answered) -> Option<()> {
        let whole = text(answered.status, &[], &answered.body);
        match self {
            Self::AnswerLost => {
                let _ = stream.shutdown(Shutdown::Both);
                None
            }
            Self::AnswerCut => {
                stream.write_all(&whole.as_bytes()[..whole.len() - 1]).ok()?;
                let _ = stream.shutdown(Shutdown::Both);
                None
            }
            Self::TakenAndBroken => answer(stream, "500 Internal Server Error", &[], "{}"),
            Self::Slow => {
                std::thread::sleep(Duration::from_millis(700));
                stream.write_all(whole.as_bytes()).ok()
            }
            Self::AnsweredTwice => stream.write_all(whole.repeat(2).as_bytes()).ok(),
            Self::WrongEcho => {
                let results = r#"{"id":"another"},"#.repeat(40);
                let echo = format!(r#"{{"results":[{results}7],"rejected":[{{"index":4000000,"code":"x"}},9]}}"#);
                answer(stream, answered.status, &[], &echo)
            }
            _ => stream.write_all(whole.as_bytes()).ok(),
        }
    }
}

/// How a sink refuses a request with records that it does not want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refusing {
    /// All of it, without a word of which they are.
    #[default]
    Whole,
    /// All of it, and it names them.
    Named,
    /// It takes the others, and names them.
    Apart,
}

impl Refusing {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Whole, Self::Named, Self::Apart];
}

/// Records that a sink does not want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Poison {
    /// It wants all.
    #[default]
    None,
    /// So many in a hundred, spread over all.
    Share(u64),
    /// One in each batch of a full reading, at another place in each, so that all transfers together have it at every place.
    EveryPlace,
    /// All of them.
    All,
}

impl Poison {
    /// Whether a version of a transfer is not wanted; always the same answer.
    pub const fn is_in(self, number: usize, version: u64) -> bool {
        match self {
            Self::None => false,
            Self::Share(share) => version.wrapping_mul(2_654_435_761) % 100 < share,
            Self::EveryPlace => {
                let (batch, place) = ((version - 1) / PAGE, (version - 1) % PAGE);
                place == (number as u64 / 4 * 3 + batch) % PAGE
            }
            Self::All => true,
        }
    }
}
