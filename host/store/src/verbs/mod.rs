//! What happens to a transfer, one transaction a verb: these are the only places where the ledger changes.

mod ahead;
mod along;
mod append_audit;
mod begin;
mod check;
mod dispatch;
mod end;
mod extend;
mod fire;
mod forget;
mod grant;
mod grow;
mod hook;
mod ledger;
mod need_sign_in;
mod newest_runs;
mod note_denial;
mod pull;
mod raise;
mod release;
mod replay;
mod route;
mod schedule;
mod settle;
mod trial;
mod write_off;

pub use ahead::hold_ahead;
pub use append_audit::append_audit;
pub use begin::{Begun, Held, Intent, begin, open_run, reserve_first};
pub use check::{Imbalance, check_ledger};
pub use dispatch::dispatch;
pub use end::{AttemptEnd, Ending, end};
pub use extend::extend;
pub use fire::{Fired, fire};
pub use forget::{FullBatches, close_logins, empty_audit, empty_batches, forget_where, full_batches, sweep};
pub use grant::{
    GrantOf, Pair, Spent, begin_renewal, drop_tokens, end_renewal, give_grant, grant_in, keep_renewed, spend_sign_in,
};
pub use grow::{Grown, keep_found};
pub use hook::{
    HookGate, Kept, NewDelivery, Overdue, OverdueStep, forget_hook, give_up, hook_gate, keep_deliveries,
    pass_deliveries,
};
pub use need_sign_in::need_sign_in;
pub(crate) use newest_runs::list_run;
pub use newest_runs::{
    NewestRuns, OldRuns, RunsBefore, forget_old_runs, forget_runs, newest_runs, newest_runs_of, run_of_customer,
};
pub use note_denial::note_denial;
pub use pull::{
    PullAsk, PullBegun, PullFrom, PullSettled, StalePages, abandon_pull, begin_pull, drop_pages, find_pull,
    forget_pull, is_unfinished, settle_pull, stale_pages,
};
pub use raise::{EVERY_ADDRESS, keep_event, raise, raise_connected, raise_suspended};
pub use replay::{line_up, waiting};
pub use route::{Movement, Route, RouteDestination, RoutePull, RouteSide, gather, gather_pull};
pub use schedule::{Pause, set_schedule};
pub use settle::{Delivered, NewLink, Next, Then, settle};
pub use trial::{begin_trial, end_trial, is_open_trial};
pub use write_off::{WriteOffError, write_off, write_off_in};
