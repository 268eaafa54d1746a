//! The key ring: seals and unseals what people and platforms wrote.
//!
//! Every owner has a data key; the ring holds them, wrapped by a master key, in a file outside the store and its backups, so
//! that destroying a key is what deletion means. Randomness and the time are arguments; only an export
//! draws its own, as HPKE does.
#![forbid(unsafe_code)]

mod export;
mod file;
mod key_file;
mod mac;
mod master;
mod password;
mod ring;
mod rotate;
mod seal;

pub use export::{ExportError, ExportNote, RecoveryPublic, RecoverySecret, recovery_pair};
pub use file::RingFileError;
pub use mac::hmac;
pub use master::{MasterError, MasterFile, MasterSource, Passphrase};
pub use password::PasswordMark;
pub use ring::{Birth, Destroyed, KeyRing, Owner, RingError};
pub use rotate::{RingStatus, RotateTo};
pub use seal::{Field, UnsealError};
