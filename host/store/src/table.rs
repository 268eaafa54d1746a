//! A typed table: whose rows, under which keys.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::key::KeyPart;
use crate::scope::Scope;

/// A typed table. Keys are its number, the scope, and the key, so that a scope's rows stand together.
pub trait Table {
    /// Its name, for people and for SQL.
    const NAME: &'static str;
    /// Its number, the first byte of its keys; never used again for another table.
    const NUMBER: u8;
    /// Whose rows.
    type Scope: Scope;
    /// What names a row in its scope.
    type Key: KeyPart;
    /// The row, as JSON with defaults.
    type Row: Serialize + DeserializeOwned;
}

/// The bytes that a row stands under.
pub(crate) fn row_key<T: Table>(scope: &T::Scope, key: &T::Key) -> Vec<u8> {
    let mut bytes = scope_key::<T>(scope);
    key.write(&mut bytes);
    bytes
}

/// The bytes that all keys of a scope begin with.
pub(crate) fn scope_key<T: Table>(scope: &T::Scope) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(96);
    bytes.push(T::NUMBER);
    scope.write(&mut bytes);
    bytes
}

/// Scope and key from the bytes of a row's key.
pub(crate) fn read_key<T: Table>(bytes: &[u8]) -> Option<(T::Scope, T::Key)> {
    let (number, mut rest) = bytes.split_first()?;
    let scope = T::Scope::read(&mut rest).filter(|_| *number == T::NUMBER)?;
    let key = T::Key::read(&mut rest)?;
    rest.is_empty().then_some((scope, key))
}
