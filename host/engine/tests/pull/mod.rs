//! What third parties pull: pages of live data through the one pipeline, each billed once.

mod access;
mod again;
mod billing;
mod crash;
pub mod desk;
mod gate;
mod pace;
mod pages;
mod people;
mod since;
pub mod source;
mod sweep;
mod together;
