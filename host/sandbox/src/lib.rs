//! The only room that runs foreign code.
//!
//! [`Sandbox::load`] turns a verified package into a [`Connector`], compiled once; [`Sandbox::start`] makes one [`Guest`]
//! of it for one attempt and one side. All that a guest can ask is [`Answers`]; every way it can end is a [`Stop`].

mod answers;
mod artefact;
mod bindings;
mod clip;
mod compile;
mod connector;
mod cpu;
mod engine;
mod expression;
mod guest;
mod imports;
mod interfaces;
mod limits;
mod lines;
mod memory;
mod outcome;
mod page;
mod process;
mod receipt;
mod sandbox;
mod state;
mod stdio;
mod ticker;
mod trial;

pub use answers::{
    Answer, Answers, FileAnswer, FileEntry, FileRefusal, HttpHead, HttpRefusal, HttpRequest, Listing, NamedFile,
    Progress, SignRequest, VerifyRequest,
};
pub use artefact::{ArtefactError, ArtefactStore};
pub use compile::{ChildExit, Compile, CompileChild, CompileError, CompileLimits, compile_artefact};
pub use connector::{Connector, LoadError};
pub use expression::{ExpressionChild, ExpressionFailure, ExpressionLimits, Expressions, evaluate_expressions};
pub use guest::{Delivery, Guest, Hook, HookAnswer, Lifecycle, ReadRequest, Used, WriteRequest};
pub use limits::Limits;
pub use lines::check as check_lines;
pub use outcome::{Ended, Failure, Stop, Stopped};
pub use page::{Page, PageCheck};
pub use receipt::{Assigned, Receipt, Rejection};
pub use sandbox::{Sandbox, SandboxError, Settings, StartError};
pub use trial::TrialError;
pub use weighbridge_model::run::FailureClass;
pub use weighbridge_model::run_log::LogLevel;
pub use weighbridge_model::transfer::{SyncMode, WriteMode};
