//! One binary for every test that needs more than one room.

mod access;
mod accounts;
mod canary;
mod console;
mod contracts;
mod crash;
mod hostile;
mod kept;
mod pages;
mod platforms;
mod pull;
mod stories;
mod strangers;
mod tidy;
mod town;
mod trust;
