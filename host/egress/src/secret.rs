//! Secrets in the clear, for as long as a connection is used.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A text that can be neither printed nor serialised, and is wiped when it goes.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Whether it is this text. Only whoever knows the secret already asks, so how long it takes tells nothing.
    pub fn is(&self, text: &str) -> bool {
        self.0.as_str() == text
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The secrets of one auth scheme, by the names its manifest gives them.
#[derive(Clone, Debug, Default)]
pub struct Secrets(BTreeMap<String, Secret>);

impl Secrets {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::reveal)
    }

    /// Those that nobody may see. Who signs in is known by a name that platforms show to everyone.
    pub(crate) fn guarded(&self) -> impl Iterator<Item = &str> {
        let is_name = |name: &str| matches!(name, "username" | "access_key_id");
        self.0.iter().filter(move |(name, _)| !is_name(name)).map(|(_, secret)| secret.reveal())
    }

    pub(crate) fn open(&self) -> Opened {
        Opened(self.0.iter().map(|(name, secret)| (name.clone(), secret.reveal().to_owned())).collect())
    }
}

impl<N: Into<String>> FromIterator<(N, Secret)> for Secrets {
    fn from_iter<I: IntoIterator<Item = (N, Secret)>>(secrets: I) -> Self {
        Self(secrets.into_iter().map(|(name, secret)| (name.into(), secret)).collect())
    }
}

/// Secrets as templates read them: for one rendering, and wiped after it.
#[derive(Default)]
pub(crate) struct Opened(pub(crate) BTreeMap<String, String>);

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.values_mut().for_each(Zeroize::zeroize);
    }
}
