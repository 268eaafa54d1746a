//! The cursors that third parties hold: which page of which reading, under a tag of the customer's own key.
//!
//! Nothing of the source's own cursor is in them. The tag covers the service and the endpoint too, so that a cursor is good
//! nowhere else; it is gone with the customer's key.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{EndpointId, ExternalServiceId};
use weighbridge_model::service::PullPlace;
use weighbridge_vault::{KeyRing, hmac};

use super::authenticate::Caller;
use crate::error::EngineError;
use crate::texts::customer_owner;

const TAG: usize = 16;

/// Makes and reads the cursors of one service and endpoint.
pub(super) struct Cursors {
    mac: Hmac<Sha256>,
    service: ExternalServiceId,
    endpoint: EndpointId,
}

impl Cursors {
    pub(super) fn of(ring: &KeyRing, caller: &Caller, endpoint: EndpointId) -> Result<Self, EngineError> {
        let key = ring.derive(customer_owner(caller.scope()), "weighbridge pull cursors")?;
        Ok(Self { mac: hmac(&key), service: caller.service(), endpoint })
    }

    /// The cursor of a page.
    pub(super) fn write(&self, place: PullPlace) -> String {
        let tag = self.over(place).finalize().into_bytes();
        BASE64URL_NOPAD.encode(&[bytes(place).as_slice(), &tag[..TAG]].concat())
    }

    /// The page of a cursor that this host gave out for this service and endpoint.
    pub(super) fn read(&self, text: &str) -> Option<PullPlace> {
        let found = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (lineage, rest) = found.split_first_chunk::<8>()?;
        let (sequence, tag) = rest.split_first_chunk::<8>()?;
        let place = PullPlace { lineage: u64::from_be_bytes(*lineage), sequence: u64::from_be_bytes(*sequence) };
        let is_ours = tag.len() == TAG && self.over(place).verify_truncated_left(tag).is_ok();
        is_ours.then_some(place)
    }

    fn over(&self, place: PullPlace) -> Hmac<Sha256> {
        let parts: [&[u8]; 3] = [self.service.as_bytes(), self.endpoint.as_bytes(), &bytes(place)];
        self.mac.clone().chain_update(Digest::of_parts("weighbridge pull cursor", &parts).as_bytes())
    }
}

fn bytes(place: PullPlace) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&place.lineage.to_be_bytes());
    bytes[8..].copy_from_slice(&place.sequence.to_be_bytes());
    bytes
}
