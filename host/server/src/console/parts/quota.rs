//! What may be used: asked for meter by meter, and shown beside what was used.

use maud::{Markup, html};
use weighbridge::model::meter::{Amounts, Meter, Quota};

use super::super::visit::Visit;
use super::{Ask, worded};

const FIELDS: [(Meter, &str, &str); 4] = [
    (Meter::Records, "quota.records:number", "quota-records"),
    (Meter::Bytes, "quota.bytes:number", "quota-bytes"),
    (Meter::Runs, "quota.runs:number", "quota-runs"),
    (Meter::Pulls, "quota.pulls:number", "quota-pulls"),
];

/// A field for each of these meters, with what is granted at present.
pub(crate) fn quota_fields(ask: &Ask<'_>, quota: &Quota, meters: &[Meter]) -> Markup {
    let periods: Vec<_> = ["month", "ever"].iter().map(|word| ((*word).to_owned(), ask.word("period", word))).collect();
    let period = worded(&quota.period);
    let granted = |meter: Meter| quota.granted(meter).map(|number| number.to_string()).unwrap_or_default();
    ask.group(
        "quota",
        &html! {
            div.pair {
                (ask.field("quota.period", "quota-period").value(period).choice(&periods))
                @for (meter, name, label) in asked(meters) { (ask.field(name, label).value(granted(meter)).number()) }
            }
            p.hint { (ask.t("quota-hint")) }
        },
    )
}

fn asked(meters: &[Meter]) -> impl Iterator<Item = (Meter, &'static str, &'static str)> {
    FIELDS.into_iter().filter(|(meter, ..)| meters.contains(meter))
}

/// What may be used, meter by meter, and over which time.
pub(crate) fn granted(v: &Visit, quota: &Quota) -> Vec<String> {
    let period =
        serde_json::to_value(quota.period).ok().and_then(|word| word.as_str().map(|word| v.word("period", word)));
    let line = |(meter, _, label): (Meter, &str, &str)| {
        let number = match meter {
            Meter::Bytes => v.language.bytes(quota.granted(meter)?),
            _ => v.n(quota.granted(meter)?),
        };
        Some(format!("{}: {number}", v.t(label)))
    };
    let mut lines: Vec<String> = FIELDS.into_iter().filter_map(line).collect();
    if !lines.is_empty() {
        lines.extend(period);
    }
    lines
}

/// What was used of what is granted, as facts.
pub(crate) fn used_of(v: &Visit, quota: &Quota, used: &Amounts, meters: &[Meter]) -> Vec<(String, Markup)> {
    let shown = |meter: Meter, number: u64| match meter {
        Meter::Bytes => v.language.bytes(number),
        _ => v.n(number),
    };
    let fact = |(meter, _, label): (Meter, &str, &str)| {
        let now = shown(meter, used.of(meter));
        let fact = html! {
            @match quota.granted(meter) {
                Some(granted) => {
                    (v.say("used-of", &[("used", now.into()), ("granted", shown(meter, granted).into())]))
                    meter min="0" max=(granted.max(1)) value=(used.of(meter).min(granted)) aria-label=(v.t(label)) {}
                }
                None => { (now) " " small { (v.t("used-unlimited")) } }
            }
        };
        (v.t(label), fact)
    };
    asked(meters).map(fact).collect()
}
