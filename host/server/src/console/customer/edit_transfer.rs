//! A transfer, new or known: where from and where to, how, and when by itself, with the next times that it would run.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::{Fires, ScheduleView, TransferView};
use weighbridge::model::access::kinds;
use weighbridge::model::endpoint::Direction;
use weighbridge::model::failing::FAILURES_MAX;
use weighbridge::model::problem::Problem;
use weighbridge::model::time::Timestamp;
use weighbridge::model::transfer::{BatchLimit, Rejections};

use super::Part;
use super::transfer::{above, fires, found};
use super::transfers::{path, places};
use crate::console::parts::{self, Ask};
use crate::console::screen::{Drawn, Screen};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    let to = |v: &Visit, given: &Value| format!("{}/transfers/{}", v.home(), given["id"].as_str().unwrap_or_default());
    let at = |end: &str| format!("/console/customers/{{customer}}/transfers/{end}");
    vec![
        Screen::new(at("new"), new).leads("transfer add", to, "transfer-added").tries("transfer fires"),
        Screen::new(at("{transfer}/edit"), edit).leads("transfer change", to, "saved").tries("transfer fires"),
    ]
}

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::TransfersChange>()?;
    let places = places(&v)?;
    let above = above(&v, None);
    let part = Part {
        above: &above,
        about: Some(v.t("transfers-new-about")),
        ..Part::new("transfers", "", v.t("transfers-new"))
    };
    let of = |direction: Direction| -> Vec<(String, String)> {
        let mut all: Vec<_> = places.values().filter(|one| one.direction == direction).collect();
        all.sort_by_key(|one| &one.name);
        let named = |one: &&weighbridge::account::EndpointView| match &one.connection_label {
            Some(label) => (one.id.to_string(), format!("{} · {label}", one.name)),
            None => (one.id.to_string(), one.name.clone()),
        };
        all.iter().map(named).collect()
    };
    let (sources, destinations) = (of(Direction::Source), of(Direction::Destination));
    if sources.is_empty() || destinations.is_empty() {
        let add = parts::primary(&format!("{}/endpoints/new", v.home()), "add", &v.t("endpoints-new"));
        let empty = parts::empty("run", &v.t("transfers-no-ends"), &v.t("transfers-no-ends-about"), &add);
        return part.sheet(&v, &html! { div.card { (empty) } });
    }
    let ask = Ask::new(&v, "transfer add").also("transfer fires");
    let body = ask.form(&html! {
        (ask.field("name", "customers-name").hint("transfer-name-hint").required().text())
        div.pair {
            (ask.field("source", "side-source").required().choice(&sources))
            (ask.field("destination", "side-destination").required().choice(&destinations))
        }
        (rest(&v, &ask, None)?)
        (ask.send_or_back("transfers-make", &format!("{}/transfers", v.home())))
    });
    part.sheet(&v, &parts::card("", &body))
}

async fn edit(v: Visit) -> Drawn {
    v.may::<kinds::TransfersChange>()?;
    let one = found(&v)?;
    let above = above(&v, Some(&one));
    let title = v.say("edit-title", &[("name", one.name.as_str().into())]);
    let part = Part { above: &above, about: Some(v.t("transfer-edit-about")), ..Part::new("transfers", "", title) };
    let ask = Ask::new(&v, "transfer change").seen(&one.etag).also("transfer fires");
    let body = html! {
        (parts::card("", &ask.form(&html! {
            (rest(&v, &ask, Some(&one))?)
            (ask.send_or_back("save", &path(&v, &one)))
        })))
        div.row { (parts::link(&format!("{}/remove", path(&v, &one)), "remove", &v.t("transfer-remove"))) }
    };
    part.sheet(&v, &body)
}

/// How it moves, and when.
fn rest(v: &Visit, ask: &Ask<'_>, one: Option<&TransferView>) -> Result<Markup, Problem> {
    let mappings = v.engine.mappings(&v.may::<kinds::TransfersRead>()?)?.items;
    let as_it_is = one.is_none_or(|one| one.mapping_id.is_none()).then(|| (String::new(), v.t("transfer-as-it-is")));
    let mappings: Vec<_> =
        as_it_is.into_iter().chain(mappings.into_iter().map(|one| (one.id.to_string(), one.name))).collect();
    let words = |kind: &str, words: &[&str]| -> Vec<(String, String)> {
        words.iter().map(|word| ((*word).to_owned(), v.word(kind, word))).collect()
    };
    let fitting = one.is_none().then(|| (String::new(), v.t("transfer-sync-fitting")));
    let reads: Vec<_> = fitting.into_iter().chain(words("sync", &["incremental", "full_refresh"])).collect();
    let limit = one.map_or_else(BatchLimit::default, |one| one.limit);
    let rejections = one.map_or_else(Rejections::default, |one| one.rejections);
    let mapping = one.and_then(|one| one.mapping_id).map(|id| id.to_string());
    Ok(html! {
        (ask.field("mapping", "transfer-mapping").hint("transfer-mapping-hint").value_of(mapping.as_ref()).choice(&mappings))
        div.pair {
            (ask.field("sync", "transfer-sync").value(one.map_or_else(String::new, |one| parts::worded(&one.sync))).choice(&reads))
            (ask.field("write", "transfer-write").value(one.map_or_else(|| "upsert".to_owned(), |one| parts::worded(&one.write)))
                .choice(&words("write", &["upsert", "append", "overwrite"])))
        }
        (ask.group("transfer-limit", &html! {
            div.pair {
                (ask.field("limit.records:number", "quota-records").value(limit.records).required().number())
                (ask.field("limit.bytes:number", "quota-bytes").value(limit.bytes).required().number())
            }
            p.hint { (v.t("transfer-limit-hint")) }
        }))
        (ask.group("transfer-rejections", &html! {
            div.pair {
                (ask.field("rejections.count:number", "transfer-rejections-count").value(rejections.count).required().number())
                (ask.field("rejections.share:number", "transfer-rejections-share").value(rejections.share).required().number())
            }
            p.hint { (v.t("transfer-rejections-hint")) }
        }))
        (ask.field("removals", "transfer-removals").value(one.map_or_else(|| "apply".to_owned(), |one| parts::worded(&one.removals)))
            .choice(&["apply", "ignore"].map(|word| (word.to_owned(), v.word("removals", word)))))
        (ask.field("failures_max:number", "transfer-failures-max").hint("transfer-failures-max-hint")
            .value(one.map_or(FAILURES_MAX, |one| one.failures_max)).required().number())
        (along(v, ask, one)?)
        (schedule(v, ask, one.and_then(|one| one.schedule.as_ref())))
    })
}

