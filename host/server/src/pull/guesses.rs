//! Wrong keys, by address and minute: the more of them come, the longer each one takes.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use weighbridge::model::problem::ProblemCode;
use weighbridge::model::time::Timestamp;

use super::problem::Refusing;

const MINUTE_MS: i64 = 60_000;
/// So many cost nothing but themselves: people mistype.
const FREE: u32 = 3;
/// After so many there is no answer but to wait.
const MINUTE_MAX: u32 = 30;
const DELAY_MAX: Duration = Duration::from_secs(3);
/// More addresses are not counted in a minute; those that come later are slowed down as if they had come often.
const ADDRESSES_MAX: usize = 50_000;

/// What came in the present minute.
#[derive(Debug, Default)]
pub(super) struct Guesses(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    number: i64,
    counts: BTreeMap<IpAddr, u32>,
}

impl Guesses {
    /// Counts one, and waits for it.
    pub(super) async fn wrong(&self, from: IpAddr, now: Timestamp) -> Result<(), Refusing> {
        let count = self.count(from, now);
        if count.is_power_of_two() {
            tracing::warn!(%from, count, "wrong keys came in this minute");
        }
        if count > MINUTE_MAX {
            let left = MINUTE_MS - now.as_millis().rem_euclid(MINUTE_MS);
            let wait = Duration::from_millis(u64::try_from(left).unwrap_or_default());
            return Err(Refusing::later(ProblemCode::KeysTooOften, wait));
        }
        tokio::time::sleep(delay(count)).await;
        Ok(())
    }

    fn count(&self, from: IpAddr, now: Timestamp) -> u32 {
        let number = now.as_millis().div_euclid(MINUTE_MS);
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number != number {
            *minute = Minute { number, counts: BTreeMap::new() };
        }
        if minute.counts.len() >= ADDRESSES_MAX && !minute.counts.contains_key(&network(from)) {
            return MINUTE_MAX;
        }
        let count = minute.counts.entry(network(from)).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

fn delay(count: u32) -> Duration {
    let over = count.saturating_sub(FREE).min(10);
    if over == 0 { Duration::ZERO } else { (Duration::from_millis(50) * (1 << over)).min(DELAY_MAX) }
}

/// Whoever has one IPv6 address has all of its network.
pub(crate) fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << 64)).into()),
        address => address,
    }
}
