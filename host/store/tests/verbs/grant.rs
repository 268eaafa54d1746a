//! One renews, and what it brings is kept under its fence.

use weighbridge_model::connection::ConnectionState;
use weighbridge_model::digest::Digest;
use weighbridge_model::event::EventKind;
use weighbridge_model::grant::{Grant, LEASE_MS, StaleRenewal, Step};
use weighbridge_model::id::SignInId;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::tables::{Connections, Events, Grants, SpentSignIns};
use weighbridge_store::verbs::{
    GrantOf, Pair, Spent, begin_renewal, drop_tokens, end_renewal, give_grant, keep_renewed, need_sign_in,
};
use weighbridge_store::{HostScope, Store};

use super::{CONNECTION, NOW, scope, sealed, store, tenant};

fn of() -> GrantOf {
    GrantOf { scope: tenant(), connection: CONNECTION, own_client: None, alone_since: NOW }
}

fn pair(expires_s: i64) -> Pair {
    Pair { tokens: sealed(), expires_at: Some(later(expires_s)) }
}

const fn later(seconds: i64) -> Timestamp {
    NOW.plus_millis(seconds * 1_000)
}

fn ids(number: u8) -> (SignInId, SignInId) {
    (SignInId::new(NOW, [number; 10]), SignInId::new(later(-600), [0; 10]))
}

async fn give(store: &Store, number: u8, expires_s: i64) -> Result<(), Spent> {
    give_grant(store, of(), ids(number), pair(expires_s), NOW, |_| Ok(())).await.unwrap()
}

/// What the tenant is told of.
fn told(store: &Store) -> Vec<EventKind> {
    let rows = store.read(|tx| tx.scan::<Events>(&tenant(), None, 9)).unwrap();
    rows.into_iter().map(|(_, event)| event.kind).collect()
}

fn grant(store: &Store) -> Option<Grant> {
    store.read(|tx| tx.get::<Grants>(&tenant(), &CONNECTION)).unwrap()
}

fn state(store: &Store) -> ConnectionState {
    store.read(|tx| tx.need::<Connections>(&tenant(), &CONNECTION)).unwrap().state
}

async fn begin(store: &Store, now: Timestamp) -> (Step, Option<Grant>) {
    begin_renewal(store, of(), None, now).await.unwrap()
}

#[tokio::test]
async fn one_renews_and_the_others_wait() {
    let store = store(WriteMode::Upsert).await;
    assert_eq!(begin(&store, NOW).await, (Step::SignIn, None), "nobody gave a grant");
    give(&store, 1, 100).await.unwrap();
    assert_eq!(begin(&store, NOW).await.0, Step::Use);
    let (first, mine) = begin(&store, later(99)).await;
    assert_eq!((first, begin(&store, later(99)).await.0), (Step::Renew, Step::Wait(later(99).plus_millis(LEASE_MS))));
    keep_renewed(&store, of(), mine.unwrap().fence, pair(200), later(99)).await.unwrap().unwrap();
    let (step, now) = begin(&store, later(100)).await;
    assert_eq!((step, now.unwrap().version), (Step::Use, 2));
}

#[tokio::test]
async fn what_a_renewal_brings_after_its_lease_is_not_kept() {
    let store = store(WriteMode::Upsert).await;
    give(&store, 1, 100).await.unwrap();
    let slow = begin(&store, later(99)).await.1.unwrap();
    let quick = begin(&store, later(99).plus_millis(LEASE_MS)).await.1.unwrap();
    keep_renewed(&store, of(), quick.fence, pair(900), later(170)).await.unwrap().unwrap();
    assert_eq!(keep_renewed(&store, of(), slow.fence, pair(500), later(171)).await.unwrap(), Err(StaleRenewal));
    let refused = Some("oauth.invalid_grant".parse().unwrap());
    assert!(!end_renewal(&store, of(), slow.fence, refused, NOW).await.unwrap(), "the newer one stands");
    assert_eq!((grant(&store).unwrap().refused, state(&store)), (None, ConnectionState::Ready));
    assert_eq!(told(&store), []);
}

