//! A ring to begin with.

use std::path::{Path, PathBuf};

use weighbridge_model::id::{CustomerId, KeyId, TenantId};
use weighbridge_model::time::Timestamp;
use weighbridge_vault::{Birth, Field, KeyRing, MasterSource, Owner, Passphrase};
use zeroize::Zeroizing;

pub(crate) const TENANT: Owner = Owner::Tenant(TenantId::from_bytes([1; 16]));
pub(crate) const CUSTOMER: Owner = Owner::Customer(TenantId::from_bytes([1; 16]), CustomerId::from_bytes([2; 16]));
pub(crate) const PLACE: Field<'static> = Field { owner: TENANT, record: b"r", name: "f" };
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub(crate) fn ring_path(folder: &Path) -> PathBuf {
    folder.join("keys.json")
}

pub(crate) fn master_path(folder: &Path) -> PathBuf {
    folder.join("master.key")
}

pub(crate) fn in_file(folder: &Path) -> MasterSource {
    MasterSource::File(master_path(folder))
}

pub(crate) fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.to_owned()))
}

pub(crate) fn birth() -> Birth {
    Birth { id: KeyId::from_bytes([0; 16]), secret: [7; 32], master: [9; 32], now: NOW }
}

pub(crate) fn ring(folder: &Path) -> KeyRing {
    KeyRing::create(&ring_path(folder), in_file(folder), birth()).unwrap()
}

pub(crate) fn reopened(folder: &Path) -> KeyRing {
    KeyRing::open(&ring_path(folder), in_file(folder)).unwrap()
}

pub(crate) fn add(ring: &KeyRing, owner: Owner, byte: u8) {
    ring.draft(owner, KeyId::from_bytes([byte; 16]), [byte; 32]);
    ring.keep_drafts().unwrap();
}
