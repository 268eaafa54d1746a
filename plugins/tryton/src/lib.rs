//! A connector for the Tryton ERP (series 8 and later).
#![forbid(unsafe_code)]

mod connection;
mod instant;
mod place;
mod read;
mod rpc;
mod stream;
mod write;

pub use connection::Tryton;

weighbridge_sdk::export_connector!(Tryton);