#[tokio::test]
async fn a_refused_grant_is_kept_and_its_connection_needs_a_sign_in_until_one_comes() {
    let store = store(WriteMode::Upsert).await;
    give(&store, 1, 100).await.unwrap();
    let mine = begin(&store, later(99)).await.1.unwrap();
    let refused = Some("oauth.invalid_grant".parse().unwrap());
    assert!(end_renewal(&store, of(), mine.fence, refused, NOW).await.unwrap());
    assert_eq!(told(&store), [EventKind::SignInNeeded]);
    let kept = grant(&store).unwrap();
    assert!(kept.tokens.is_some() && kept.refused.is_some());
    assert_eq!((state(&store), begin(&store, later(100)).await.0), (ConnectionState::NeedsSignIn, Step::SignIn));
    give(&store, 2, 1_000).await.unwrap();
    assert_eq!((state(&store), begin(&store, later(100)).await.0), (ConnectionState::Ready, Step::Use));
}

#[tokio::test]
async fn a_refusal_that_comes_late_does_not_close_a_connection_that_was_authorised_again() {
    let store = store(WriteMode::Upsert).await;
    give(&store, 1, 100).await.unwrap();
    let used = store.read(|tx| tx.need::<Connections>(&tenant(), &CONNECTION)).unwrap();
    need_sign_in(&store, scope(), used, NOW).await.unwrap();
    assert_eq!(state(&store), ConnectionState::Ready);
}

#[tokio::test]
async fn a_sign_in_is_good_for_one_grant_and_forgotten_when_it_is_over() {
    let store = store(WriteMode::Upsert).await;
    give(&store, 1, 100).await.unwrap();
    assert_eq!(give(&store, 1, 100).await, Err(Spent));
    assert_eq!(grant(&store).unwrap().version, 1);
    let much_later = (SignInId::new(later(10_000), [2; 10]), SignInId::new(later(9_400), [0; 10]));
    give_grant(&store, of(), much_later, pair(20_000), later(10_000), |_| Ok(())).await.unwrap().unwrap();
    let spent = store.read(|tx| tx.keys::<SpentSignIns>(HostScope::new(), None, 10)).unwrap();
    assert_eq!(spent.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), [much_later.0]);
}

#[tokio::test]
async fn tokens_that_were_taken_back_are_gone_and_no_renewal_brings_them_again() {
    let store = store(WriteMode::Upsert).await;
    give(&store, 1, 100).await.unwrap();
    let mine = begin(&store, later(99)).await.1.unwrap();
    drop_tokens(&store, of(), "oauth.revoked".parse().unwrap(), |_| Ok(())).await.unwrap();
    assert_eq!(keep_renewed(&store, of(), mine.fence, pair(900), later(100)).await.unwrap(), Err(StaleRenewal));
    assert_eq!((grant(&store).unwrap().tokens, state(&store)), (None, ConnectionState::NeedsSignIn));
}

#[tokio::test]
async fn a_client_of_its_own_begins_by_itself_and_anew_when_it_changes() {
    let store = store(WriteMode::Upsert).await;
    let by = |client: &[u8]| GrantOf { own_client: Some(Digest::of(client)), ..of() };
    let (step, first) = begin_renewal(&store, by(b"a"), None, NOW).await.unwrap();
    assert_eq!(step, Step::Renew);
    let refused = Some("oauth.invalid_client".parse().unwrap());
    assert!(end_renewal(&store, by(b"a"), first.unwrap().fence, refused, NOW).await.unwrap());
    assert_eq!(begin_renewal(&store, by(b"a"), None, NOW).await.unwrap().0, Step::SignIn);
    assert_eq!(begin_renewal(&store, by(b"b"), None, NOW).await.unwrap().0, Step::Renew);
}
