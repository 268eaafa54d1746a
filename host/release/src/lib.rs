//! Makes a release that is installed without a network: the binary, the signed connectors, what was linked into them under which
//! licences, digests, a signature, and the same as a Debian package.
//!
//! [`make`] does all of it; [`verify`] looks at what came out as a stranger does. What stands where is in `layout`.
#![forbid(unsafe_code)]

mod archive;
mod binary;
mod cargo;
mod connectors;
mod debian;
mod elf;
mod error;
mod files;
mod key;
mod layout;
mod licences;
mod linked;
mod make;
mod materials;
mod sums;
mod verify;

pub use error::ReleaseError;
pub use make::{Made, Packed, ReleaseArgs, make};
pub use verify::verify;
