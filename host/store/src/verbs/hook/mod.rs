//! What platforms tell by webhooks, from the gate before it to the end of its wait.

mod gate;
mod keep;
mod pass;

pub use gate::{HookGate, hook_gate};
pub use keep::{Kept, NewDelivery, keep_deliveries};
pub use pass::{Overdue, OverdueStep, forget_hook, give_up, pass_deliveries};
