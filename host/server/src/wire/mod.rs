//! What comes over a connection, looked at before it is parsed: a request that two servers could read in two ways is read by
//! none.

mod guard;
mod head;
mod refused;

pub(crate) use guard::Guard;
pub(crate) use refused::{is_refused, refused};
