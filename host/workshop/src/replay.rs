//! Running a recorded case again, without the platform.

use weighbridge_sandbox::{Ended, Used};

use crate::act::Act;
use crate::bench::{Bench, BenchError};
use crate::cassette::{Cassette, Drill, Outcome};
use crate::deck::Played;
use crate::walk::{Gait, Walked, walk};
use crate::write::{Written, write};

/// What came of a replay.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The first thing that came out otherwise.
    pub difference: Option<Difference>,
    /// Instructions, as the engine counts them.
    pub fuel: u64,
    /// The most memory that a guest took.
    pub memory_bytes: usize,
    /// Requests that were made.
    pub requests: usize,
    /// Records that came out.
    pub records: u64,
}

/// Something came out otherwise than recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which outcome, from 1.
    pub place: usize,
    /// As it was recorded.
    pub recorded: Option<String>,
    /// As it came.
    pub came: Option<String>,
    /// The request that nobody recorded, where that is why.
    pub absent: Option<String>,
}

/// All that came of a drill.
pub(crate) struct Session {
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) walked: Walked,
    pub(crate) written: Written,
    pub(crate) used: Used,
}

/// Runs a recorded case from its recording, and compares what comes out byte for byte.
pub async fn replay(bench: &Bench, cassette: &Cassette) -> Result<Replayed, BenchError> {
    let act = Act::new(&cassette.header, &Played::new(cassette));
    let done = session(bench, &act, &cassette.header.drill).await?;
    let difference = difference(cassette, &done, &act);
    let records = done.walked.pages.iter().map(|page| page.records_count).sum();
    let requests = act.seen().exchanges.len();
    Ok(Replayed { difference, fuel: done.used.fuel, memory_bytes: done.used.memory_bytes, requests, records })
}

pub(crate) fn difference(cassette: &Cassette, done: &Session, act: &Act) -> Option<Difference> {
    let recorded: Vec<String> = cassette.outcomes.iter().map(Outcome::to_line).collect();
    let came: Vec<String> = done.outcomes.iter().map(Outcome::to_line).collect();
    let place = (0..recorded.len().max(came.len())).find(|place| recorded.get(*place) != came.get(*place))?;
    let (recorded, came) = (recorded.get(place).cloned(), came.get(place).cloned());
    Some(Difference { place: place + 1, recorded, came, absent: act.absent() })
}

/// Checks, lists the streams, and does what the drill says.
pub(crate) async fn session(bench: &Bench, act: &Act, drill: &Drill) -> Result<Session, BenchError> {
    let mut session =
        Session { outcomes: Vec::new(), walked: Walked::default(), written: Written::default(), used: Used::default() };
    let mut guest = bench.guest(act).await?;
    let checked = guest.check().await;
    session.outcomes.push(checked.map_or_else(Outcome::Ended, |()| Outcome::Checked(true)));
    session.note(guest.used());
    let mut guest = bench.guest(act).await?;
    session.outcomes.push(guest.discover().await.map_or_else(Outcome::Ended, Outcome::Catalog));
    session.note(guest.used());
    match drill {
        Drill::Read(drill) => {
            let walked = walk(bench, act, drill, Gait::USUAL).await?;
            session.outcomes.extend(walked.pages.iter().cloned().map(Outcome::from));
            session.end(walked.ended.clone(), walked.used);
            session.walked = walked;
        }
        Drill::Write(drill) => {
            let written = write(bench, act, drill, Gait::USUAL.tries).await?;
            session.outcomes.extend(written.receipts.iter().cloned().map(Outcome::Receipt));
            session.end(written.ended.clone(), written.used);
            session.written = written;
        }
    }
    Ok(session)
}

impl Session {
    fn end(&mut self, ended: Option<Ended>, used: Used) {
        self.outcomes.extend(ended.map(Outcome::Ended));
        self.note(used);
    }

    fn note(&mut self, used: Used) {
        self.used.fuel += used.fuel;
        self.used.memory_bytes = self.used.memory_bytes.max(used.memory_bytes);
    }
}
