//! Which rows of a few tables were changed, for what is kept in memory beside them.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::engine::Changes;
use crate::table::{Table, read_key};

/// Keys that nobody has asked for yet; beyond this many all of them are read anew.
const KEYS_MAX: usize = 50_000;

/// What the writer tells its followers after each commit.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    followers: Mutex<Vec<(u8, Arc<Mutex<Notes>>)>>,
    commits: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Notes {
    keys: BTreeSet<Vec<u8>>,
    lost: bool,
}

/// The changed keys of one table since they were last asked for.
#[derive(Debug)]
pub struct Follower<T> {
    notes: Arc<Mutex<Notes>>,
    table: PhantomData<fn() -> T>,
}

/// What became of a table's rows since it was last asked.
#[derive(Debug)]
pub enum Followed<S, K> {
    /// These rows were written or removed.
    Keys(Vec<(S, K)>),
    /// More than could be kept: any of them.
    Any,
}

impl<T: Table> Follower<T> {
    /// What was changed since the last call.
    pub fn take(&self) -> Followed<T::Scope, T::Key> {
        let notes = std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        if notes.lost {
            return Followed::Any;
        }
        Followed::Keys(notes.keys.iter().filter_map(|key| read_key::<T>(key)).collect())
    }
}

impl Journal {
    pub(crate) fn follow<T: Table>(&self) -> Follower<T> {
        let notes = Arc::<Mutex<Notes>>::default();
        self.followers.lock().unwrap_or_else(PoisonError::into_inner).push((T::NUMBER, Arc::clone(&notes)));
        Follower { notes, table: PhantomData }
    }

    /// Changes at every commit, whatever it wrote.
    pub(crate) fn commits(&self) -> watch::Receiver<()> {
        self.commits.subscribe()
    }

    /// The keys of a group that anybody follows.
    pub(crate) fn pick(&self, changes: &Changes) -> Vec<Vec<u8>> {
        let followers = self.followers.lock().unwrap_or_else(PoisonError::into_inner);
        let is_followed = |key: &&Vec<u8>| followers.iter().any(|(number, _)| key.first() == Some(number));
        changes.keys().filter(is_followed).cloned().collect()
    }

    /// Tells the followers of keys that are durable now.
    pub(crate) fn note(&self, keys: Vec<Vec<u8>>) {
        let followers = self.followers.lock().unwrap_or_else(PoisonError::into_inner);
        for (number, notes) in followers.iter() {
            let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
            notes.keys.extend(keys.iter().filter(|key| key.first() == Some(number)).cloned());
            if notes.keys.len() > KEYS_MAX {
                *notes = Notes { keys: BTreeSet::new(), lost: true };
            }
        }
        drop(followers);
        // Last, so that whoever is woken by it finds what they follow.
        self.commits.send_replace(());
    }
}
