//! A host made of a script, so that a connector is tested natively and without its platform.

mod folders;
pub mod imports;
mod script;
mod walk;

pub use script::{Scripted, ScriptedHost, Sent};
pub use walk::{read_all, read_from, remove, write};
