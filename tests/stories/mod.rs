//! What people do with the binary, as stories.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod along;
mod author;
mod backup;
mod bad_input;
mod begins;
mod beside_a_host;
mod callback;
mod completions;
mod configuration;
mod declared;
mod dev;
mod figures;
pub(crate) mod folders;
mod gone;
pub mod installed;
mod keys;
mod languages;
pub(crate) mod main_job;
mod managed;
mod mappings;
mod planned;
mod proxy;
mod rate_limit;
mod recorded;
mod rejections;
mod reload;
mod secrets;
mod sign_in;
mod support;
pub mod traces;
mod versions;
pub(crate) mod webhooks;
