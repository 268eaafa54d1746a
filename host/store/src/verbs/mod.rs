//! What happens to a transfer, one transaction a verb: these are the only places where the ledger changes.

mod append_audit;
mod begin;
mod check;
mod dispatch;
mod end;
mod extend;
mod forget;
mod grant;
mod ledger;
mod need_sign_in;
mod newest_runs;
mod note_denial;
mod pull;
mod release;
mod route;
mod schedule;
mod settle;
mod write_off;

pub use append_audit::append_audit;
pub use begin::{Begun, Held, Intent, begin, reserve_first};
pub use check::{Imbalance, check_ledger};
pub use dispatch::dispatch;
pub use end::{AttemptEnd, Ending, end};
pub use extend::extend;
pub use forget::{FullBatches, close_logins, empty_audit, empty_batches, forget_where, full_batches, sweep};
pub use grant::{
    GrantOf, Pair, Spent, begin_renewal, drop_tokens, end_renewal, give_grant, grant_in, keep_renewed, spend_sign_in,
};
pub use need_sign_in::need_sign_in;
pub use newest_runs::{
    NewestRuns, RunsBefore, forget_runs, list_old_runs, newest_runs, newest_runs_of, run_of_customer,
};
pub use note_denial::note_denial;
pub use pull::{
    PullAsk, PullBegun, PullFrom, PullSettled, StalePages, abandon_pull, begin_pull, drop_pages, find_pull,
    forget_pull, is_unfinished, settle_pull, stale_pages,
};
pub use route::{Movement, Route, RouteDestination, RoutePull, RouteSide, gather, gather_pull};
pub use schedule::{fire, set_schedule};
pub use settle::{Delivered, NewLink, Next, Then, settle};
pub use write_off::{WriteOffError, write_off};
