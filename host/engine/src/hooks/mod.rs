//! Webhooks come in: to an address that nobody guesses, checked by the connector, kept before they are answered, and moved by
//! the one pipeline as soon as the gate lets them.
//!
//! ```text
//! call → gate → receive → keep (durable) → answer;   inbox → begin → hold → read → weigh → deliver → settle
//! ```

mod receive;

mod inbox;
mod movement;
mod overdue;

mod registration;
mod view;

pub(crate) use inbox::inbox_side;
pub(crate) use receive::Unverified;
pub use receive::{HookCall, HookReply};
pub(crate) use registration::tell_at_once;
pub use view::{HookView, RotatedHook};
