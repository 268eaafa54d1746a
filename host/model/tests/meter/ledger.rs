//! Thousands of holds and settlements over two customers of one tenant, beside plain sums.

use weighbridge_model::id::{CustomerId, RunId, TransferId};
use weighbridge_model::meter::{
    Account, Accounts, Amounts, Balance, Meter, Quota, Reservation, extend, release, reserve, settle, spend, write_off,
};
use weighbridge_model::transfer::BatchLimit;

use super::{START, batch, permit};
use crate::random::Random;

/// One tenant and its customers: what the code keeps, beside lists that nothing was ever taken from by subtraction.
struct World {
    tenant: Account,
    customers: [Account; 2],
    open: Vec<(usize, Reservation)>,
    entries: Vec<(usize, Amounts)>,
    sequence: u64,
    random: Random,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Random::seeded(seed);
        let mut account = || Account { quota: some_quota(&mut random), period: START, balance: Balance::default() };
        let (tenant, customers) = (account(), [account(), account()]);
        Self { tenant, customers, open: vec![], entries: vec![], sequence: 0, random }
    }

    fn accounts(&self, customer: usize) -> Accounts {
        Accounts { tenant: self.tenant, customer: self.customers[customer], service: None }
    }

    fn keep(&mut self, customer: usize, accounts: Accounts) {
        (self.tenant, self.customers[customer]) = (accounts.tenant, accounts.customer);
    }

    fn step(&mut self) {
        match self.random.below(7) {
            0 | 1 => self.begin(),
            2 => self.extend(),
            3 | 4 => self.settle(),
            5 => self.give_up(),
            _ => self.spend_requests(),
        }
    }

    /// A run begins, is billed, and holds its first batch.
    fn begin(&mut self) {
        let customer = self.random.below(2) as usize;
        let mut accounts = self.accounts(customer);
        let limit = BatchLimit { records: 1 + self.random.below(20), bytes: 1 + self.random.below(2_000) };
        let Ok(permit) = permit(&accounts, limit, true) else { return };
        let reservation = reserve(permit, batch(self.sequence), 1, &mut accounts);
        let run = Amounts { runs: 1, ..Amounts::ZERO };
        spend(&run, &mut accounts);
        self.sequence += 1;
        self.open.push((customer, reservation));
        self.entries.push((customer, run));
        self.keep(customer, accounts);
    }

    fn take_open(&mut self) -> Option<(usize, Reservation, Accounts)> {
        let index = self.random.below(self.open.len().max(1) as u64) as usize;
        let (customer, reservation) = (index < self.open.len()).then(|| self.open.swap_remove(index))?;
        Some((customer, reservation, self.accounts(customer)))
    }

    fn extend(&mut self) {
        let Some((customer, mut reservation, mut accounts)) = self.take_open() else { return };
        let before = (reservation.clone(), accounts);
        if extend(&mut reservation, self.random.below(500), &mut accounts).is_err() {
            assert_eq!((reservation.clone(), accounts), before, "a refused extension changes nothing");
        }
        self.open.push((customer, reservation));
        self.keep(customer, accounts);
    }

    fn settle(&mut self) {
        let Some((customer, reservation, mut accounts)) = self.take_open() else { return };
        let hold = *reservation.hold();
        let delivered = Amounts {
            records: self.random.below(hold.records + 2),
            bytes: self.random.below(hold.bytes + 2),
            ..Amounts::ZERO
        };
        let before = accounts;
        if settle(&reservation, delivered, &mut accounts).is_ok() {
            self.entries.push((customer, delivered));
        } else {
            assert!(hold.minus(&delivered).is_none(), "{delivered:?} of {hold:?}");
            assert_eq!(accounts, before, "an overrun changes nothing");
            self.open.push((customer, reservation));
        }
        self.keep(customer, accounts);
    }

    /// Nothing was sent, or nobody knows: both give the hold back, and bill nothing.
    fn give_up(&mut self) {
        let Some((customer, reservation, mut accounts)) = self.take_open() else { return };
        if self.random.below(2) == 0 {
            release(&reservation, &mut accounts).unwrap();
        } else {
            let of = (CustomerId::from_bytes([2; 16]), TransferId::from_bytes([1; 16]), RunId::from_bytes([3; 16]));
            let entry = write_off(&reservation, of, START, &mut accounts).unwrap();
            assert_eq!((entry.amounts, entry.batch), (Amounts::ZERO, Some(reservation.batch())));
            self.entries.push((customer, entry.amounts));
        }
        self.keep(customer, accounts);
    }

    fn spend_requests(&mut self) {
        let customer = self.random.below(2) as usize;
        let (mut accounts, made) = (self.accounts(customer), self.random.below(9));
        let requests = Amounts { requests: made, ..Amounts::ZERO };
        spend(&requests, &mut accounts);
        self.entries.push((customer, requests));
        self.keep(customer, accounts);
    }

    fn sums(&self, of: impl Fn(usize) -> bool) -> Balance {
        let held = self.open.iter().filter(|(owner, _)| of(*owner)).map(|(_, one)| *one.hold());
        let spent = self.entries.iter().filter(|(owner, _)| of(*owner)).map(|(_, amounts)| *amounts);
        let sum = |sum: Amounts, more: Amounts| sum.plus(&more);
        Balance { held: held.fold(Amounts::ZERO, sum), spent: spent.fold(Amounts::ZERO, sum) }
    }

    fn check(&self) {
        assert_eq!(self.tenant.balance, self.sums(|_| true), "the tenant's");
        check_granted(&self.tenant);
        for (index, customer) in self.customers.iter().enumerate() {
            assert_eq!(customer.balance, self.sums(|owner| owner == index), "customer {index}'s");
            check_granted(customer);
        }
    }
}

fn some_quota(random: &mut Random) -> Quota {
    let mut cap = |most: u64| (random.below(4) > 0).then(|| random.below(most));
    Quota { records: cap(600), bytes: cap(60_000), runs: cap(80), ..Quota::default() }
}

fn check_granted(account: &Account) {
    for meter in Meter::ALL {
        let used = account.balance.spent.of(meter) + account.balance.held.of(meter);
        assert!(account.quota.granted(meter).is_none_or(|granted| used <= granted), "{meter}: {account:?}");
    }
}

#[test]
fn holds_are_open_reservations_and_spendings_are_entries_after_every_step() {
    let mut settled = 0;
    for seed in 0..40 {
        let mut world = World::new(seed);
        for _ in 0..400 {
            world.step();
            world.check();
        }
        settled += world.entries.iter().filter(|(_, amounts)| amounts.records > 0).count();
    }
    assert!(settled > 400, "only {settled} settlements were tried");
}
