//! A word to whoever is at work on a transfer, so that it looks up from what it does.

use tokio::sync::watch;
use weighbridge_model::id::RunId;

/// How pressing it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urge {
    /// Nothing is wanted.
    #[default]
    Nothing,
    /// Whoever waits is to look what is wanted.
    Look,
    /// So is whoever works, and leaves what it does.
    AtOnce,
}

/// What is said, and of which run: whoever is at work may have come to the next one meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) run: RunId,
    pub(crate) urge: Urge,
}

/// What is heard by the one who is at work.
#[derive(Clone, Debug)]
pub(crate) struct Urged(watch::Receiver<Option<Word>>);

impl Urged {
    /// Whoever says something, and whoever hears it.
    pub(crate) fn channel() -> (watch::Sender<Option<Word>>, Self) {
        let (says, hears) = watch::channel(None);
        (says, Self(hears))
    }

    /// Until there is something to look at.
    pub(crate) async fn look(&mut self, run: RunId) {
        self.heard(run, Urge::Look).await;
    }

    /// Until all is to be left.
    pub(crate) async fn at_once(&mut self, run: RunId) {
        self.heard(run, Urge::AtOnce).await;
    }

    /// Whether something was said that was not heard yet; by this it is.
    pub(crate) fn hear(&mut self) -> bool {
        let is_new = self.0.has_changed().unwrap_or(false);
        self.0.mark_unchanged();
        is_new
    }

    async fn heard(&mut self, run: RunId, least: Urge) {
        let is_meant = |word: &Option<Word>| word.is_some_and(|word| word.run == run && word.urge >= least);
        if self.0.wait_for(is_meant).await.is_err() {
            // Nobody is there any more who could want something.
            std::future::pending::<()>().await;
        }
    }
}
