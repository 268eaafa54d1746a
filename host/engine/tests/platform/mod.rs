//! A shop and a warehouse that are part of the program, and a house to try them in.

mod house;
mod shop;
mod warehouse;

pub use house::House;
pub use shop::Shop;
pub use warehouse::{Fault, Warehouse};
