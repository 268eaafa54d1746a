//! How many transfers run at once: in all, and of one tenant, one customer and one connected system. Who waits longest does
//! not come first, but whoever has the fewest runs: a tenant with ten thousand transfers does not keep one with ten waiting.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use weighbridge_model::id::{ConnectionId, CustomerId, TenantId, TransferId};

use crate::figures::RunsNow;

/// The most transfers that run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunLimits {
    /// In all.
    pub host: usize,
    /// Of one tenant.
    pub tenant: usize,
    /// Of one customer.
    pub customer: usize,
    /// Over one connected system.
    pub connection: usize,
}

impl Default for RunLimits {
    fn default() -> Self {
        Self { host: 32, tenant: 32, customer: 16, connection: 8 }
    }
}

/// What a run takes a place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wants {
    pub(crate) tenant: TenantId,
    pub(crate) customer: CustomerId,
    pub(crate) connections: BTreeSet<ConnectionId>,
    pub(crate) transfer: TransferId,
}

/// The places, and who waits for one.
#[derive(Debug)]
pub(crate) struct Places(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    limits: RunLimits,
    taken: Vec<Wants>,
    waiting: Vec<(Wants, oneshot::Sender<Place>)>,
}

/// A place that is taken until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    /// Nothing where it was never given to anybody.
    places: Option<Arc<Places>>,
    wants: Wants,
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(places) = self.places.take() else { return };
        let mut state = places.state();
        if let Some(index) = state.taken.iter().position(|taken| *taken == self.wants) {
            state.taken.swap_remove(index);
        }
        places.hand_out(&mut state);
    }
}

impl Places {
    pub(crate) fn new(limits: RunLimits) -> Self {
        Self(Mutex::new(State { limits, ..State::default() }))
    }

    /// From now on so many run at once. Whoever has a place keeps it.
    pub(crate) fn limit(self: &Arc<Self>, limits: RunLimits) {
        let mut state = self.state();
        state.limits = limits;
        self.hand_out(&mut state);
    }

    /// Waits for a place. None where the same transfer waits already.
    pub(crate) async fn take(self: &Arc<Self>, wants: Wants) -> Option<Place> {
        let ticket = {
            let mut state = self.state();
            state.waiting.retain(|(_, ticket)| !ticket.is_closed());
            if state.waiting.iter().any(|(other, _)| other.transfer == wants.transfer) {
                return None;
            }
            let (sender, ticket) = oneshot::channel();
            state.waiting.push((wants, sender));
            self.hand_out(&mut state);
            ticket
        };
        ticket.await.ok()
    }

    /// Gives places to those who may have one, the fairest first. Whoever left the line gets none.
    fn hand_out(self: &Arc<Self>, state: &mut State) {
        while let Some(next) = state.next() {
            let (wants, ticket) = state.waiting.remove(next);
            match ticket.send(Place { places: Some(Arc::clone(self)), wants: wants.clone() }) {
                Ok(()) => state.taken.push(wants),
                Err(mut place) => place.places = None,
            }
        }
    }

