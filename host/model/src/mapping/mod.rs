//! How a source endpoint's records are shaped for a destination endpoint.
//!
//! A mapping is written as [`Rules`], compiled once into a [`Mapping`], and applied line by line. Values that are only moved
//! keep their bytes: a number never passes through a float. What a record does not say itself (record links, and what a jq
//! expression makes of it) is asked for first ([`Questions`]), for as many records as there are, and given then ([`Answers`]).

mod apply;
mod cast;
mod compile;
mod date;
mod error;
mod expression;
mod filter;
mod known;
mod number;
mod rules;
mod step;
mod value;

pub use apply::Mapped;
pub use compile::{Mapping, MappingError};
pub use error::RecordError;
pub use expression::{EXPRESSION_BYTES_MAX, Expression, ExpressionError, OUTPUT_BYTES_MAX};
pub use known::{Answers, Evaluated, Found, Known, Questions};
pub use rules::{
    AbsentLink, AbsentPart, Cast, Concat, DateFormat, Digits, Filter, Keep, Lookup, NumberFormat, Part, Round, Rule,
    Rules, Split,
};
