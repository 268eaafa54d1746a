//! A connector for drop folders: what lies in them, and what is put there, is described in the connection's settings.
#![forbid(unsafe_code)]

mod body;
mod connection;
mod content;
mod csv;
mod discover;
mod encoding;
mod file;
mod filing;
mod json;
mod packed;
mod pattern;
mod place;
mod read;
mod render;
mod settings;
mod write;

pub use connection::Folders;

weighbridge_sdk::export_connector!(Folders);
