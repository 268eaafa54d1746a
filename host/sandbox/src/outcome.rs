//! Every way in which a call of a guest can go other than well.

use serde::{Deserialize, Serialize};
use weighbridge_model::run::FailureClass;

use crate::bindings::weighbridge::connector::types;
use crate::clip::clip;
use crate::state::Breach;

const CODE_BYTES: usize = 128;
const MESSAGE_BYTES: usize = 4 * 1024;

/// A call that gave no value. Neither case is an error of the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The connector says what went wrong. The guest lives on.
    #[error("{0}")]
    Failure(Failure),
    /// The host stopped the guest. Every later call answers the same.
    #[error("{0}")]
    Stopped(Stopped),
}

impl Ended {
    /// What kind of end it was, without a word of the connector's: it may have a record in it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Failure(failure) => failure.class.word(),
            Self::Stopped(stopped) => stopped.stop.code(),
        }
    }
}

impl From<Stopped> for Ended {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

/// A failure in the connector's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message} ({code})")]
pub struct Failure {
    /// What the host should do about it.
    pub class: FailureClass,
    /// Stable, and the connector's own.
    pub code: String,
    /// For a person.
    pub message: String,
    /// When it is worth asking again.
    pub retry_after_ms: Option<u64>,
}

/// How the host stopped a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{} ({})", self.message, self.stop.code())]
pub struct Stopped {
    /// Which rule was broken.
    pub stop: Stop,
    /// What happened, for a person.
    pub message: String,
}

impl Stopped {
    pub(crate) fn new(stop: Stop, message: impl Into<String>) -> Self {
        Self { stop, message: clip(message.into(), MESSAGE_BYTES) }
    }

    /// The sentence of the code alone.
    pub(crate) fn plain(stop: Stop) -> Self {
        Self::new(stop, stop.sentence())
    }
}

macro_rules! stops {
    ($($case:ident $code:literal $sentence:literal $next:literal)+) => {
        /// Every rule that ends a guest, with its stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Stop { $(#[doc = $sentence] $case,)+ }

        impl Stop {
            /// Every case, in order.
            pub const ALL: &[Self] = &[$(Self::$case,)+];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$case => $code,)+ }
            }

            /// What happened, for the person who sees it.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$case => $sentence,)+ }
            }

            /// What to do next.
            pub const fn next_step(self) -> &'static str {
                match self { $(Self::$case => $next,)+ }
            }
        }
    };
}

