//! The access's own refusals first, then those of everything else on the way; each is kept.

use weighbridge::account::ChangeAccess;
use weighbridge::model::gate::{Level, RefusalCode};
use weighbridge::model::tenant::Switch;
use weighbridge_store::HostScope;
use weighbridge_store::tables::Denials;

use super::desk::{Desk, ids, refused};
use super::source::Register;
use crate::rights::may;

#[tokio::test]
async fn refuses_an_endpoint_out_of_scope_and_one_that_is_not_there_alike() {
    let desk = Desk::new(Register::with_orders(1)).await;
    for endpoint in ["secret", "nothing"] {
        let request = weighbridge::PullRequest { endpoint: endpoint.into(), ..Default::default() };
        assert_eq!(refused(desk.ask(request).await), RefusalCode::ExternalServiceScope, "{endpoint}");
    }
    let change = ChangeAccess { endpoints: Some(vec!["orders".into(), "secret".into()]), ..Default::default() };
    desk.engine.change_service(&may(desk.scope), desk.service, &change, None).await.unwrap();
    let request = weighbridge::PullRequest { endpoint: "secret".into(), ..Default::default() };
    assert!(desk.ask(request).await.is_ok());
}

#[tokio::test]
async fn says_that_the_access_is_off_before_it_says_that_the_customer_is_inactive() {
    let desk = Desk::new(Register::with_orders(1)).await;
    desk.customer("status = \"inactive\"").await;
    assert_eq!(refused(desk.page(None, 5).await), RefusalCode::CustomerInactive);
    desk.engine.switch_service(&may(desk.scope), desk.service, Switch::Off).await.unwrap();
    assert_eq!(refused(desk.page(None, 5).await), RefusalCode::ExternalServiceOff);
    assert_eq!(refused(desk.engine.ping(&desk.caller().unwrap()).await), RefusalCode::ExternalServiceOff);
}

#[tokio::test]
async fn refuses_a_page_that_was_being_read_when_the_access_was_switched_off() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let first = desk.page(None, 2).await.unwrap();
    desk.register.book.lock().unwrap().slow_ms = 60;
    let (page, switched) = tokio::join!(desk.page(first.next.as_deref(), 2), async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        desk.engine.switch_service(&may(desk.scope), desk.service, Switch::Off).await
    });
    switched.unwrap();
    assert_eq!((refused(page), desk.billed()), (RefusalCode::ExternalServiceOff, (2, 1)));
    desk.engine.switch_service(&may(desk.scope), desk.service, Switch::On).await.unwrap();
    assert_eq!(ids(&desk.page(first.next.as_deref(), 2).await.unwrap()), [3, 4]);
}

#[tokio::test]
async fn refuses_whoever_was_deleted_while_they_asked() {
    let desk = Desk::new(Register::with_orders(5)).await;
    let caller = desk.caller().unwrap();
    desk.register.book.lock().unwrap().slow_ms = 60;
    let request = super::desk::request(None, 2);
    let (page, deleted) = tokio::join!(desk.engine.pull(&caller, &request), async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        desk.engine.delete_service(&may(desk.scope), desk.service, Some("Outsourced CRM"), None).await
    });
    deleted.unwrap();
    assert_eq!((refused(page), desk.billed()), (RefusalCode::ExternalServiceUnknown, (0, 0)));
    assert_eq!(refused(desk.engine.pull(&caller, &request).await), RefusalCode::ExternalServiceUnknown);
    assert_eq!(refused(desk.caller()), RefusalCode::ExternalServiceUnknown);
}

#[tokio::test]
async fn keeps_a_refusal_that_repeats_once() {
    let desk = Desk::new(Register::with_orders(1)).await;
    desk.customer("status = \"inactive\"").await;
    for _ in 0..5 {
        assert_eq!(refused(desk.page(None, 5).await), RefusalCode::CustomerInactive);
    }
    let kept = desk.store().read(|tx| tx.keys::<Denials>(HostScope::new(), None, 9)).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(desk.engine.counters().tally().refusals["customer.inactive"], 5);
}

#[tokio::test]
async fn explains_every_level_from_the_access_inwards() {
    let desk = Desk::new(Register::with_orders(1)).await;
    let services =
        desk.store().read(|tx| tx.scan::<weighbridge_store::tables::Services>(&desk.scope, None, 9)).unwrap();
    let endpoint = *services[0].1.scopes.first().unwrap();
    let explained = desk.engine.explain_service(&may(desk.scope), desk.service, endpoint).unwrap();
    assert_eq!((explained.levels[0].place.level, explained.refusal), (Level::ExternalService, None));
    desk.customer("status = \"inactive\"").await;
    let explained = desk.engine.explain_service(&may(desk.scope), desk.service, endpoint).unwrap();
    assert_eq!(explained.refusal.unwrap().code, RefusalCode::CustomerInactive);
}
