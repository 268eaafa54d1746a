//! What a third party asks: who it is, when it may begin, and for pages of the customer's live data.
//!
//! [`Engine::authenticate`](crate::Engine::authenticate) makes a [`Caller`], without which nothing is asked. A page is read by
//! the pipeline, in `pipeline/pull.rs`; here stand its cursors, its pace, and what is dropped when it is over.

mod admit;
mod authenticate;
mod callers;
mod cursor;
mod error;
mod guide;
mod page;
mod ping;
mod records;
mod shelf;
mod sweep;

pub use authenticate::Caller;
pub(crate) use callers::Callers;
pub use error::PullError;
pub(crate) use guide::Streams;
pub use guide::{PullEndpoint, PullGuide};
pub use page::{PulledLine, PulledPage};
pub use ping::Ping;
pub use records::PullRequest;
pub(crate) use shelf::Shelf;
