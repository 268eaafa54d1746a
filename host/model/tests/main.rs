//! The rules of `model` from outside.
