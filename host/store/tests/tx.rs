//! What a closure sees while it changes rows is what everyone sees once that is committed.

use weighbridge_model::id::{CustomerId, TenantId};
use weighbridge_model::meter::{Amounts, Balance};
use weighbridge_model::time::Timestamp;
use weighbridge_store::engine::MemoryEngine;
use weighbridge_store::tables::Balances;
use weighbridge_store::{Access, HostScope, Store, TenantScope, Tx, TxError};

type Key = (CustomerId, Timestamp);
type Seen = Vec<Vec<(i64, u64)>>;

fn tenant() -> TenantScope {
    HostScope::new().tenant(TenantId::from_bytes([1; 16]))
}

fn key(number: u64) -> Key {
    (CustomerId::from_bytes([1; 16]), Timestamp::from_millis(number as i64))
}

/// Numbers from one seed, always the same.
struct Random(u64);

impl Random {
    const fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Writes and removes some of twenty rows.
fn change(tx: &mut Tx<'_>, random: &mut Random) -> Result<(), TxError> {
    for _ in 0..random.below(8) {
        let number = random.below(20);
        if random.below(3) == 0 {
            tx.remove::<Balances>(&tenant(), &key(number))?;
        } else {
            let spent = Amounts { records: random.below(1_000), ..Amounts::ZERO };
            tx.put::<Balances>(&tenant(), &key(number), &Balance { spent, ..Balance::default() })?;
        }
    }
    Ok(())
}

/// Every scan there is over twenty rows, and every row by its key.
fn look(tx: &Tx<'_>) -> Result<Seen, TxError> {
    let mut seen = Seen::new();
    for after in (0..=20).map(|number| (number < 20).then(|| key(number))) {
        for limit in [0, 1, 3, usize::MAX] {
            let rows = tx.scan::<Balances>(&tenant(), after.as_ref(), limit)?;
            seen.push(rows.iter().map(|((_, at), row)| (at.as_millis(), row.spent.records)).collect());
        }
    }
    for number in 0..20 {
        let row = tx.get::<Balances>(&tenant(), &key(number))?;
        seen.push(row.map(|row| (number as i64, row.spent.records)).into_iter().collect());
    }
    Ok(seen)
}

#[tokio::test]
async fn shows_its_own_changes_as_they_will_be_committed() {
    let store = Store::over(MemoryEngine::default(), Access::Write).unwrap();
    for seed in 0..100 {
        let within = store.write(move |tx| {
            change(tx, &mut Random(seed))?;
            look(tx)
        });
        assert_eq!(*within.await.unwrap(), store.read(look).unwrap(), "seed {seed}");
    }
}

#[tokio::test]
async fn shows_a_groups_changes_as_they_will_be_committed() {
    let (store, script) = crate::scripted::store();
    for seed in 0..30 {
        let first = store.write(move |tx| change(tx, &mut Random(2 * seed)));
        let second = store.write(move |tx| {
            change(tx, &mut Random(2 * seed + 1))?;
            look(tx)
        });
        let (changed, within) = script.group(&store, async { tokio::join!(biased; first, second) }).await;
        changed.unwrap();
        assert_eq!(*within.unwrap(), store.read(look).unwrap(), "seed {seed}");
    }
}
