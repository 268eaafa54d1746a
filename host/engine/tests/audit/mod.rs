//! The audit log: what is found in it, what shows when it was tampered with, and whom it says was turned away.

mod windows;

use std::net::IpAddr;

use serde_json::json;
use weighbridge::account::{AuditFilter, AuditPage, NewCustomer, VerifyAudit};
use weighbridge::model::access::{Action, Actor, Role, Scopes, Who, authorize};
use weighbridge::model::audit::AuditRow;
use weighbridge::model::id::UserId;
use weighbridge::model::problem::ProblemCode;
use weighbridge::people::{NewUser, OpenAccount};
use weighbridge::{Engine, TurnedAway};
use weighbridge_store::tables::{Audit, AuditHeads};
use weighbridge_store::{TenantScope, Tx, TxError};

use crate::pull::desk::Desk;
use crate::pull::source::Register;
use crate::rights::may;

async fn desk() -> Desk {
    Desk::new(Register::with_orders(3)).await
}

fn lines(desk: &Desk, filter: &AuditFilter) -> AuditPage {
    let may = authorize(&Actor::owner(), desk.scope.tenant_id()).unwrap();
    desk.engine.audit_lines(&may, filter).unwrap()
}

fn acts(page: &AuditPage) -> Vec<String> {
    page.items.iter().map(|one| one.line.act.to_string()).collect()
}

/// Somebody of the tenant's, who took their invitation.
async fn staff(desk: &Desk) -> Actor {
    let may = authorize(&Actor::owner(), desk.scope.tenant_id()).unwrap();
    let new = NewUser { email: "Support@Partner.example".into(), name: Some("Sue".into()), role: Role::TenantSupport };
    let invited = desk.engine.invite_staff(&may, &new).await.unwrap();
    let join = json!({ "link": invited.link, "password": "correct horse battery" });
    let joined = desk.engine.join(&serde_json::from_value(join).unwrap()).await.unwrap();
    desk.engine.actor(joined.session.unwrap().reveal()).unwrap()
}

#[tokio::test]
async fn shows_a_customer_who_opened_its_account_and_why() {
    let desk = desk().await;
    let place = (desk.scope.tenant_id(), desk.scope.id());
    let actor = staff(&desk).await;
    let open = OpenAccount { reason: "a ticket".into() };
    desk.engine.open_account(&authorize(&actor, place).unwrap(), &open).await.unwrap();
    let page = desk.engine.audit_of_customer(&may(desk.scope), &AuditFilter::default()).unwrap();
    let first = &page.items[0];
    assert_eq!((first.line.act.as_str(), first.line.detail.as_str()), ("customer.opened", "a ticket"));
    assert_eq!(first.actor_name.as_deref(), Some("Sue"));
    assert_eq!(first.actor_email.as_deref(), Some("Support@Partner.example"));
    let other = desk.engine.find_customer(desk.engine.find_tenant(None).unwrap(), "other").unwrap();
    let page = desk.engine.audit_of_customer(&may(other), &AuditFilter::default()).unwrap();
    assert!(!acts(&page).contains(&"customer.opened".to_owned()), "another customer's lines are not shown");
}

#[tokio::test]
async fn finds_lines_by_all_that_is_known_of_them() {
    let desk = desk().await;
    staff(&desk).await;
    let all = lines(&desk, &AuditFilter::default()).items.len();
    let found = |filter: AuditFilter| acts(&lines(&desk, &filter));
    let filter = AuditFilter { act: Some("user.*".into()), ..AuditFilter::default() };
    assert_eq!(found(filter), ["user.signed_in", "user.joined", "user.invited"], "the newest first");
    let filter = AuditFilter { actor: Some("support@partner.example".into()), ..AuditFilter::default() };
    assert_eq!(found(filter), ["user.signed_in", "user.joined"]);
    let filter =
        AuditFilter { customer: Some(desk.scope.id()), act: Some("service.created".into()), ..AuditFilter::default() };
    assert_eq!(found(filter), ["service.created"]);
    let filter = AuditFilter { subject: Some(desk.access_id.clone()), ..AuditFilter::default() };
    assert_eq!(found(filter), ["service.created"]);
    assert_eq!(found(AuditFilter { denied: Some(true), ..AuditFilter::default() }), [""; 0]);
    assert_eq!(found(AuditFilter { to: Some("2026-01-15".into()), ..AuditFilter::default() }), [""; 0]);
    assert_eq!(found(AuditFilter { from: Some("2026-01-15".into()), ..AuditFilter::default() }).len(), all);
}

