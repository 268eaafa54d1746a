//! The only room that runs foreign code.