stops! {
    Trapped "connector.trapped" "The connector crashed."
        "Look at its log lines, and send them to the connector's author."
    CpuExhausted "connector.cpu_exhausted" "The connector computed for longer than a call may."
        "Ask for smaller pages, or raise the CPU time that the operator allows."
    DeadlinePassed "connector.deadline_passed" "The connector did not answer within the time of a call."
        "See whether the platform answers at all; then raise the time that the operator allows."
    MemoryExhausted "connector.memory_exhausted" "The connector wanted more memory than it may have."
        "Ask for smaller pages, or raise the memory that the operator allows."
    TableTooLarge "connector.table_too_large" "The connector wanted a larger table than it may have."
        "Send this to the connector's author."
    HandlesExhausted "connector.handles_exhausted" "The connector keeps too many things open at once."
        "Send this to the connector's author: responses must be dropped when they are read."
    AnswerTooLarge "connector.answer_too_large" "The connector handed over more bytes than one call may carry."
        "Ask for smaller pages, or send this to the connector's author."
    TextInvalid "connector.text_invalid" "The connector handed over a text that is not UTF-8."
        "Send this to the connector's author."
    Cancelled "connector.cancelled" "The call was given up before it was answered."
        "Nothing; the next attempt begins with a new guest."
    NotOpen "connector.not_open" "The connector was asked before its stream was opened."
        "This is a fault of the host; report it."
    PageTooLarge "connector.page_too_large" "A page is larger than was asked for."
        "Send this to the connector's author."
    PageTooLong "connector.page_too_long" "A page holds more records than were asked for."
        "Send this to the connector's author."
    LineUnended "connector.line_unended" "The last record of a page is not ended by a line feed."
        "Send this to the connector's author."
    Utf8Invalid "connector.utf8_invalid" "A record is not UTF-8."
        "Send this to the connector's author: it must transcode what the platform sends."
    JsonInvalid "connector.json_invalid" "A record is not one JSON object."
        "Send this to the connector's author."
    NulRefused "connector.nul_refused" "A record contains the character U+0000, which no store keeps."
        "Remove the character at the platform, or let the connector leave it out."
    RemovedWithoutKey "connector.removed_without_key" "A page removes records of a stream that has no primary key."
        "Send this to the connector's author."
    CursorFell "connector.cursor_fell" "Records came out of the order of their declared cursor field."
        "Send this to the connector's author; an incremental run would lose records."
    CheckpointMissing "connector.checkpoint_missing" "A batch reached its limit before a checkpoint came."
        "Allow larger batches for this transfer, or send this to the connector's author."
    CheckpointRepeated "connector.checkpoint_repeated" "The connector says that there is more, but stays where it was."
        "Send this to the connector's author."
    ReaderStuck "connector.reader_stuck" "The connector says that there is more, and gives nothing again and again."
        "Send this to the connector's author: a page without records needs a new checkpoint, or a time to wait."
    CheckpointTooLarge "connector.checkpoint_too_large" "A checkpoint is larger than the host keeps."
        "Send this to the connector's author."
    ReceiptTooLarge "connector.receipt_too_large" "A receipt takes more lines than were given."
        "Send this to the connector's author."
    ReceiptStuck "connector.receipt_stuck" "A receipt takes nothing and does not say how long to wait."
        "Send this to the connector's author."
    RejectionOutside "connector.rejection_outside" "A receipt rejects a line that it did not take."
        "Send this to the connector's author."
    RejectionRepeated "connector.rejection_repeated" "A receipt rejects one line twice."
        "Send this to the connector's author."
    AssignedOutside "connector.assigned_outside" "A receipt gives an id to a line that it did not take."
        "Send this to the connector's author."
    AssignedRepeated "connector.assigned_repeated" "A receipt gives two ids to one line."
        "Send this to the connector's author."
}

/// Names what ended a call inside the engine.
pub(crate) fn classify(error: &wasmtime::Error) -> Stopped {
    if let Some(breach) = error.downcast_ref::<Breach>() {
        return Stopped::plain(breach_stop(*breach));
    }
    if error.downcast_ref::<std::str::Utf8Error>().is_some() {
        return Stopped::plain(Stop::TextInvalid);
    }
    if error.downcast_ref::<wasmtime::component::ResourceTableError>().is_some() {
        return Stopped::plain(Stop::HandlesExhausted);
    }
    if matches!(error.downcast_ref(), Some(wasmtime::Trap::OutOfFuel)) {
        return Stopped::plain(Stop::CpuExhausted);
    }
    let text = format!("{:#}", error.root_cause());
    let stop = engine_stop(&text);
    let sentence = stop.sentence();
    Stopped::new(stop, format!("{sentence} {text}"))
}

fn breach_stop(breach: Breach) -> Stop {
    match breach {
        Breach::Cpu => Stop::CpuExhausted,
        Breach::Memory => Stop::MemoryExhausted,
        Breach::Table => Stop::TableTooLarge,
    }
}

/// The engine has no types for these two, only words; a hostile guest in the tests holds each to them.
fn engine_stop(text: &str) -> Stop {
    if text.contains("fuel allocated for hostcalls") {
        Stop::AnswerTooLarge
    } else if text.contains("handle limit exceeded") {
        Stop::HandlesExhausted
    } else {
        Stop::Trapped
    }
}

impl From<types::Failure> for Failure {
    fn from(failure: types::Failure) -> Self {
        Self {
            class: class(failure.class),
            code: clip(failure.code, CODE_BYTES),
            message: clip(failure.message, MESSAGE_BYTES),
            retry_after_ms: failure.retry_after_ms,
        }
    }
}

fn class(class: types::FailureClass) -> FailureClass {
    match class {
        types::FailureClass::Config => FailureClass::Config,
        types::FailureClass::Auth => FailureClass::Auth,
        types::FailureClass::RateLimited => FailureClass::RateLimited,
        types::FailureClass::Transient => FailureClass::Transient,
        types::FailureClass::System => FailureClass::System,
        types::FailureClass::Denied => FailureClass::Denied,
        types::FailureClass::Cancelled => FailureClass::Cancelled,
        types::FailureClass::Unsupported => FailureClass::Unsupported,
    }
}