#[tokio::test]
async fn turns_pages_both_ways_over_the_same_lines() {
    let desk = desk().await;
    let tenant = authorize(&Actor::owner(), desk.scope.tenant_id()).unwrap();
    for number in 0..7 {
        let new = NewCustomer { name: format!("c{number}"), ..NewCustomer::default() };
        desk.engine.create_customer(&tenant, &new).await.unwrap();
    }
    let page = |cursor: Option<String>| {
        lines(
            &desk,
            &AuditFilter { act: Some("customer.created".into()), limit: Some(3), cursor, ..AuditFilter::default() },
        )
    };
    let names = |page: &AuditPage| page.items.iter().map(|one| one.line.detail.clone()).collect::<Vec<_>>();
    let first = page(None);
    let second = page(first.next.clone());
    let third = page(second.next.clone());
    assert_eq!([names(&first), names(&second)].concat(), ["c6", "c5", "c4", "c3", "c2", "c1"]);
    assert_eq!((names(&third), third.next.clone()), (vec!["c0".to_owned()], None));
    assert_eq!(names(&page(third.previous.clone())), names(&second));
    let back = page(second.previous.clone());
    assert_eq!((names(&back), back.previous), (names(&first), None));
}

fn verified(engine: &Engine, checkpoint: Option<serde_json::Value>) -> Vec<(u64, String)> {
    let may = authorize(&Actor::owner(), ()).unwrap();
    let verified = engine.verify_audit(&may, &VerifyAudit { checkpoint }).unwrap();
    let broken = verified.chains.iter().filter_map(|chain| Some((chain.broken_line?, chain.what.clone()?)));
    let broken: Vec<_> = broken.collect();
    assert_eq!(verified.sound, broken.is_empty());
    broken
}

