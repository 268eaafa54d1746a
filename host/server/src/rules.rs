//! What holds at a server that serves, and may be changed meanwhile: settings are exchanged whole, and no connection is lost.

use std::sync::{Arc, PoisonError, RwLock};

use crate::pace::Pace;
use crate::settings::Settings;

/// What holds at a server. A clone is the same server's.
#[derive(Clone)]
pub struct Rules(Arc<Inner>);

struct Inner {
    settings: RwLock<Arc<Settings>>,
    pace: Arc<Pace>,
}

impl Rules {
    pub(crate) fn new(settings: Settings) -> Self {
        let pace = Arc::new(Pace::new(&settings));
        Self(Arc::new(Inner { settings: RwLock::new(Arc::new(settings)), pace }))
    }

    /// From now on these hold, all but the number of connections: for requests that come, and for connections that are opened.
    /// Whose minute has begun under the same number, for them it goes on.
    pub fn change(&self, settings: Settings) {
        self.0.pace.adjust(&settings);
        *self.0.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    /// Those that hold at this moment.
    pub(crate) fn now(&self) -> Arc<Settings> {
        Arc::clone(&self.0.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn pace(&self) -> Arc<Pace> {
        Arc::clone(&self.0.pace)
    }
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rules").field(&self.now()).finish()
    }
}
