//! What third parties pull: pages of live data through the one pipeline, each billed once.

mod access;
mod again;
mod billing;
mod crash;
mod desk;
mod gate;
mod pace;
mod pages;
mod people;
mod since;
mod source;
mod sweep;
mod together;
