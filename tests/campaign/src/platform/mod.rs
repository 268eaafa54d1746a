//! The two platforms of a campaign, on loopback: a source that grows, and a sink that keeps a log of every request.

mod fault;
mod http;
mod sink;
mod source;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use weighbridge_outage::Chance;

pub use self::fault::{Fault, Poison, Refusing};
use self::http::{Request, answer};
pub use self::sink::{Came, Sink};
pub use self::source::{FULL, Kind, PAGE, Source};

/// Both platforms at one address; they go on until the process ends.
#[derive(Debug)]
pub struct Platform {
    /// Where they answer.
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

/// What the platforms know, and how they behave.
#[derive(Debug)]
pub struct State {
    /// Where records come from, by transfer.
    pub sources: Vec<Source>,
    /// Where they go to, by transfer.
    pub sinks: Vec<Sink>,
    /// Whether sources grow when they are asked.
    pub grows: bool,
    /// The sink takes up to so many milliseconds before it takes a request.
    pub slow_ms: u64,
    /// So many of a hundred writes meet one of these.
    pub faults: (u64, Vec<Fault>),
    /// Records that the sink does not want.
    pub poison: Poison,
    /// How it says so.
    pub refusing: Refusing,
    /// How many faults were met.
    pub met: u64,
    chance: Chance,
}

impl Platform {
    /// With so many transfers of the four kinds, one after the other.
    pub fn start(transfers: usize) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let state = Arc::new(Mutex::new(State::new(transfers, 0)));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || while serve(&stream, &state).is_some() {});
            }
        });
        Ok(Self { address, state })
    }

    /// What they know; they answer nobody while it is looked at.
    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// As at the beginning, with chances of this seed.
    pub fn forget(&self, seed: u64) {
        let transfers = self.state().sinks.len();
        *self.state() = State::new(transfers, seed);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn new(transfers: usize, seed: u64) -> Self {
        let sources = (0..transfers).map(|number| Source::new(Kind::of(number))).collect();
        Self {
            sources,
            sinks: (0..transfers).map(|_| Sink::default()).collect(),
            grows: true,
            slow_ms: 0,
            faults: (0, Vec::new()),
            poison: Poison::default(),
            refusing: Refusing::default(),
            met: 0,
            chance: Chance::seeded(seed),
        }
    }

    /// A source fails too while faults are about, a third as often.
    fn source_fails(&mut self) -> bool {
        !self.faults.1.is_empty() && self.chance.percent(self.faults.0 / 3)
    }

    /// The fault that the next write meets.
    fn fault(&mut self) -> Option<Fault> {
        let (share, faults) = &self.faults;
        if faults.is_empty() || !self.chance.percent(*share) {
            return None;
        }
        self.met += 1;
        Some(*self.chance.pick(faults))
    }
}

/// Answers one request; nothing where the connection is over.
fn serve(stream: &TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut head = Request::head(stream)?;
    let (side, number) = head.place()?;
    if side == "source" {
        head.read_body(stream)?;
        let page = {
            let state = &mut *lock(state);
            if state.source_fails() {
                return answer(stream, "500 Internal Server Error", &[], "{}");
            }
            let (grows, chance) = (state.grows, &mut state.chance);
            let source = state.sources.get_mut(number)?;
            let page = source.page(&head, grows, chance);
            let (since, sink) = (head.number("since"), state.sinks.get_mut(number)?);
            sink.note_cursor(source, since);
            page
        };
        return answer(stream, "200 OK", &[], &page);
    }
    take(stream, state, head, number)
}

/// A write: the fault that it meets is chosen before its body is read.
fn take(mut stream: &TcpStream, state: &Mutex<State>, mut request: Request, number: usize) -> Option<()> {
    let (fault, slow_ms) = {
        let mut state = lock(state);
        let slow = state.slow_ms;
        (state.fault(), state.chance.below(slow + 1))
    };
    if let Some(early) = fault.filter(|fault| fault.is_early()) {
        return early.meet_early(stream, &mut request);
    }
    request.read_body(stream)?;
    std::thread::sleep(Duration::from_millis(slow_ms));
    let answered = {
        let state = &mut *lock(state);
        state.sinks.get_mut(number)?.take(&request, (number, state.poison, state.refusing))
    };
    match fault {
        Some(fault) => fault.meet_late(&mut stream, &answered),
        None => answer(stream, answered.status, &[], &answered.body),
    }
}
