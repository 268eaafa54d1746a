//! The rules of `engine` from outside.
