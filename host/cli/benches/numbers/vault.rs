//! What sealing and opening cost.

use std::hint::black_box;
use std::time::Instant;

use weighbridge_model::id::{KeyId, TenantId};
use weighbridge_model::time::Timestamp;
use weighbridge_vault::{Birth, Field, KeyRing, MasterSource, Owner, Passphrase};
use zeroize::Zeroizing;

const TENANT: Owner = Owner::Tenant(TenantId::from_bytes([1; 16]));
const PLACE: Field<'static> = Field { owner: TENANT, record: &[2; 16], name: "secrets" };

pub fn measure() {
    let folder = tempfile::tempdir().unwrap();
    let birth =
        || Birth { id: KeyId::from_bytes([1; 16]), secret: [2; 32], master: [3; 32], now: Timestamp::from_millis(0) };
    let source = MasterSource::File(folder.path().join("master.key"));
    let ring = KeyRing::create(&folder.path().join("keys.json"), source, birth()).unwrap();
    ring.draft(TENANT, KeyId::from_bytes([4; 16]), [5; 32]);
    ring.keep_drafts().unwrap();
    for (what, bytes) in
        [("a credential of 64 bytes", 64), ("a cursor of 1 KiB", 1 << 10), ("a batch of 300 KiB", 300 << 10)]
    {
        let text = vec![b'x'; bytes];
        let rounds = (200_000_000 / (bytes + 20_000)).clamp(200, 200_000);
        let begun = Instant::now();
        let sealed = (0..rounds).map(|_| ring.seal(PLACE, [6; 24], black_box(&text)).unwrap()).last().unwrap();
        let sealing = micros(begun, rounds);
        let begun = Instant::now();
        for _ in 0..rounds {
            black_box(ring.unseal(PLACE, black_box(&sealed)).unwrap());
        }
        println!("{what}: sealed in {sealing:.2} µs, opened in {:.2} µs", micros(begun, rounds));
    }
    let begun = Instant::now();
    for number in 0..10_000_u32 {
        let mut id = [7; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        ring.draft(Owner::Tenant(TenantId::from_bytes(id)), KeyId::from_bytes(id), [8; 32]);
    }
    ring.keep_drafts().unwrap();
    println!("10,000 data keys wrapped and kept in {} ms", begun.elapsed().as_millis());
    let begun = Instant::now();
    ring.rotate(weighbridge_vault::RotateTo::SamePlace, &[9; 32], Timestamp::from_millis(0)).unwrap();
    println!("the master key over 10,000 data keys rotated in {} ms", begun.elapsed().as_millis());
    let path = folder.path().join("other.json");
    let passphrase = || MasterSource::Passphrase(Passphrase::new(Zeroizing::new("four random words here".into())));
    KeyRing::create(&path, passphrase(), birth()).unwrap();
    let begun = Instant::now();
    KeyRing::open(&path, passphrase()).unwrap();
    println!("a ring opened by a passphrase in {} ms", begun.elapsed().as_millis());
}

fn micros(begun: Instant, rounds: usize) -> f64 {
    begun.elapsed().as_secs_f64() * 1e6 / rounds as f64
}
