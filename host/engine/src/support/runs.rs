//! The last runs, each on a line: ids, how they ended, codes and counts.

use serde_json::{Value, json};
use weighbridge_model::run::Run;
use weighbridge_store::tables::Tenants;
use weighbridge_store::verbs::{RunsBefore, newest_runs};
use weighbridge_store::{CustomerScope, HostScope};

use crate::engine::Host;
use crate::error::EngineError;

/// Tenants whose runs are shown, and runs of each.
const TENANTS_MAX: usize = 100;
const RUNS_MAX: usize = 200;

pub(super) fn text(host: &Host) -> Result<String, EngineError> {
    let mut lines = String::new();
    let tenants = host.store.read(|tx| tx.keys::<Tenants>(HostScope::new(), None, TENANTS_MAX))?;
    for (tenant, ()) in tenants {
        let of = RunsBefore { tenant, customer: None, before: None };
        let found = host.store.read(|tx| newest_runs(tx, of, RUNS_MAX))?;
        for (scope, run) in found.runs {
            lines.push_str(&line(scope, &run).to_string());
            lines.push('\n');
        }
    }
    Ok(lines)
}

/// The message of a failure is a platform's or a connector's, and stays here.
fn line(scope: CustomerScope, run: &Run) -> Value {
    let failure = run.failure.as_ref();
    json!({
        "run": run.id,
        "tenant": scope.tenant_id(),
        "customer": scope.id(),
        "transfer": run.transfer,
        "cause": run.cause,
        "state": run.state,
        "started_at": run.started_at.to_string(),
        "ended_at": run.ended_at.map(|at| at.to_string()),
        "attempts": run.attempts,
        "batches": run.batches,
        "counts": run.counts,
        "refusal": run.refusal.as_ref().map(|refusal| refusal.code.as_str()),
        "failure": failure.map(|failure| failure.code.as_str()),
        "class": failure.map(|failure| failure.class.word()),
    })
}
