//! The forge, verb by verb.

mod build;
mod keygen;
mod new;
mod sign;
