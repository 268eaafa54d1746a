//! Where requests go while a connector is tried: to a platform, or to something in its place.

use weighbridge_sandbox::Answer;

use crate::cassette::{Answered, Asked};

/// Something that answers requests, as the connector made them: no credential is on them yet.
pub trait Platform: Send {
    /// The answer; none where it has none, and whoever asked is told that nothing was recorded.
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>>;
}

/// Makes a platform for each walk.
pub trait Venue: Send + Sync {
    /// A platform that nobody has asked yet.
    fn open(&self) -> Box<dyn Platform>;

    /// Whether a wait is really waited, since somebody else's time goes by meanwhile.
    fn waits(&self) -> bool {
        false
    }
}
