//! Whom the host trusts, and what was revoked.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::Problem;

use crate::account::At;
use crate::engine::Engine;
use crate::trust::{PublisherView, RevokedView};

/// Whom the host trusts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrustShown {
    /// The publishers, by name.
    pub publishers: Vec<PublisherRow>,
    /// Which publisher alone may sign which connector: `weighbridge.rest weighbridge`.
    pub pins: Vec<String>,
    /// Packages that are not loaded any more, by their digests.
    pub packages_revoked: Vec<RevokedRow>,
    /// Revoked keys that no publisher here has.
    pub keys_revoked: Vec<RevokedRow>,
    /// Who trusts, revokes and pins, and how.
    pub next_step: String,
}

/// A publisher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PublisherRow {
    /// Its name.
    pub name: String,
    /// The connectors that it may sign, as they were written.
    pub names: Vec<String>,
    /// Its keys, in the order in which they came to be trusted.
    pub keys: Vec<KeyRow>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<At>,
    /// Why.
    pub reason: Option<String>,
}

/// A publisher's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeyRow {
    /// What packages name it by.
    pub id: String,
    /// The key.
    pub public_key: String,
    /// From when on packages under it may be installed.
    pub start: Option<At>,
    /// Until when.
    pub end: Option<At>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<At>,
    /// Why.
    pub reason: Option<String>,
}

/// Something that was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevokedRow {
    /// Its id or digest.
    pub id: String,
    /// When.
    pub at: At,
    /// Why.
    pub reason: String,
}

/// What an operator who signed in does not do.
const BY_THE_OWNER: &str =
    "Whoever owns the data folder trusts, revokes and pins: `weighbridge trust`, `connector pin`.";

impl Engine {
    /// Whom the host trusts, and what was revoked.
    pub fn trust_shown(&self, _may: &Permission<kinds::TrustRead>) -> Result<TrustShown, Problem> {
        let view = self.trust_view()?;
        let revoked = |id: String, why: RevokedView| RevokedRow { id, at: At(why.at), reason: why.reason };
        Ok(TrustShown {
            publishers: view.publishers.into_iter().map(publisher).collect(),
            pins: view.pins.iter().map(|(connector, publisher)| format!("{connector} {publisher}")).collect(),
            packages_revoked: view.packages_revoked.into_iter().map(|(id, why)| revoked(id.to_string(), why)).collect(),
            keys_revoked: view.keys_revoked.into_iter().map(|(id, why)| revoked(id.to_string(), why)).collect(),
            next_step: BY_THE_OWNER.to_owned(),
        })
    }
}

fn publisher(view: PublisherView) -> PublisherRow {
    let keys = view.keys.into_iter().map(|key| KeyRow {
        id: key.id.to_string(),
        public_key: key.public.to_string(),
        start: key.window.start.map(At),
        end: key.window.end.map(At),
        revoked_at: key.revoked.as_ref().map(|why| At(why.at)),
        reason: key.revoked.map(|why| why.reason),
    });
    PublisherRow {
        keys: keys.collect(),
        name: view.name,
        names: view.names,
        revoked_at: view.revoked.as_ref().map(|why| At(why.at)),
        reason: view.revoked.map(|why| why.reason),
    }
}
