//! Nouns and rules of Weighbridge: no clock, no IO, no randomness, no async.
