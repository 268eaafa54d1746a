//! Who sees, makes and switches third parties' access, and what the audit log says of it.

use weighbridge::account::{ChangeAccess, NewAccess, RotateKey};
use weighbridge::document::WindowDocument;
use weighbridge::model::access::{Actor, Denied, Role, Scopes, Who, authorize, kinds};
use weighbridge::model::id::UserId;
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::service::MadeBy;
use weighbridge::model::tenant::Switch;

use super::desk::{Desk, access, refused};
use super::source::Register;
use crate::rights::may;

fn of_customer(desk: &Desk, role: Role) -> Actor {
    Actor {
        who: Who::User(UserId::from_bytes([9; 16])),
        tenant: Some(desk.scope.tenant_id()),
        customer: Some(desk.scope.id()),
        role,
        impersonates: false,
        scopes: Scopes::ALL,
    }
}

#[tokio::test]
async fn lets_the_customers_own_administrator_see_who_pulls_and_switch_it_off() {
    let desk = Desk::new(Register::with_orders(3)).await;
    let (admin, place) = (of_customer(&desk, Role::CustomerAdmin), (desk.scope.tenant_id(), desk.scope.id()));
    let services = desk.engine.services(&authorize(&admin, place).unwrap()).unwrap().items;
    assert_eq!((services.len(), services[0].name.as_str(), services[0].made_by), (1, "Outsourced CRM", MadeBy::Tenant));
    let off = desk.engine.switch_service(&authorize(&admin, place).unwrap(), desk.service, Switch::Off).await.unwrap();
    assert_eq!(off.refused.as_deref(), Some("external_service.off"));
    refused(desk.page(None, 2).await);
    let own = desk.engine.create_service(&authorize(&admin, place).unwrap(), &access()).await;
    assert_eq!(own.unwrap_err().code, ProblemCode::OwnServicesDenied);
    desk.tenant("own_services = \"allow\"").await;
    let own = desk.engine.create_service(&authorize(&admin, place).unwrap(), &access()).await.unwrap();
    assert_eq!(own.service.made_by, MadeBy::Customer);
}

#[tokio::test]
async fn lets_a_viewer_see_and_not_switch() {
    let desk = Desk::new(Register::with_orders(3)).await;
    let (viewer, place) = (of_customer(&desk, Role::CustomerViewer), (desk.scope.tenant_id(), desk.scope.id()));
    assert_eq!(desk.engine.services(&authorize(&viewer, place).unwrap()).unwrap().items.len(), 1);
    assert_eq!(authorize::<kinds::ServicesSwitch>(&viewer, place).unwrap_err(), Denied::Role);
}

#[tokio::test]
async fn finds_no_service_of_another_customer() {
    let desk = Desk::new(Register::with_orders(3)).await;
    let other = desk.engine.find_customer(desk.engine.find_tenant(None).unwrap(), "other").unwrap();
    assert_eq!(desk.engine.service(&may(other), desk.service).unwrap_err().code, ProblemCode::NotThere);
    let switched = desk.engine.switch_service(&may(other), desk.service, Switch::Off).await;
    assert_eq!(switched.unwrap_err().code, ProblemCode::NotThere);
    assert!(desk.engine.services(&may(other)).unwrap().items.is_empty());
}

#[tokio::test]
async fn refuses_what_cannot_be_and_keeps_nothing_of_it() {
    let desk = Desk::new(Register::with_orders(3)).await;
    let backwards = WindowDocument { start: Some("2026-03-01".into()), end: Some("2026-02-01".into()) };
    for (at, new) in [
        ("name", NewAccess { name: " ".into(), ..access() }),
        ("description", NewAccess { description: "x".repeat(2_001), ..access() }),
        ("endpoints", NewAccess { endpoints: vec!["nothing".into()], ..access() }),
        ("window", NewAccess { window: backwards, ..access() }),
        ("rate_per_minute", NewAccess { rate_per_minute: Some(u32::MAX), ..access() }),
    ] {
        let problem = desk.engine.create_service(&may(desk.scope), &new).await.unwrap_err();
        assert_eq!((problem.code, problem.errors[0].at.as_str()), (ProblemCode::Invalid, at), "{problem}");
    }
    assert_eq!(desk.engine.services(&may(desk.scope)).unwrap().items.len(), 1);
}

#[tokio::test]
async fn refuses_a_change_of_what_was_changed_meanwhile() {
    let desk = Desk::new(Register::with_orders(3)).await;
    let seen = desk.engine.service(&may(desk.scope), desk.service).unwrap().etag;
    let change = ChangeAccess { name: Some("CRM".into()), rate_per_minute: Some(9), ..ChangeAccess::default() };
    let changed = desk.engine.change_service(&may(desk.scope), desk.service, &change, Some(&seen)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.rate_per_minute), ("CRM", Some(9)));
    let again = desk.engine.change_service(&may(desk.scope), desk.service, &change, Some(&seen)).await;
    assert_eq!(again.unwrap_err().code, ProblemCode::Stale);
}

#[tokio::test]
async fn writes_every_change_to_the_audit_log_and_no_key() {
    let desk = Desk::new(Register::with_orders(3)).await;
    let may_change = may::<kinds::ServicesChange>(desk.scope);
    let change = ChangeAccess { name: Some("CRM".into()), ..ChangeAccess::default() };
    desk.engine.change_service(&may_change, desk.service, &change, None).await.unwrap();
    let shown = desk.engine.rotate_service_key(&may_change, desk.service, RotateKey::default()).await.unwrap();
    desk.engine.switch_service(&may(desk.scope), desk.service, Switch::Off).await.unwrap();
    desk.engine.switch_service(&may(desk.scope), desk.service, Switch::Off).await.unwrap();
    desk.engine.delete_service(&may_change, desk.service, Some("CRM"), None).await.unwrap();
    let lines = desk.engine.audit_of_tenant(None, &desk.access_id).unwrap();
    let acts: Vec<&str> = lines.iter().map(|line| line.act.as_str()).collect();
    let wanted = ["service.created", "service.changed", "service.key_rotated", "service.off", "service.deleted"];
    assert_eq!(acts, wanted);
    let text = format!("{lines:?}");
    assert!(!text.contains(&desk.key) && !text.contains(shown.key.reveal()));
    assert!(lines[1].changes.iter().any(|change| change.field == "name" && change.after.as_deref() == Some("CRM")));
}

#[tokio::test]
async fn shows_a_key_when_it_is_made_and_never_again() {
    let desk = Desk::new(Register::with_orders(3)).await;
    let shown = desk.engine.create_service(&may(desk.scope), &access()).await.unwrap();
    assert!(serde_json::to_string(&shown).unwrap().contains(shown.key.reveal()));
    assert!(!format!("{shown:?}").contains(shown.key.reveal()));
    let view = desk.engine.service(&may(desk.scope), shown.service.id).unwrap();
    assert!(!serde_json::to_string(&view).unwrap().contains(shown.key.reveal()));
}
