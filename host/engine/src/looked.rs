//! What costs something to find out, as it was found a while ago at the most.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What was found last, and when.
#[derive(Debug)]
pub(crate) struct Looked<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Looked<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Copy> Looked<T> {
    /// What was found at most so long ago, or what is found now.
    pub(crate) fn within<E>(&self, age: Duration, look: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = last.filter(|(at, _)| at.elapsed() < age) {
            return Ok(found);
        }
        let found = look()?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), found));
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_good_for_a_while_and_then_looked_for_again() {
        let (looked, found) = (Looked::default(), |what: u8| move || Ok::<_, ()>(what));
        let long = Duration::from_secs(3_600);
        assert_eq!(looked.within(long, || Err::<u8, _>("no")), Err("no"));
        assert_eq!(looked.within(long, found(1)), Ok(1));
        assert_eq!(looked.within(long, found(2)), Ok(1));
        assert_eq!(looked.within(Duration::ZERO, found(3)), Ok(3));
    }
}
