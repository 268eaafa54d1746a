//! A word to whoever is at work on a transfer, so that it looks up from what it does.

use tokio::sync::watch;

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

/// What is heard by the one who is at work.
#[derive(Clone, Debug)]
pub(crate) struct Urged(pub(super) watch::Receiver<Urge>);

impl Urged {
    /// Until there is something to look at.
    pub(crate) async fn look(&mut self) {
        self.heard(Urge::Look).await;
    }

    /// Until all is to be left.
    pub(crate) async fn at_once(&mut self) {
        self.heard(Urge::AtOnce).await;
    }

    async fn heard(&mut self, least: Urge) {
        if self.0.wait_for(|urge| *urge >= least).await.is_err() {
            // Nobody is there any more who could want something.
            std::future::pending::<()>().await;
        }
    }
}
