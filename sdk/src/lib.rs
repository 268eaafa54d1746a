//! Write a Weighbridge connector: one trait, honest defaults.
