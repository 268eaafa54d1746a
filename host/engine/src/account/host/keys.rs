//! The key ring from outside: no key of it is ever shown.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::Problem;
use weighbridge_vault::RingStatus;

use crate::account::At;
use crate::engine::Engine;

/// The key ring, from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeyStatusView {
    /// Where the master key comes from: `file`, `credential` or `passphrase`.
    pub master: String,
    /// Its version.
    pub version: u32,
    /// When that version was made.
    pub since: At,
    /// Data keys of tenants.
    pub tenants: usize,
    /// Data keys of customers.
    pub customers: usize,
    /// Keys that were destroyed.
    pub burned: usize,
    /// How often the ring was replaced.
    pub generation: u64,
    /// When copies of it left, the last one last.
    pub exported: Vec<At>,
    /// Whether a rotation was cut off; the next one finishes it.
    pub leftovers: bool,
    /// The key by which others verify what this host says.
    pub statement_key: String,
    /// Who rotates, exports and restores, and how.
    pub next_step: String,
}

/// What an operator who signed in does not do.
const BY_THE_OWNER: &str = "Whoever owns the data folder rotates, exports and restores keys: `weighbridge keys`.";

impl Engine {
    /// The key ring, from outside.
    pub fn key_status_view(&self, _may: &Permission<kinds::HostRead>) -> Result<KeyStatusView, Problem> {
        let RingStatus { master, version, since, tenants, customers, burned, generation, exports, leftovers, .. } =
            self.key_status();
        Ok(KeyStatusView {
            master: master.to_owned(),
            version,
            since: At(since),
            tenants,
            customers,
            burned,
            generation,
            exported: exports.iter().map(|one| At(one.at)).collect(),
            leftovers,
            statement_key: self.statement_public_key()?.to_string(),
            next_step: BY_THE_OWNER.to_owned(),
        })
    }
}
