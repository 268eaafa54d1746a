//! Runs of all transfers of a customer, or of all customers, and all there is to say of one.

mod control;
mod line;
mod list;
mod said;
mod show;

pub use control::CancelRun;
pub use line::RunLine;
pub use list::{OfCustomers, RunFilter};
pub use said::{LogFilter, LogLineView, RunLogView};
pub use show::{AttemptView, BatchFilter, BatchLine, RunShown};
