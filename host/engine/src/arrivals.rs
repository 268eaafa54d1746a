//! Requests that came in, for whoever watches the host: at which door, how they were answered, and how long that took.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use weighbridge_model::histogram::{Histogram, QUICK_US, Spread};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// An operation that reads.
    ApiRead,
    /// An operation that changes something.
    ApiChange,
    /// A page of the console.
    Console,
    /// Something of whoever holds a link, or comes back from a sign-in.
    Link,
    /// A page of a third party.
    Pull,
    /// A platform's call.
    Webhook,
    /// Whether the host is there, and whatever is not.
    Other,
}

/// The words of the classes of HTTP status with which requests end.
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

impl Door {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::ApiRead, Self::ApiChange, Self::Console, Self::Link, Self::Pull, Self::Webhook, Self::Other];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ApiRead => "api_read",
            Self::ApiChange => "api_change",
            Self::Console => "console",
            Self::Link => "link",
            Self::Pull => "pull",
            Self::Webhook => "webhook",
            Self::Other => "other",
        }
    }
}

/// Counts since the engine was opened.
#[derive(Debug)]
pub(crate) struct Arrivals {
    answered: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
    times: [(Door, Histogram); 7],
}

impl Default for Arrivals {
    fn default() -> Self {
        let pairs = Door::ALL.into_iter().flat_map(|door| CLASSES.map(|class| ((door.word(), class), 0)));
        let times = Door::ALL.map(|door| (door, Histogram::over(QUICK_US)));
        Self { answered: Mutex::new(pairs.collect()), times }
    }
}

impl Arrivals {
    pub(crate) fn note(&self, door: Door, status: u16, took: Duration) {
        let key = (door.word(), class(status));
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        self.times.iter().filter(|(one, _)| *one == door).for_each(|(_, times)| times.note(took));
    }

    /// By door and class.
    pub(crate) fn answered(&self) -> BTreeMap<(&'static str, &'static str), u64> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// By door.
    pub(crate) fn times(&self) -> Vec<(&'static str, Spread)> {
        self.times.iter().map(|(door, times)| (door.word(), times.spread())).collect()
    }
}

const fn class(status: u16) -> &'static str {
    match status {
        ..300 => CLASSES[0],
        300..400 => CLASSES[1],
        400..500 => CLASSES[2],
        _ => CLASSES[3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_at_its_door_under_its_class_and_nowhere_else() {
        let arrivals = Arrivals::default();
        arrivals.note(Door::Pull, 404, Duration::from_millis(3));
        let counted: Vec<_> = arrivals.answered().into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(counted, [(("pull", "4xx"), 1)]);
        let timed: Vec<_> = arrivals.times().into_iter().filter(|(_, spread)| spread.count > 0).collect();
        assert_eq!((timed.len(), timed[0].0, timed[0].1.sum_us), (1, "pull", 3_000));
    }

    #[test]
    fn every_door_and_class_is_there_from_the_beginning() {
        assert_eq!(Arrivals::default().answered().len(), Door::ALL.len() * CLASSES.len());
    }
}
