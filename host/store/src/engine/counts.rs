//! How many rows there are by the first byte of their keys, kept in the commit that changes them: nobody walks a large table
//! to say how large it is.

use std::collections::BTreeMap;

use redb::{
    Database, ReadOnlyTable, ReadTransaction, ReadableDatabase as _, ReadableTable, ReadableTableMetadata as _,
    TableDefinition, TableError, WriteTransaction,
};

use super::file::{ROWS, engine};
use super::{Counts, EngineError};

const COUNTS: TableDefinition<'static, u8, u64> = TableDefinition::new("counts");

/// By how much a commit changes the counts.
#[derive(Debug, Default)]
pub(super) struct Shift(BTreeMap<u8, i64>);

impl Shift {
    /// A row stands under this key, or none does any more.
    pub(super) fn note(&mut self, key: &[u8], was_there: bool, is_there: bool) {
        if was_there != is_there {
            *self.0.entry(first(key)).or_default() += if is_there { 1 } else { -1 };
        }
    }

    /// Writes the counts as they are after the commit.
    pub(super) fn write(&self, transaction: &WriteTransaction) -> Result<(), EngineError> {
        let changed = self.0.iter().filter(|(_, by)| **by != 0);
        let mut counts = None;
        for (number, by) in changed {
            let counts = match &mut counts {
                Some(counts) => counts,
                None => counts.insert(transaction.open_table(COUNTS).map_err(engine)?),
            };
            let before = counts.get(number).map_err(engine)?.map_or(0, |count| count.value());
            counts.insert(number, before.saturating_add_signed(*by)).map_err(engine)?;
        }
        Ok(())
    }
}

fn first(key: &[u8]) -> u8 {
    key.first().copied().unwrap_or_default()
}

/// The counts of one view of the file; where none were ever kept, its rows are walked.
pub(super) fn read(transaction: &ReadTransaction) -> Result<Counts, EngineError> {
    match transaction.open_table(COUNTS) {
        Ok(counts) => kept(&counts),
        Err(TableError::TableDoesNotExist(_)) => walk(rows(transaction)?.as_ref()),
        Err(error) => Err(engine(error)),
    }
}

/// Counts anew where the counts do not add up to the rows there are: a version that keeps none wrote the file.
pub(super) fn mend(database: &Database) -> Result<(), EngineError> {
    let transaction = database.begin_read().map_err(engine)?;
    let rows = rows(&transaction)?;
    let there = rows.as_ref().map_or(Ok(0), |rows| rows.len()).map_err(engine)?;
    let kept = match transaction.open_table(COUNTS) {
        Ok(counts) => kept(&counts)?,
        Err(TableError::TableDoesNotExist(_)) => Counts::new(),
        Err(error) => return Err(engine(error)),
    };
    if kept.values().sum::<u64>() == there {
        return Ok(());
    }
    let counted = walk(rows.as_ref())?;
    let mut transaction = database.begin_write().map_err(engine)?;
    transaction.set_quick_repair(true);
    {
        let mut counts = transaction.open_table(COUNTS).map_err(engine)?;
        counts.retain(|_, _| false).map_err(engine)?;
        for (number, count) in &counted {
            counts.insert(number, count).map_err(engine)?;
        }
    }
    transaction.commit().map_err(engine)
}

type Rows = ReadOnlyTable<&'static [u8], &'static [u8]>;

fn rows(transaction: &ReadTransaction) -> Result<Option<Rows>, EngineError> {
    match transaction.open_table(ROWS) {
        Ok(rows) => Ok(Some(rows)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(engine(error)),
    }
}

fn kept(counts: &impl ReadableTable<u8, u64>) -> Result<Counts, EngineError> {
    let counts = counts.iter().map_err(engine)?;
    counts.map(|count| count.map(|(number, count)| (number.value(), count.value())).map_err(engine)).collect()
}

fn walk(rows: Option<&Rows>) -> Result<Counts, EngineError> {
    let mut counted = Counts::new();
    for row in rows.map(|rows| rows.iter()).transpose().map_err(engine)?.into_iter().flatten() {
        *counted.entry(first(row.map_err(engine)?.0.value())).or_default() += 1;
    }
    Ok(counted)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use redb::{Builder, ReadableDatabase as _};

    use super::super::{Changes, Engine as _, FileEngine, FileSettings};
    use super::*;

    fn open(path: &Path) -> FileEngine {
        FileEngine::open(path, FileSettings::default()).unwrap()
    }

    fn with_rows(path: &Path, keys: &[&[u8]]) -> FileEngine {
        let file = open(path);
        file.apply(keys.iter().map(|key| (key.to_vec(), Some(vec![1]))).collect::<Changes>()).unwrap();
        file
    }

    #[test]
    fn counts_that_are_missing_or_do_not_add_up_are_made_anew_when_the_file_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.redb");
        with_rows(&path, &[b"a1", b"a2", b"b1"]).close().unwrap();
        for harm in [None, Some(40)] {
            let database = Builder::new().open(&path).unwrap();
            let transaction = database.begin_write().unwrap();
            match harm {
                None => assert!(transaction.delete_table(COUNTS).unwrap()),
                Some(count) => drop(transaction.open_table(COUNTS).unwrap().insert(b'a', count).unwrap()),
            }
            transaction.commit().unwrap();
            drop(database);
            let file = open(&path);
            assert_eq!(file.counts().unwrap(), Counts::from([(b'a', 2), (b'b', 1)]), "{harm:?}");
            file.close().unwrap();
        }
    }

    #[test]
    fn counts_that_add_up_are_let_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.redb");
        with_rows(&path, &[b"a1", b"b1"]).close().unwrap();
        let database = Builder::new().open(&path).unwrap();
        let before = database.begin_read().unwrap().open_table(COUNTS).unwrap().len().unwrap();
        mend(&database).unwrap();
        assert_eq!(database.begin_read().unwrap().open_table(COUNTS).unwrap().len().unwrap(), before);
    }
}
