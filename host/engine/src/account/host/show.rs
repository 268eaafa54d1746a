//! How the host is, on one page.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::HostId;
use weighbridge_model::problem::Problem;
use weighbridge_store::tables::{Hosts, Progresses, Unfinished};
use weighbridge_store::{FORMAT, HostScope, Tx};

use crate::account::At;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::reload::Reloaded;

/// How the host is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HostView {
    /// Whether an operator froze everything.
    pub frozen: bool,
    /// Which host this is: one that is restored from a backup is another one.
    pub id: Option<HostId>,
    /// The instant that the backup showed which it was restored from; none where it was not.
    pub restored_as_of: Option<At>,
    /// The version of this program.
    pub version: String,
    /// The version of the store's rows.
    pub format: u32,
    /// What came of reading its configuration again; none where this process has not done that.
    pub reloaded: Option<Reloaded>,
    /// Where browsers reach it; none where this process serves nobody, and then all that it counts is of this process.
    pub public_address: Option<String>,
    /// Since when this process has had the data folder open.
    pub since: At,
    /// For so many seconds.
    pub uptime_s: u64,
    /// The size of the store's file; none where it is no file.
    pub store_bytes: Option<u64>,
    /// Runs that have not ended.
    pub runs_unfinished: u64,
    /// Batches whose hold still counts.
    pub batches_open: u64,
    /// Those of them that nobody is at work on: something of them may have arrived.
    pub batches_in_doubt: u64,
    /// Invariants found broken since then; anything but 0 is a fault of this program.
    pub invariant_violations: u64,
    /// The version of the master key.
    pub master_version: u32,
    /// When that was made.
    pub master_since: At,
    /// How many data keys it wraps: the host's own, tenants' and customers'.
    pub data_keys: u64,
}

/// The most unfinished transfers that are counted.
const UNFINISHED_MAX: usize = 100_000;

impl Engine {
    /// How this host is.
    pub fn host_view(&self, _may: &Permission<kinds::HostRead>) -> Result<HostView, Problem> {
        let host = HostScope::new();
        let (now, since) = (self.host.now(), self.host.opened_at);
        let read = |tx: &Tx<'_>| {
            let mut counts = (0, 0);
            for (_, (tenant, customer, transfer)) in tx.keys::<Unfinished>(host, None, UNFINISHED_MAX)? {
                let scope = host.tenant(tenant).customer(customer);
                let progress = tx.get::<Progresses>(&scope, &transfer)?.unwrap_or_default();
                counts.0 += u64::from(progress.run.is_some());
                counts.1 += u64::from(progress.open.is_some());
            }
            Ok((tx.get::<Hosts>(&host, &())?, counts))
        };
        let (row, (runs_unfinished, batches_open)) = self.host.store.read(read).map_err(EngineError::from)?;
        let ring = self.key_status();
        Ok(HostView {
            frozen: row.as_ref().is_some_and(|row| row.frozen),
            id: row.as_ref().and_then(|row| row.host),
            restored_as_of: row.and_then(|row| row.restored).map(|from| At(from.taken_at)),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            format: FORMAT,
            reloaded: self.host.reloads.last(),
            public_address: self.public_address().map(str::to_owned),
            since: At(since),
            uptime_s: now.as_millis().saturating_sub(since.as_millis()).max(0).unsigned_abs() / 1_000,
            store_bytes: std::fs::metadata(&self.host.store_path).ok().map(|file| file.len()),
            runs_unfinished,
            batches_open,
            batches_in_doubt: self.doubts(|_| true)?.len() as u64,
            invariant_violations: self.counters().tally().violated(),
            master_version: ring.version,
            master_since: At(ring.since),
            data_keys: (1 + ring.tenants + ring.customers) as u64,
        })
    }
}
