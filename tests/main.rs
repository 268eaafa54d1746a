//! One binary for every test that needs more than one room.

mod crash;
mod hostile;
mod platforms;
mod stories;
mod town;
