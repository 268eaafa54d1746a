//! The rules of `store` from outside.
