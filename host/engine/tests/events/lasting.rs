//! Events over days: a receiver that asks for time has it, one that takes nothing for five days is told of nothing more, and what
//! is old is forgotten.

use std::time::Duration;

use weighbridge::account::AuditFilter;
use weighbridge::events::{ChangeEventAddress, EventAddressStatus, EventAddressView, EventState, ReplayEvents};
use weighbridge::model::event::{DeliveryState, EventKind};
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::tenant::Switch;
use weighbridge::model::time::Timestamp;
use weighbridge_native::{Hands, House, Shop};

use super::receiver::Receiver;
use super::{add, allow, carry, comes_to, events, fail, succeed, tenant};
use crate::rights::may;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A house under a clock of its own, a receiver that answers so, and the instant at which both begin.
struct Days {
    house: House,
    clock: Hands,
    receiver: Receiver,
    began: Timestamp,
}

impl Days {
    async fn begin(answers: &[&'static str]) -> Self {
        let origin = House::new(Shop::with_orders(1), "rejections = { count = 0, share = 1000 }").await;
        let clock = Hands::as_of_now();
        let house = origin.like(Shop::with_orders(1), &clock).await;
        allow(&house.engine, tenant(&house.engine)).await;
        let receiver = Receiver::new(answers).await;
        add(&house.engine, &receiver).await;
        let began = house.engine.now();
        carry(&house);
        Self { house, clock, receiver, began }
    }

    /// So long after the beginning; whoever waits for the clock looks at it.
    async fn at(&self, millis: i64) {
        self.clock.set(self.began.plus_millis(millis));
        let somebody = format!("[[customer]]\nname = \"after {millis} ms\"\n");
        self.house.apply(&format!("[tenant]\nname = \"Partner\"\n{somebody}")).await;
    }

    fn address(&self) -> EventAddressView {
        let tenant = tenant(&self.house.engine);
        self.house.engine.event_addresses(&may(tenant)).unwrap().items.remove(0)
    }

    /// Waits until the newest event was tried so often.
    async fn tried(&self, times: usize) {
        for _ in 0..2_000 {
            let tried = events(&self.house.engine)
                .first()
                .map_or(0, |event| event.deliveries.first().map_or(0, |one| one.attempts.len()));
            if tried >= times {
                return assert_eq!(tried, times);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("it was to be tried {times} times: {:?}", events(&self.house.engine));
    }

    /// So many requests came, and no more of them for a while.
    async fn came_only(&self, count: usize) {
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(self.receiver.got().len(), count, "{:?}", self.receiver.kinds());
    }
}

#[tokio::test]
async fn a_receiver_is_left_alone_for_as_long_as_it_asks_and_gets_the_same_then() {
    let days = Days::begin(&["429 Too Many Requests\r\nretry-after: 7200"]).await;
    fail(&days.house).await;
    days.tried(1).await;
    let next = events(&days.house.engine)[0].deliveries[0].next_at.unwrap().0;
    let wait = next.as_millis() - days.began.as_millis();
    assert!((2 * HOUR_MS..2 * HOUR_MS + 25 * MINUTE_MS).contains(&wait), "{wait} ms");
    days.at(2 * HOUR_MS - MINUTE_MS).await;
    days.came_only(1).await;
    days.at(wait).await;
    let got = days.receiver.when(2).await;
    assert_eq!(got[0].id, got[1].id);
    comes_to(&days.house.engine, EventState::Delivered).await;
}

#[tokio::test]
async fn a_receiver_that_asks_for_nothing_is_asked_again_within_seconds() {
    let days = Days::begin(&["429 Too Many Requests"]).await;
    fail(&days.house).await;
    days.tried(1).await;
    days.at(7_000).await;
    days.receiver.when(2).await;
}

#[tokio::test]
async fn an_address_that_took_nothing_for_five_days_is_suspended_and_says_so() {
    let days = Days::begin(&["500 Down"; 4]).await;
    fail(&days.house).await;
    days.tried(1).await;
    days.at(5 * DAY_MS - MINUTE_MS).await;
    days.tried(2).await;
    let failing = days.address();
    assert_eq!((failing.status, failing.halt.is_none()), (EventAddressStatus::On, true));
    assert_eq!(failing.failing_since.unwrap().0, days.began);
    days.at(5 * DAY_MS + 10 * MINUTE_MS).await;
    days.tried(3).await;
    comes_to(&days.house.engine, EventState::Failed).await;
    let halted = days.address();
    let halt = halted.halt.unwrap();
    assert_eq!((halted.status, halt.code.as_str()), (EventAddressStatus::Suspended, "event_address.failing"));
    assert_eq!(halt.at.0, days.house.engine.now());
    let told = days.house.engine.audit_lines(&may(tenant(&days.house.engine)), &AuditFilter::default()).unwrap();
    let acts = told.items.iter().filter(|one| one.line.act.to_string() == "event_address.suspended").count();
    assert_eq!(acts, 1);
    succeed(&days.house).await;
    days.at(6 * DAY_MS).await;
    days.came_only(3).await;
}

#[tokio::test]
async fn an_address_that_is_switched_on_again_has_five_days_once_more_and_is_sent_what_it_missed() {
    let days = Days::begin(&["500 Down", "500 Down", "500 Down"]).await;
    let (engine, owner) = (&days.house.engine, tenant(&days.house.engine));
    fail(&days.house).await;
    days.tried(1).await;
    days.at(5 * DAY_MS).await;
    comes_to(engine, EventState::Failed).await;
    let id = days.address().id;
    let replay = ReplayEvents { from: "2020-01-01".into(), to: "2999-01-01".into(), address: Some(id) };
    let refused = engine.replay_events(&may(owner), &replay).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::EventAddressOff);
    let on = ChangeEventAddress { switch: Some(Switch::On), ..ChangeEventAddress::default() };
    engine.change_event_address(&may(owner), id, &on, None).await.unwrap();
    assert_eq!(days.address().failing_since, None);
    assert_eq!(engine.replay_events(&may(owner), &replay).await.unwrap().events, 1);
    days.tried(3).await;
    assert_eq!(days.address().status, EventAddressStatus::On, "it failed again, and not for long");
    days.at(5 * DAY_MS + 10 * MINUTE_MS).await;
    comes_to(engine, EventState::Delivered).await;
    assert_eq!(days.address().failing_since, None);
}

#[tokio::test]
async fn an_event_is_forgotten_after_thirty_days_with_its_tries_and_a_younger_one_is_not() {
    let days = Days::begin(&[]).await;
    let (engine, owner) = (&days.house.engine, tenant(&days.house.engine));
    fail(&days.house).await;
    comes_to(engine, EventState::Delivered).await;
    let old = events(engine)[0].id;
    days.at(10 * DAY_MS).await;
    succeed(&days.house).await;
    days.receiver.when(2).await;
    days.at(30 * DAY_MS - MINUTE_MS).await;
    assert_eq!((engine.sweep_events().await.unwrap(), events(engine).len()), (0, 2));
    days.at(30 * DAY_MS + MINUTE_MS).await;
    assert_eq!(engine.sweep_events().await.unwrap(), 1);
    assert_eq!(engine.event(&may(owner), old).unwrap_err().code, ProblemCode::NotThere);
    let left = events(engine);
    assert_eq!((left.len(), left[0].kind), (1, EventKind::RunRecovered));
    assert_eq!(left[0].deliveries[0].state, DeliveryState::Delivered, "its tries stay");
    let replay = ReplayEvents { from: "2020-01-01".into(), to: "2999-01-01".into(), address: None };
    assert_eq!(
        engine.replay_events(&may(owner), &replay).await.unwrap().events,
        1,
        "what is forgotten is not sent again"
    );
    assert_eq!(engine.sweep_events().await.unwrap(), 0);
}

#[tokio::test]
async fn an_event_that_nobody_could_be_told_of_is_forgotten_too_and_is_not_sent_late() {
    let days = Days::begin(&["500 Down"]).await;
    let engine = &days.house.engine;
    fail(&days.house).await;
    days.tried(1).await;
    days.house.apply("[tenant]\nname = \"Partner\"\nstatus = \"inactive\"\n").await;
    days.at(31 * DAY_MS).await;
    assert_eq!((engine.sweep_events().await.unwrap(), events(engine).len()), (1, 0));
    days.house.apply("[tenant]\nname = \"Partner\"\nstatus = \"active\"\n").await;
    days.at(31 * DAY_MS + HOUR_MS).await;
    days.came_only(1).await;
}
