//! The rules of `model` from outside.

mod package;
