//! Proof that something is durable.

use std::ops::Deref;

/// A value that was committed, or read back in recovery. Only this crate makes one.
#[derive(Debug)]
pub struct Committed<T>(T);

impl<T> Committed<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(value)
    }

    /// Gives the proof up.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// The same proof, lent.
    pub const fn as_ref(&self) -> Committed<&T> {
        Committed(&self.0)
    }

    /// Proof of a part, or of what follows from the whole.
    pub fn map<U>(self, part: impl FnOnce(T) -> U) -> Committed<U> {
        Committed(part(self.0))
    }
}

impl<T> Committed<Option<T>> {
    /// Proof of what there is, if there is something.
    pub fn transpose(self) -> Option<Committed<T>> {
        self.0.map(Committed)
    }
}

impl<T> Deref for Committed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
