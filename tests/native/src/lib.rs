//! A shop and a warehouse that are part of the program, and a house to try them in.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in what it sets up too")]

mod hands;
mod hold;
mod house;
mod shop;
mod strike;
mod told;
mod warehouse;

pub use hands::Hands;
pub use hold::Hold;
pub use house::House;
pub use shop::Shop;
pub use strike::Strike;
pub use told::{own_call, standard_call};
pub use warehouse::{Fault, Stock, Warehouse};
