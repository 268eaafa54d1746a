//! What people and programs ask of a host: one table of operations, from which the HTTP routes, `openapi.json` and the verbs of
//! the command line are made. Whatever is in it names its action, and is authorised before it runs.

mod operation;
mod operations;

mod asked;
mod input;

mod authenticate;
mod export;
mod follow;
pub(crate) mod once;
mod openapi;
mod problem;
mod routes;
mod table;

pub use asked::Asked;
pub(crate) use asked::{Placed, permit};
pub(crate) use authenticate::Known;
pub use export::Export;
pub(crate) use export::export;
pub(crate) use follow::Streams;
pub use input::{Parameter, ParameterKind, typed};
pub(crate) use once::Given;
pub use openapi::openapi;
pub use operation::{Audits, Operation};
pub use operations::operations;
pub(crate) use problem::{answer as problem_answer, body as problem_body, status};
pub(crate) use routes::routes;
pub use table::cell;
pub(crate) use table::quoted;
