//! The console: pages for partners' staff, customers' people and operators, made on the server.
//!
//! A page reads by the engine's verbs with the permission of who looks, and its forms carry out operations of the API's one
//! table, so it can do nothing that the API cannot. [`screens`] is the map of addresses.

mod screen;
mod screens;
mod visit;

mod act;
mod assets;
mod cookies;
mod door;
mod download;
mod forged;
mod routes;

mod locale;
mod said;
mod texts;

mod parts;
mod shell;

mod audit;
mod customer;
mod links;
mod me;
mod operator;
mod people;
mod staff;

pub(crate) use door::way_back;
pub(crate) use links::entrance::Entrance;
pub(crate) use links::{connect, over, returned};
pub(crate) use routes::{Console, Manner, is_console};