    /// How many have a place, and how many wait for one.
    pub(crate) fn now(&self) -> RunsNow {
        let state = self.state();
        let waiting = state.waiting.iter().filter(|(_, ticket)| !ticket.is_closed()).count() as u64;
        RunsNow { waiting, moving: state.taken.len() as u64 }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Of those for whom there is room, the one whose tenant, then whose customer, has the fewest runs; of equals the first.
    fn next(&self) -> Option<usize> {
        let eligible = self.waiting.iter().enumerate().filter(|(_, (wants, _))| self.has_room(wants));
        eligible
            .min_by_key(|(index, (wants, _))| (self.of_tenant(wants), self.of_customer(wants), *index))
            .map(|it| it.0)
    }

    fn has_room(&self, wants: &Wants) -> bool {
        let over = |id: &ConnectionId| self.taken.iter().filter(|one| one.connections.contains(id)).count();
        self.taken.len() < self.limits.host
            && self.of_tenant(wants) < self.limits.tenant
            && self.of_customer(wants) < self.limits.customer
            && wants.connections.iter().all(|id| over(id) < self.limits.connection)
    }

    fn of_tenant(&self, wants: &Wants) -> usize {
        self.taken.iter().filter(|one| one.tenant == wants.tenant).count()
    }

    fn of_customer(&self, wants: &Wants) -> usize {
        self.taken.iter().filter(|one| one.customer == wants.customer).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(tenant: u8, customer: u8, connection: u8, transfer: u8) -> Wants {
        Wants {
            tenant: TenantId::from_bytes([tenant; 16]),
            customer: CustomerId::from_bytes([customer; 16]),
            connections: BTreeSet::from([ConnectionId::from_bytes([connection; 16])]),
            transfer: TransferId::from_bytes([transfer; 16]),
        }
    }

    fn places(host: usize, tenant: usize, customer: usize, connection: usize) -> Arc<Places> {
        Arc::new(Places::new(RunLimits { host, tenant, customer, connection }))
    }

    /// Who got a place, of those who wait in this order.
    async fn order(places: &Arc<Places>, waiting: &[Wants]) -> Vec<u8> {
        let (sender, mut order) = tokio::sync::mpsc::unbounded_channel();
        for wants in waiting {
            let (places, wants, sender) = (Arc::clone(places), wants.clone(), sender.clone());
            tokio::spawn(async move {
                let place = places.take(wants.clone()).await.unwrap();
                sender.send(wants.transfer.as_bytes()[0]).unwrap();
                tokio::task::yield_now().await;
                drop(place);
            });
            tokio::task::yield_now().await;
        }
        drop(sender);
        let mut came = Vec::new();
        while let Some(transfer) = order.recv().await {
            came.push(transfer);
        }
        came
    }

    #[tokio::test]
    async fn a_small_tenant_does_not_wait_for_all_runs_of_a_large_one() {
        let places = places(2, 9, 9, 9);
        let first = [places.take(wants(1, 1, 1, 91)).await.unwrap(), places.take(wants(1, 1, 1, 92)).await.unwrap()];
        let waiting = [wants(1, 1, 1, 1), wants(1, 1, 1, 2), wants(1, 1, 1, 3), wants(2, 2, 2, 4)];
        let came = tokio::spawn({
            let (places, waiting) = (Arc::clone(&places), waiting);
            async move { order(&places, &waiting).await }
        });
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        drop(first);
        assert_eq!(came.await.unwrap(), [4, 1, 2, 3], "the other tenant's is the first, though it came last");
    }

    #[tokio::test]
    async fn no_level_gets_more_than_its_limit() {
        for (limits, others) in [
            (places(1, 9, 9, 9), wants(2, 2, 2, 2)),
            (places(9, 1, 9, 9), wants(1, 2, 2, 2)),
            (places(9, 9, 1, 9), wants(1, 1, 2, 2)),
            (places(9, 9, 9, 1), wants(2, 2, 1, 2)),
        ] {
            let first = limits.take(wants(1, 1, 1, 1)).await.unwrap();
            let mut second = tokio::spawn({
                let limits = Arc::clone(&limits);
                async move { limits.take(others).await }
            });
            let waited = tokio::time::timeout(std::time::Duration::from_millis(20), &mut second).await;
            assert!(waited.is_err(), "{:?} is beyond the limit", limits.state().limits);
            drop(first);
            assert!(second.await.unwrap().is_some());
        }
    }

    #[tokio::test]
    async fn whoever_waits_goes_on_when_there_are_more_places_and_nobody_loses_one_when_there_are_fewer() {
        let places = places(1, 9, 9, 9);
        let first = places.take(wants(1, 1, 1, 1)).await.unwrap();
        let second = tokio::spawn({
            let places = Arc::clone(&places);
            async move { places.take(wants(1, 1, 1, 2)).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        assert!(!second.is_finished());
        places.limit(RunLimits { host: 2, tenant: 9, customer: 9, connection: 9 });
        let second = second.await.unwrap().unwrap();
        places.limit(RunLimits { host: 1, tenant: 9, customer: 9, connection: 9 });
        assert_eq!(places.now().moving, 2, "both keep their places");
        drop(first);
        let mut third = tokio::spawn({
            let places = Arc::clone(&places);
            async move { places.take(wants(1, 1, 1, 3)).await }
        });
        let waited = tokio::time::timeout(std::time::Duration::from_millis(20), &mut third).await;
        assert!(waited.is_err(), "one is left, and one may be");
        drop(second);
        assert!(third.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_transfer_waits_once_and_one_that_left_the_line_takes_no_place() {
        let places = places(1, 9, 9, 9);
        let first = places.take(wants(1, 1, 1, 1)).await.unwrap();
        let waits = tokio::spawn({
            let places = Arc::clone(&places);
            async move { places.take(wants(1, 1, 1, 2)).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        assert!(places.take(wants(1, 1, 1, 2)).await.is_none(), "it waits already");
        waits.abort();
        assert!(waits.await.unwrap_err().is_cancelled());
        drop(first);
        assert!(places.state().taken.is_empty());
        assert!(places.take(wants(1, 1, 1, 3)).await.is_some());
    }
}
