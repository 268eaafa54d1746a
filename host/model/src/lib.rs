//! Nouns and rules of Weighbridge: no clock, no IO, no randomness, no async.
//!
//! Read in this order: [`gate`] says whether a batch may move, [`meter`] holds and settles what it costs, [`mapping`] shapes
//! its records, and the nouns below are what both look at.
#![forbid(unsafe_code)]
#![deny(clippy::float_arithmetic)]

pub mod drift;
pub mod errand;
pub mod failing;
pub mod folder;
pub mod gate;
pub mod meter;

pub mod lines;
pub mod mapping;
pub mod record;

pub mod access;
pub mod audit;
pub mod people;
pub mod problem;

pub mod appetite;
pub mod batch;
pub mod connection;
pub mod customer;
pub mod deletion;
pub mod endpoint;
pub mod event;
pub mod grant;
pub mod hook;
pub mod integration;
pub mod run;
pub mod run_log;
pub mod schedule;
pub mod self_managed;
pub mod service;
pub mod tenant;
pub mod transfer;

pub mod package;
pub mod statement;

mod codes;
pub mod digest;
pub mod histogram;
pub mod id;
pub mod name;
pub mod sealed;
pub mod time;
pub mod trace;
