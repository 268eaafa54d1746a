//! Switching a customer off, opening its account, and deleting it for good.

use maud::{Markup, html};
use weighbridge::account::{CustomerView, DeletionView};
use weighbridge::model::access::kinds;
use weighbridge::model::customer::CustomerStatus;
use weighbridge::model::problem::Problem;

use crate::console::parts::{self, Ask, Column, Head, Tone};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new("/console/customers/{customer}/deactivate", deactivate).leads(
            "customer deactivate",
            |v, _| v.home(),
            "customer-deactivated",
        ),
        Screen::new("/console/customers/{customer}/open", open).enters("customer open"),
        Screen::new("/console/customers/{customer}/delete", delete)
            .does("customer delete", "customer-deleting")
            .follows("customer deletion"),
    ]
}

fn about(v: &Visit, key: &str) -> Result<(CustomerView, String, Markup), Problem> {
    let one = v.engine.customer(&v.may::<kinds::CustomerRead>()?)?;
    let title = v.say(key, &[("name", one.name.as_str().into())]);
    let above = [("/console/customers".to_owned(), v.t("nav-customers")), (v.home(), one.name.clone())];
    let head = Head { above: &above, about: Some(&v.t(&format!("{key}-about"))), ..Head::new(&title) }.show(v);
    Ok((one, title, head))
}

async fn deactivate(v: Visit) -> Drawn {
    v.may::<kinds::CustomerSwitch>()?;
    let (one, title, head) = about(&v, "customer-deactivate")?;
    let ask = Ask::new(&v, "customer deactivate").seen(&one.etag);
    let body = html! {
        (head)
        (parts::card("", &ask.form(&html! {
            (ask.field("until", "customers-until").hint("customers-until-hint").date())
            (ask.field("reason", "customers-reason").hint("customers-reason-hint").text())
            (ask.danger_or_back("customers-deactivate", &v.home()))
        })))
    };
    Ok(Sheet::new("customers", title, body))
}

async fn open(v: Visit) -> Drawn {
    v.may::<kinds::CustomerOpen>()?;
    let (_, title, head) = about(&v, "customer-open")?;
    let ask = Ask::new(&v, "customer open");
    let body = html! {
        (head)
        (parts::card("", &ask.form(&html! {
            (ask.field("reason", "customer-open-reason").hint("customer-open-reason-hint").required().text())
            (ask.send_or_back("customer-log-in-as", &v.home()))
        })))
    };
    Ok(Sheet::new("customers", title, body))
}

async fn delete(v: Visit) -> Drawn {
    let may = v.may::<kinds::CustomerDelete>()?;
    let (one, title, head) = about(&v, "customer-delete-title")?;
    let shown = match one.status {
        CustomerStatus::Deleting | CustomerStatus::Deleted => receipt(&v, &v.engine.deletion(&may)?),
        CustomerStatus::Active | CustomerStatus::Inactive => {
            let ask = Ask::new(&v, "customer delete");
            parts::card(
                "",
                &html! {
                    (parts::notice(Tone::Warn, &html! {
                        p { strong { (v.t("customer-delete-warning")) } }
                        ul { @for key in ["moves", "people", "data", "totals"] { li { (v.t(&format!("customer-delete-{key}"))) } } }
                    }))
                    (ask.form(&html! {
                        (ask.field("name", "customer-delete-name").hint_text(one.name.clone()).required().text())
                        (ask.danger_or_back("customer-delete", &v.home()))
                    }))
                },
            )
        }
    };
    Ok(Sheet::new("customers", title, html! { (head) div data-live="deletion" { (shown) } }))
}

/// Where a deletion stands, and what proves it.
fn receipt(v: &Visit, deletion: &DeletionView) -> Markup {
    let stage = parts::worded(&deletion.stage);
    let rows: Vec<_> = deletion.rows.iter().map(|one| vec![html! { (one.table) }, html! { (v.n(one.rows)) }]).collect();
    html! {
        div.stack {
            (parts::card(&v.t("deletion"), &parts::facts(&[
                (v.t("status"), parts::badge(if deletion.ended_at.is_some() { Tone::Good } else { Tone::Busy }, &v.word("stage", &stage))),
                (v.t("deletion-asked"), html! { (v.at(deletion.asked_at)) }),
                (v.t("deletion-ended"), html! { @match deletion.ended_at { Some(at) => (v.at(at)), None => "–" } }),
            ])))
            @if !deletion.platforms.is_empty() {
                (parts::card(&v.t("deletion-platforms"), &html! { ul.steps { @for one in &deletion.platforms {
                    li { div { code { (one.connection) } small { (v.language.said(&one.notice)) " " (v.language.said(&one.grant)) } } }
                } } }))
            }
            @if !rows.is_empty() {
                (parts::card(&v.t("deletion-rows"), &parts::table(&v.t("deletion-rows"),
                    &[Column::new(v.t("deletion-table")), Column::number(v.t("deletion-count"))], &rows)))
            }
            @if let Some(receipt) = &deletion.receipt {
                (parts::card(&v.t("deletion-receipt"), &html! {
                    p.muted { (v.t("deletion-receipt-about")) }
                    (parts::copied(v, "receipt", &v.t("deletion-receipt"), &serde_json::to_string_pretty(receipt).unwrap_or_default()))
                }))
            }
        }
    }
}
