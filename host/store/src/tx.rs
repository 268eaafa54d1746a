//! What a closure sees: the engine's rows, under what its group and itself have changed.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::engine::{Changes, Rows, Snapshot};
use crate::error::TxError;
use crate::scope::{CustomerScope, HostScope, Scope as _, TenantScope};
use crate::table::{Table, read_key, row_key, scope_key};

/// The most rows that one closure may change.
const ROWS_MAX: usize = 1_000;

/// Keys with what stands under them, in order.
pub type Found<K, R> = Vec<(K, R)>;

/// The same of all customers of a tenant, with whose each is.
pub type FoundOfAll<T> = Found<(CustomerScope, <T as Table>::Key), <T as Table>::Row>;

/// A view of all rows, with the changes of one closure on top. A closure may run twice, and touches nothing else.
pub struct Tx<'a> {
    base: &'a dyn Snapshot,
    group: &'a Changes,
    own: Changes,
    seen: RefCell<BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(base: &'a dyn Snapshot, group: &'a Changes) -> Self {
        Self { base, group, own: Changes::new(), seen: RefCell::default() }
    }

    pub(crate) fn into_changes(self) -> Changes {
        self.own
    }

    /// A row.
    pub fn get<T: Table>(&self, scope: &T::Scope, key: &T::Key) -> Result<Option<T::Row>, TxError> {
        let key = row_key::<T>(scope, key);
        if let Some(change) = self.own.get(&key).or_else(|| self.group.get(&key)) {
            return change.as_deref().map(parse::<T>).transpose();
        }
        if let Some(seen) = self.seen.borrow().get(&key) {
            return seen.as_deref().map(parse::<T>).transpose();
        }
        let found = self.base.get(&key)?;
        let row = found.as_deref().map(parse::<T>).transpose();
        self.seen.borrow_mut().insert(key, found);
        row
    }

    /// A row that must be there.
    pub fn need<T: Table>(&self, scope: &T::Scope, key: &T::Key) -> Result<T::Row, TxError> {
        self.get::<T>(scope, key)?.ok_or(TxError::NotFound(T::NAME))
    }

    /// Writes a row.
    pub fn put<T: Table>(&mut self, scope: &T::Scope, key: &T::Key, row: &T::Row) -> Result<(), TxError> {
        let json = serde_json::to_vec(row).map_err(|source| TxError::Row { table: T::NAME, source })?;
        self.change(row_key::<T>(scope, key), Some(json))
    }

    /// Removes a row, if it is there.
    pub fn remove<T: Table>(&mut self, scope: &T::Scope, key: &T::Key) -> Result<(), TxError> {
        self.change(row_key::<T>(scope, key), None)
    }

    /// Removes a customer's rows of a table that is known by its number only, at most `limit`; answers how many that were.
    pub(crate) fn clear(&mut self, number: u8, scope: CustomerScope, limit: usize) -> Result<usize, TxError> {
        let mut prefix = vec![number];
        scope.write(&mut prefix);
        let rows = self.scan_raw(&prefix, None, limit)?;
        let count = rows.len();
        rows.into_iter().try_for_each(|(key, _)| self.change(key, None))?;
        Ok(count)
    }

    fn change(&mut self, key: Vec<u8>, row: Option<Vec<u8>>) -> Result<(), TxError> {
        self.own.insert(key, row);
        if self.own.len() > ROWS_MAX { Err(TxError::TooManyRows(ROWS_MAX)) } else { Ok(()) }
    }

    /// A scope's rows in the order of their keys, at most `limit`, after `after`.
    pub fn scan<T: Table>(
        &self,
        scope: &T::Scope,
        after: Option<&T::Key>,
        limit: usize,
    ) -> Result<Found<T::Key, T::Row>, TxError> {
        let after = after.map(|key| row_key::<T>(scope, key));
        let rows = self.scan_raw(&scope_key::<T>(scope), after, limit)?;
        let parsed = rows.iter().filter_map(|(key, row)| Some((read_key::<T>(key)?.1, parse::<T>(row))));
        parsed.map(|(key, row)| Ok((key, row?))).collect()
    }

    /// The rows that all customers of a tenant have in a table, at most `limit`, after `after`.
    pub fn scan_tenant<T: Table<Scope = CustomerScope>>(
        &self,
        scope: TenantScope,
        after: Option<&(CustomerScope, T::Key)>,
        limit: usize,
    ) -> Result<FoundOfAll<T>, TxError> {
        let mut prefix = vec![T::NUMBER];
        scope.write(&mut prefix);
        let after = after.map(|(scope, key)| row_key::<T>(scope, key));
        let rows = self.scan_raw(&prefix, after, limit)?;
        let parsed = rows.iter().filter_map(|(key, row)| Some((read_key::<T>(key)?, parse::<T>(row))));
        parsed.map(|(key, row)| Ok((key, row?))).collect()
    }

    /// Whose rows a table holds, for the host: scopes and keys, and no records.
    pub fn keys<T: Table>(
        &self,
        _host: HostScope,
        after: Option<&(T::Scope, T::Key)>,
        limit: usize,
    ) -> Result<Found<T::Scope, T::Key>, TxError> {
        let after = after.map(|(scope, key)| row_key::<T>(scope, key));
        let rows = self.scan_raw(&[T::NUMBER], after, limit)?;
        Ok(rows.iter().filter_map(|(key, _)| read_key::<T>(key)).collect())
    }

    /// Merges the overlays into what the engine has.
    fn scan_raw(&self, prefix: &[u8], after: Option<Vec<u8>>, limit: usize) -> Result<Rows, TxError> {
        let changed = self.group.len() + self.own.len();
        let rows = self.base.scan(prefix, after.as_deref(), limit.saturating_add(changed))?;
        let mut merged: BTreeMap<Vec<u8>, Option<Vec<u8>>> = rows.into_iter().map(|(k, v)| (k, Some(v))).collect();
        for (key, row) in self.group.iter().chain(&self.own) {
            if key.starts_with(prefix) && after.as_ref().is_none_or(|after| key > after) {
                merged.insert(key.clone(), row.clone());
            }
        }
        Ok(merged.into_iter().filter_map(|(key, row)| Some((key, row?))).take(limit).collect())
    }
}

fn parse<T: Table>(row: &[u8]) -> Result<T::Row, TxError> {
    serde_json::from_slice(row).map_err(|source| TxError::Row { table: T::NAME, source })
}
