//! A declarative REST connector: what it reads and writes is described in the connection's settings.
#![forbid(unsafe_code)]

mod answer;
mod connection;
mod discover;
mod field;
mod overlap;
mod pagination;
mod path;
mod place;
mod read;
mod removal;
mod settings;
mod status;
mod webhook;
mod write;

pub use connection::Rest;

weighbridge_sdk::export_connector!(Rest);