/// Somebody at work in the file.
async fn tamper(desk: &Desk, change: impl Fn(&mut Tx<'_>, TenantScope) -> Result<(), TxError> + Send + 'static) {
    let scope = desk.scope.tenant();
    desk.writing().write(move |tx| change(tx, scope)).await.unwrap();
}

fn row(tx: &Tx<'_>, scope: TenantScope, number: u64) -> AuditRow {
    tx.get::<Audit>(&scope, &number).unwrap().unwrap()
}

#[tokio::test]
async fn finds_an_edited_a_moved_and_a_missing_line() {
    let sound = desk().await;
    assert_eq!(verified(&sound.engine, None), []);
    let edited = desk().await;
    tamper(&edited, |tx, scope| tx.put::<Audit>(&scope, &2, &AuditRow { count: 9, ..row(tx, scope, 2) })).await;
    assert_eq!(verified(&edited.engine, None)[0].0, 2);
    let moved = desk().await;
    tamper(&moved, |tx, scope| {
        let (one, other) = (row(tx, scope, 1), row(tx, scope, 2));
        tx.put::<Audit>(&scope, &1, &other)?;
        tx.put::<Audit>(&scope, &2, &one)
    })
    .await;
    assert_eq!(verified(&moved.engine, None)[0].0, 1);
    let missing = desk().await;
    tamper(&missing, |tx, scope| tx.remove::<Audit>(&scope, &2)).await;
    assert_eq!(verified(&missing.engine, None)[0].0, 2);
}

/// Cuts the last line off, and its head with it, as an older file would have it.
fn cut(tx: &mut Tx<'_>, scope: TenantScope) -> Result<(), TxError> {
    let mut head = tx.need::<AuditHeads>(&scope, &())?;
    tx.remove::<Audit>(&scope, &head.count)?;
    head.count -= 1;
    head.hash = row(tx, scope, head.count).hash;
    tx.put::<AuditHeads>(&scope, &(), &head)
}

#[tokio::test]
async fn a_cut_off_end_and_an_older_file_show_against_a_checkpoint_of_before() {
    let desk = desk().await;
    let may_host = authorize(&Actor::owner(), ()).unwrap();
    let checkpoint = desk.engine.audit_checkpoint(&may_host).unwrap();
    assert_eq!(verified(&desk.engine, Some(checkpoint.clone())), []);
    tamper(&desk, cut).await;
    assert_eq!(verified(&desk.engine, None), [], "by itself it looks whole");
    assert_eq!(verified(&desk.engine, Some(checkpoint.clone())).len(), 1);
    // Lines written after an older file was brought back are others than those that the checkpoint has.
    let tenant = authorize(&Actor::owner(), desk.scope.tenant_id()).unwrap();
    for name in ["later", "later still"] {
        desk.engine
            .create_customer(&tenant, &NewCustomer { name: name.into(), ..NewCustomer::default() })
            .await
            .unwrap();
    }
    assert!(verified(&desk.engine, Some(checkpoint.clone()))[0].1.contains("written anew"));
    let mut forged = checkpoint;
    forged["said"]["chains"] = json!([]);
    let refused = desk.engine.verify_audit(&may_host, &VerifyAudit { checkpoint: Some(forged) }).unwrap_err();
    assert_eq!((refused.code, refused.errors[0].at.as_str()), (ProblemCode::Invalid, "checkpoint"));
}

fn viewer(desk: &Desk) -> Actor {
    Actor {
        who: Who::User(UserId::from_bytes([9; 16])),
        tenant: Some(desk.scope.tenant_id()),
        customer: Some(desk.scope.id()),
        role: Role::CustomerViewer,
        impersonates: false,
        scopes: Scopes::ALL,
    }
}

async fn turn_away(desk: &Desk, actor: Option<&Actor>, code: ProblemCode) {
    let address = Some(IpAddr::from([192, 0, 2, 1]));
    let action = Action::ConnectionsChange;
    desk.engine.note_turned_away(TurnedAway { actor, address, action, customer: None, code }).await;
}

/// Reason and count of what was denied, the newest first.
fn denied(desk: &Desk) -> Vec<(String, u64)> {
    let page = lines(desk, &AuditFilter { denied: Some(true), ..AuditFilter::default() });
    page.items.iter().map(|one| (one.line.denied.clone().unwrap().to_string(), one.line.count)).collect()
}

#[tokio::test]
async fn counts_what_repeats_and_tells_of_it_at_first_when_the_reason_changes_and_every_quarter_of_an_hour() {
    let desk = desk().await;
    let viewer = viewer(&desk);
    let line = |code: &str, count| (code.to_owned(), count);
    for _ in 0..5 {
        turn_away(&desk, Some(&viewer), ProblemCode::Role).await;
    }
    assert_eq!(denied(&desk), [line("access.role", 1)], "the first at once");
    turn_away(&desk, Some(&viewer), ProblemCode::TokenScope).await;
    assert_eq!(denied(&desk), [line("access.token_scope", 1), line("access.role", 4), line("access.role", 1)]);
    turn_away(&desk, Some(&viewer), ProblemCode::TokenScope).await;
    desk.pass(15 * 60_000);
    turn_away(&desk, Some(&viewer), ProblemCode::TokenScope).await;
    assert_eq!(denied(&desk)[0], line("access.token_scope", 2));
    turn_away(&desk, Some(&viewer), ProblemCode::TokenScope).await;
    desk.engine.tell_of_turned_away(false).await.unwrap();
    assert_eq!(denied(&desk).len(), 4, "the span is open");
    desk.engine.tell_of_turned_away(true).await.unwrap();
    assert_eq!(denied(&desk)[0], line("access.token_scope", 1), "at the end of the process");
    assert_eq!(verified(&desk.engine, None), []);
}

#[tokio::test]
async fn counts_those_whom_nobody_knows_by_address_and_minute() {
    let desk = desk().await;
    for _ in 0..3 {
        turn_away(&desk, None, ProblemCode::NotSignedIn).await;
    }
    let told = || {
        let filter = AuditFilter { denied: Some(true), ..AuditFilter::default() };
        let page = desk.engine.audit_of_host(&authorize(&Actor::owner(), ()).unwrap(), &filter).unwrap();
        page.items.into_iter().map(|one| (one.line.detail, one.line.count)).collect::<Vec<_>>()
    };
    desk.engine.tell_of_turned_away(false).await.unwrap();
    assert!(told().is_empty(), "the minute is not over");
    desk.pass(60_000);
    desk.engine.tell_of_turned_away(false).await.unwrap();
    assert_eq!(told(), [("192.0.2.1".to_owned(), 3)]);
    assert!(denied(&desk).is_empty(), "no tenant is told of it");
}
