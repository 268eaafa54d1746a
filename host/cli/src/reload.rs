//! The configuration of a host that serves, read again: the engine asks for it, by SIGHUP or for an operator.

use std::sync::{Arc, Mutex, PoisonError};

use weighbridge::{Reread, SettingsSource, SettingsUnusable};
use weighbridge_server::{Rules, Settings};

use crate::config::{Again, Config, Contents};
use crate::logs::Logs;
use crate::options;

/// What a serving host holds to. A clone is the same host's.
#[derive(Clone)]
pub(crate) struct Reload(Arc<Inner>);

struct Inner {
    held: Mutex<Held>,
    logs: Logs,
    rules: Rules,
    /// Of the address of figures, where there is one.
    figures: Option<Rules>,
}

#[derive(Clone)]
struct Held {
    config: Config,
    contents: Contents,
}

impl Reload {
    pub(crate) fn new(config: Config, logs: Logs, rules: Rules, figures: Option<Rules>) -> Self {
        let held = Mutex::new(Held { contents: config.contents(), config });
        Self(Arc::new(Inner { held, logs, rules, figures }))
    }

    /// The configuration that holds at this moment.
    pub(crate) fn config(&self) -> Config {
        self.held().config
    }

    fn held(&self) -> Held {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn take(&self, held: Held, settings: Settings, figures: Option<Settings>) {
        self.0.logs.adjust(&held.config.log, held.config.is_traced());
        self.0.rules.change(settings);
        if let (Some(rules), Some(settings)) = (&self.0.figures, figures) {
            rules.change(settings);
        }
        *self.0.held.lock().unwrap_or_else(PoisonError::into_inner) = held;
    }
}

impl SettingsSource for Reload {
    fn read_again(&self) -> Result<Reread, SettingsUnusable> {
        let Held { config, contents } = self.held();
        let Again { layers, contents, changed, waiting } = config.again(&contents).map_err(SettingsUnusable)?;
        let unusable = |error: &dyn std::fmt::Display| SettingsUnusable(vec![error.to_string()]);
        let conduct = options::conduct(&layers).map_err(|error| unusable(&error))?;
        let settings = layers.config.settings().map_err(|error| unusable(&error))?;
        let figures = layers.config.metrics().map_err(|error| unusable(&error))?.map(|metrics| metrics.settings);
        let (held, reload) = (Held { config: layers.config, contents }, self.clone());
        Ok(Reread { conduct, changed, waiting, take: Box::new(move || reload.take(held, settings, figures)) })
    }
}
