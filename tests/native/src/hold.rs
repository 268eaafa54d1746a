//! Holds a call until a test lets it go.

use std::sync::Arc;

use tokio::sync::watch;

/// Where calls pass; a clone is the same place.
#[derive(Clone, Debug)]
pub struct Hold(Arc<watch::Sender<Passing>>);

#[derive(Debug, Default)]
struct Passing {
    /// How many calls came.
    calls: usize,
    /// The call of this number, from 0, is held.
    held: Option<usize>,
}

impl Default for Hold {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Passing::default())))
    }
}

impl Hold {
    /// The call of this number, from 0, goes no further until it is let go.
    pub fn at(&self, call: usize) {
        self.0.send_modify(|passing| passing.held = Some(call));
    }

    /// So is the next one that comes.
    pub fn at_the_next(&self) {
        self.0.send_modify(|passing| passing.held = Some(passing.calls));
    }

    /// Comes back when the call is there.
    pub async fn comes(&self) {
        let is_there = |passing: &Passing| passing.held.is_none_or(|held| passing.calls > held);
        self.0.subscribe().wait_for(is_there).await.unwrap();
    }

    /// The call goes on.
    pub fn let_go(&self) {
        self.0.send_modify(|passing| passing.held = None);
    }

    /// A call comes by.
    pub(crate) async fn pass(&self) {
        let mut number = 0;
        self.0.send_modify(|passing| {
            number = passing.calls;
            passing.calls += 1;
        });
        self.0.subscribe().wait_for(|passing| passing.held != Some(number)).await.unwrap();
    }
}
