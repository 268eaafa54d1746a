//! What partners do all day, through a running host.

mod customers;
mod people;
mod self_managed;
