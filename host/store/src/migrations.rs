//! From one format of the rows to the next, in steps that may be cut off anywhere.
//!
//! The first step says the new format, so that an older version refuses the file from then on; the host's row remembers how far
//! the rows have come until the last step is done. A migration that was cut off begins again at its first row, so every
//! step may be done twice.

use crate::chain::link;
use crate::engine::{Changes, Engine};
use crate::error::{OpenError, TxError};
use crate::format::FORMAT;
use crate::scope::HostScope;
use crate::table::{read_key, row_key};
use crate::tables::{Entries, HostRow, Hosts, LedgerHeads, Runs};
use crate::tx::Tx;
use crate::verbs::list_run;

/// What brings rows to the next format.
pub(crate) struct Migration {
    /// What is different in it.
    what: &'static str,
    step: Step,
}

/// Changes some of the rows that come after a key; answers where to go on, and nothing after the last one.
type Step = fn(&mut Tx<'_>, Option<&[u8]>) -> Result<Option<Vec<u8>>, TxError>;

/// Every one of them, in order: the first leads from format 1 to 2. One that was released is never changed.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { what: "runs are listed by customer and by tenant", step: list_runs },
    Migration { what: "entries of the ledger are links of a chain", step: chain_entries },
];

/// So many rows are looked at in one transaction.
const STEP: usize = 300;

/// Brings all rows to the present format.
pub(crate) fn carry_out(engine: &dyn Engine, row: HostRow) -> Result<(), OpenError> {
    let from = row.rows_format();
    tracing::info!(from, to = FORMAT, "the rows of the store are brought to another format");
    note(engine, Some(from))?;
    let todo = MIGRATIONS.iter().zip(2..).filter(|(_, to)| *to > from);
    for (migration, to) in todo {
        let mut after = None;
        loop {
            let next = transact(engine, |tx| (migration.step)(tx, after.as_deref()))?;
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        note(engine, (to < FORMAT).then_some(to))?;
        tracing::info!(format = to, what = migration.what, "the rows have this format");
    }
    Ok(())
}

/// Notes how far the rows have come.
fn note(engine: &dyn Engine, upgraded_from: Option<u32>) -> Result<(), OpenError> {
    transact(engine, |tx| {
        let row = tx.need::<Hosts>(&HostScope::new(), &())?;
        tx.put::<Hosts>(&HostScope::new(), &(), &HostRow { format: FORMAT, upgraded_from, ..row })
    })
}

fn transact<T>(engine: &dyn Engine, act: impl FnOnce(&mut Tx<'_>) -> Result<T, TxError>) -> Result<T, OpenError> {
    let (snapshot, group) = (engine.snapshot()?, Changes::new());
    let mut tx = Tx::new(&*snapshot, &group);
    let done = act(&mut tx)?;
    let changes = tx.into_changes();
    drop(snapshot);
    engine.apply(changes)?;
    Ok(done)
}

/// Before, whoever wanted the newest runs of a customer read all its transfers.
fn list_runs(tx: &mut Tx<'_>, after: Option<&[u8]>) -> Result<Option<Vec<u8>>, TxError> {
    let after = after.and_then(read_key::<Runs>);
    let step = tx.keys::<Runs>(HostScope::new(), after.as_ref(), STEP)?;
    step.iter().try_for_each(|(scope, (transfer, run))| list_run(tx, *scope, *transfer, *run))?;
    let last = step.last().filter(|_| step.len() == STEP);
    Ok(last.map(|(scope, key)| row_key::<Runs>(scope, key)))
}

/// Before, an entry that was changed showed only where a balance was not its sum. Done again, it writes the same links.
fn chain_entries(tx: &mut Tx<'_>, after: Option<&[u8]>) -> Result<Option<Vec<u8>>, TxError> {
    if after.is_none() {
        tx.remove::<LedgerHeads>(&HostScope::new(), &())?;
    }
    let after = after.and_then(read_key::<Entries>);
    let step = tx.keys::<Entries>(HostScope::new(), after.as_ref(), STEP)?;
    let Some((scope, key)) = step.last() else { return Ok(None) };
    link(tx, &step)?;
    Ok((step.len() == STEP).then(|| row_key::<Entries>(scope, key)))
}
