//! Builds, packages and signs connectors.
//!
//! One verb per file: [`new`](mod@new) writes a scaffold, [`test`](mod@test) runs the author's cases, [`build`](mod@build)
//! makes a signed package, [`keygen`](mod@keygen), [`rotate`](mod@rotate), [`sign`](mod@sign),
//! [`inspect`](mod@inspect) and [`verify`](mod@verify) do what they say. Results are data and progress is a callback; nothing here prints.
#![forbid(unsafe_code)]

pub mod build;
pub mod inspect;
pub mod keygen;
pub mod lint;
pub mod new;
pub mod rotate;
pub mod sign;
pub mod test;
pub mod verify;

mod cargo;
mod component;
mod declared;
mod description;
mod fingerprint;
mod javascript;
mod key_file;
mod language;
mod progress;
mod python;
mod scaffold;
mod tool;
mod toolchain;
mod vendored;

pub use build::{BuildArgs, BuildError, Built, build};
pub use cargo::CargoError;
pub use description::DescriptionError;
pub use inspect::{InspectError, Inspection, inspect};
pub use key_file::{KeyFileError, SecretKey, read_secret_key};
pub use keygen::{KeygenArgs, Keys, keygen};
pub use language::LanguageError;
pub use lint::{Remark, lint};
pub use new::{Language, NewArgs, NewError, Pattern, new};
pub use progress::{Progress, Step};
pub use rotate::{RotateArgs, RotateError, rotate};
pub use sign::{SignArgs, SignError, Signed, sign};
pub use test::{TestArgs, TestError, Tested, test};
pub use toolchain::ToolchainError;
pub use verify::{VerifyError, verify};

/// The target connectors are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The version of the contract that this forge builds for.
pub const CONTRACT: &str = "0.1.0";

/// The Rust of the authors' book is tried here, since a copy of the SDK goes along without the book.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../docs/src/cookbook.md")]
    struct Cookbook;
    #[doc = include_str!("../../docs/src/operating.md")]
    struct Operating;
    #[doc = include_str!("../../docs/src/testing.md")]
    struct Testing;
}