/// Which others begin with it: those that lead none themselves.
fn along(v: &Visit, ask: &Ask<'_>, one: Option<&TransferView>) -> Result<Markup, Problem> {
    let mut others = v.engine.transfers(&v.may::<kinds::TransfersRead>()?)?.items;
    others.retain(|other| one.is_none_or(|one| one.id != other.id) && other.along.is_empty());
    let about = |other: &TransferView| format!("{} → {}", other.source, other.destination);
    let choices: Vec<_> = others.iter().map(|other| (other.name.clone(), about(other))).collect();
    let chosen = one.map(|one| one.along.clone()).unwrap_or_default();
    Ok(html! {
        @if !choices.is_empty() {
            (ask.boxes("along:several", "transfer-along", &choices, &chosen))
            p.hint { (v.t("transfer-along-hint")) }
        }
    })
}

/// When it runs by itself. What a schedule says is written anew as a whole, so that it is all here.
fn schedule(v: &Visit, ask: &Ask<'_>, now: Option<&ScheduleView>) -> Markup {
    let text = |of: fn(&ScheduleView) -> Option<&String>| now.and_then(of);
    let day = |name: &'static str, label: &str, at: Option<Timestamp>| {
        let words = at.map(|at| v.zone.civil_words(at));
        let field = ask.field(name, label);
        match words.as_deref().and_then(|words| words.split_once(' ')) {
            Some((day, "00:00")) => field.value(day).date(),
            Some(_) => field.value(at.map(|at| at.to_string()).unwrap_or_default()).text(),
            None => field.date(),
        }
    };
    let (first, last) = (now.and_then(|one| one.not_before), now.and_then(|one| one.not_after));
    let hours = now.map(|one| one.hours.join(", ")).unwrap_or_default();
    let blackout = now.map(|one| one.blackout.join(", ")).unwrap_or_default();
    let catch_up = now.and_then(|one| one.catch_up["mode"].as_str()).unwrap_or("latest_one");
    let overlap = now.map_or_else(|| "skip".to_owned(), |one| parts::worded(&one.overlap));
    let is_usual =
        first.is_none() && last.is_none() && blackout.is_empty() && overlap == "skip" && catch_up == "latest_one";
    let is_open = !is_usual || ask.is_wrong("schedule") || tried(v).is_some();
    ask.group("schedule", &html! {
        p.hint { (v.t("schedule-about")) }
        div.pair.two {
            (ask.field("schedule.every", "schedule-every").hint("schedule-every-hint").value_of(text(|one| one.every.as_ref())).text())
            (ask.field("schedule.cron", "schedule-cron").hint("schedule-cron-hint").value_of(text(|one| one.cron.as_ref())).text())
            (ask.field("schedule.hours:words", "schedule-hours").hint("schedule-hours-hint").value(hours).text())
            (ask.field("schedule.zone", "schedule-zone").hint_text(v.say("schedule-zone-hint", &[("zone", v.zone.name().into())]))
                .value_of(text(|one| one.zone.as_ref())).text())
            (day("schedule.paused_until", "schedule-paused-until", now.and_then(|one| one.paused_until).map(|at| at.0)))
        }
        details.more open[is_open] {
            summary { (v.t("settings-more")) }
            div.pair.two {
                (day("schedule.not_before", "schedule-first", first.map(|at| at.0)))
                (day("schedule.not_after", "schedule-last", last.map(|at| at.0)))
                (ask.field("schedule.overlap", "schedule-overlap").value(overlap)
                    .choice(&["skip", "buffer_one", "cancel_other"].map(|word| (word.to_owned(), v.word("overlap", word)))))
                (ask.field("schedule.catch_up.mode", "schedule-catch-up").value(catch_up)
                    .choice(&["latest_one", "all", "none"].map(|word| (word.to_owned(), v.word("catch-up", word)))))
            }
            (ask.field("schedule.blackout:words", "schedule-blackout").hint("schedule-blackout-hint").value(&blackout).text())
        }
        @if let Some(now) = now {
            input type="hidden" name="schedule.jitter_ms:number" value=(now.jitter_ms);
            input type="hidden" name="schedule.catch_up.window_ms:number" value=(now.catch_up["window_ms"]);
            (ask.field("schedule.paused:flag", "schedule-pause").hint("schedule-pause-hint").value(now.paused).check())
        }
        div.row { (ask.trial("schedule-try")) }
        @if let Some(found) = tried(v) { div.tried role="status" { strong { (v.t("schedule-fires")) } (fires(v, &found)) } }
    })
}

/// When what was typed would run.
fn tried(v: &Visit) -> Option<Fires> {
    let given = v.answered("transfer fires")?;
    let instants = given["fires"].as_array()?.iter().filter_map(|at| Timestamp::parse(at.as_str()?));
    let fires = instants.map(weighbridge::account::At).collect();
    Some(Fires { zone: String::new(), paused: false, fires })
}
