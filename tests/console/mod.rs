//! What people do in a browser: a host with a believable partner in it, a browser that goes there, and what it is looked at with.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a page that cannot be tried is a failed test, and who opens it reads where it stands"
)]

mod account;
mod again;
mod audit;
mod browser;
mod caretaker;
mod crawl;
mod customers;
mod drift;
mod endpoints;
mod events;
mod forged;
mod in_doubt;
mod links;
mod looks;
mod mappings;
mod markup;
mod operators;
mod overfed;
mod own_host;
mod people;
mod renamed;
mod runs;
mod seeded;
mod services;
mod sign_in;
mod sync;
mod systems;
mod transfers;
mod usage;
