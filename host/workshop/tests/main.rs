//! The workshop on a connector with faults to choose from: each is found, and the sound one passes.

#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in its helpers too")]

mod cassette;
mod live;
mod page;
mod planted;
mod recordings;
mod shop;
mod shopify;
mod tryton;
