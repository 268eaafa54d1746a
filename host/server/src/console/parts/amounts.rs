//! What was used of what is granted, as bars with their numbers; and how it went from day to day.

use maud::{Markup, html};
use weighbridge::account::AllowanceView;
use weighbridge::model::meter::Meter;

use super::super::visit::Visit;
use super::{card, facts};

/// The meters that people know, with the key of their names.
const METERS: [(Meter, &str); 4] = [
    (Meter::Records, "quota-records"),
    (Meter::Bytes, "quota-bytes"),
    (Meter::Runs, "quota-runs"),
    (Meter::Pulls, "quota-pulls"),
];

/// A number of a meter: bytes as people read them.
pub(crate) fn amount(v: &Visit, meter: Meter, amount: u64) -> String {
    if meter == Meter::Bytes { v.language.bytes(amount) } else { v.n(amount) }
}

/// What is granted for the present period, with what is left and on hold.
pub(crate) fn allowance(v: &Visit, title: &str, of: &AllowanceView) -> Markup {
    let limited: Vec<_> =
        METERS.iter().filter_map(|(meter, key)| Some((*meter, *key, of.quota.granted(*meter)?))).collect();
    let until = of.period_end.map(|end| v.say("usage-until", &[("instant", v.at(end).into())]));
    card(
        title,
        &html! {
            @if limited.is_empty() { p.muted { (v.t("usage-unlimited")) } }
            @for (meter, key, granted) in &limited { (bar(v, of, (*meter, key), *granted)) }
            @if let Some(until) = until.filter(|_| !limited.is_empty()) { p.muted { (until) } }
        },
    )
}

fn bar(v: &Visit, of: &AllowanceView, (meter, key): (Meter, &str), granted: u64) -> Markup {
    let (spent, held) = (of.spent.of(meter), of.held.of(meter));
    let left = granted.saturating_sub(spent).saturating_sub(held);
    let share = |part: u64| u128::from(part.min(granted)) * 1_000 / u128::from(granted.max(1));
    let (first, second) = (share(spent), share(held));
    let numbers = [("usage-spent", spent), ("on-hold", held), ("usage-left", left)];
    html! {
        div.allowance {
            div.card-head { h3 { (v.t(key)) } span.muted { (v.say("usage-granted", &[("amount", amount(v, meter, granted).into())])) } }
            svg.allowance-bar viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                rect.spent x="0" y="0" width=(first) height="10" {}
                rect.held x=(first) y="0" width=(second.min(1_000 - first)) height="10" {}
            }
            (facts(&numbers.map(|(key, number)| (v.t(key), html! { (amount(v, meter, number)) }))))
        }
    }
}

/// How much there was on each of several days, the first of them first. The numbers stand in the table below it.
pub(crate) fn columns(label: &str, amounts: &[(String, u64)]) -> Markup {
    let most = amounts.iter().map(|(_, amount)| *amount).max().unwrap_or_default().max(1);
    let height = |amount: u64| u128::from(amount) * 100 / u128::from(most);
    html! {
        @if amounts.len() > 1 {
            svg.days viewBox=(format!("0 0 {} 100", amounts.len() * 10)) preserveAspectRatio="none" role="img" aria-label=(label) {
                @for (at, (on, amount)) in amounts.iter().enumerate() {
                    rect x=(at * 10 + 1) y=(100 - height(*amount).max(1)) width="8" height=(height(*amount).max(1)) rx="1" { title { (on) } }
                }
            }
        }
    }
}
