//! One connected system: what it does, each function with its switch, its settings, who entered its credential.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::{ConnectionView, PlatformView, StandsStill};
use weighbridge::model::access::kinds;
use weighbridge::model::connection::ConnectionStatus;
use weighbridge::model::endpoint::Direction;
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::tenant::Switch;

use super::Part;
use super::sync_now::{SYNC, sync_now};
use super::webhooks::{ROTATE, shown, webhooks};
use super::whose::Whose;
use crate::console::parts::{self, Ask, Tone, badge, icon, secret_fields, setting_fields, window_fields};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    let whose = |path: &str| if path.starts_with("/console/own") { Whose::Own } else { Whose::Customer };
    let one = |path: String| {
        let of = whose(&path);
        let synced = |screen: Screen| match of {
            Whose::Own => screen,
            Whose::Customer => screen.does(SYNC, "system-synced").shows(ROTATE, shown),
        };
        let follows = if of == Whose::Own { "own-connection show" } else { "connection show" };
        synced(Screen::new(path, show))
            .follows(follows)
            .does(of.act("connection switch"), "switched")
            .tries(of.act("connection check"))
            .sends_away(of.act("connection sign-in"), to_itself)
    };
    let there = |path: String| {
        let of = whose(&path);
        Screen::new(path, sign_in).sends_away(of.act("connection sign-in"), to_itself)
    };
    let change = |path: String| {
        let of = whose(&path);
        Screen::new(path, edit)
            .leads(of.act("connection change"), to_itself, "saved")
            .leads(of.act("connection credential"), to_itself, "credential-replaced")
            .leads(of.act("connection remove"), |v, _| Whose::of(v).list(v), "system-removed")
    };
    let own = |end: &str| format!("/console/own/systems/{{connection}}{end}");
    [
        both("/systems/{connection}", one),
        both("/systems/{connection}/sign-in", there),
        both("/systems/{connection}/edit", change),
        vec![one(own("")), there(own("/sign-in")), change(own("/edit"))],
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn itself(v: &Visit) -> String {
    let id = v.ids.get("connection").and_then(serde_json::Value::as_str).unwrap_or_default();
    format!("{}/systems/{id}", v.home())
}

fn to_itself(v: &Visit, _: &serde_json::Value) -> String {
    itself(v)
}

async fn show(v: Visit) -> Drawn {
    let whose = Whose::of(&v);
    let one = whose.one(&v).await?;
    let platform = whose.platforms(&v).await?.into_iter().find(|platform| platform.integration == one.integration);
    let is_theirs = (whose == Whose::Own || !one.tenants_own) && whose.can_change(&v);
    let above = [(whose.list(&v), whose.title(&v))];
    let sync = sync_now(&v, &one, "primary")?;
    let actions = html! {
        span.single data-live="sync" { (sync) }
        @if is_theirs {
            (Ask::new(&v, whose.act("connection check")).button("", "health", &v.t("system-check")))
            (parts::link(&format!("{}/edit", itself(&v)), "edit", &v.t("edit")))
        }
    };
    let part = Part {
        above: &above,
        badge: Some(connection_badge(&v, one.status)),
        about: Some(format!("{} · {}", one.platform, one.integration_name)),
        actions,
        ..whose.part(one.label.clone())
    };
    let body = html! {
        @if let Some(given) = v.answered(whose.act("connection check")) { (answer(&v, given)) }
        div.stack data-live="system" {
            @if let Some(why) = &one.stands_still { (stands_still(&v, why)) }
            @if is_theirs && one.status == ConnectionStatus::NeedsSignIn && whose.can_enter(&v) {
                div.row { (Ask::new(&v, whose.act("connection sign-in")).button("primary", "key", &v.t("system-sign-in"))) }
            }
            @if !one.functions.is_empty() { (parts::card(&v.t("functions"), &functions(&v, &one, is_theirs))) }
            div.columns { (runs(&v, &one)) (about(&v, &one, platform.as_ref())) }
            (webhooks(&v, &one, is_theirs)?)
        }
        @if one.tenants_own && whose == Whose::Customer { (parts::whom_to_ask(&v, if v.is_customers() { "ask-partner-own" } else { "ask-own-page" })) }
    };
    part.sheet(&v, &body)
}

/// Each function with its switch, and one for all of the system. Off is asked again, on is not.
fn functions(v: &Visit, one: &ConnectionView, can_switch: bool) -> Markup {
    let line = |name: Markup, state: Switch, function: Option<String>| {
        html! {
            li {
                div { (name) }
                (switch_badge(v, state))
                @if can_switch { (switch(v, state, function)) }
            }
        }
    };
    let all = if one.status == ConnectionStatus::Off { Switch::Off } else { Switch::On };
    html! {
        ul.steps {
            (line(html! { strong { (v.t("functions-all")) } }, all, None))
            @for function in &one.functions {
                (line(
                    purpose(v, function.direction, &function.purpose),
                    function.switch,
                    Some(format!("{}:{}", direction(function.direction), function.stream)),
                ))
            }
        }
    }
}

fn switch(v: &Visit, now: Switch, function: Option<String>) -> Markup {
    let (to, sign, text) = match now {
        Switch::On => ("off", "stop", v.t("switch-off")),
        Switch::Off => ("on", "play", v.t("switch-on")),
    };
    let ask = Ask::new(v, Whose::of(v).act("connection switch")).with("switch", to);
    let ask = match function {
        Some(function) => ask.with("function", function),
        None => ask,
    };
    ask.button("small", sign, &text)
}

fn switch_badge(v: &Visit, switch: Switch) -> Markup {
    match switch {
        Switch::On => badge(Tone::Good, &v.t("switch-is-on")),
        Switch::Off => badge(Tone::Mute, &v.t("switch-is-off")),
    }
}

const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Source => "source",
        Direction::Destination => "destination",
    }
}

fn runs(v: &Visit, one: &ConnectionView) -> Markup {
    parts::card(
        &v.t("system-runs"),
        &html! {
            (parts::facts(&[
                (v.t("last-run"), html! { @match one.last_run { Some(at) => { (v.at(at)) " " small { (v.language.distance(v.now, at.0)) } }, None => (v.t("never-run")) } }),
                (v.t("next-run"), html! { @match one.next_run { Some(at) => (v.at(at)), None => (v.t("no-next-run")) } }),
            ]))
            @if Whose::of(v) == Whose::Customer { p { a href={ (v.home()) "/transfers" } { (v.t("system-transfers-link")) } } }
        },
    )
}

fn about(v: &Visit, one: &ConnectionView, platform: Option<&PlatformView>) -> Markup {
    let mut facts = vec![(v.t("window"), parts::window(v, &one.window))];
    if let Some(who) = &one.credential_by {
        let called = one.credential_by_name.as_ref().unwrap_or(who);
        let who = if one.credential_is_yours { v.t("system-credential-yours") } else { called.clone() };
        facts.push((v.t("system-credential-by"), html! { (who) }));
    }
    if let Some(at) = one.made_at {
        facts.push((v.t("made-at"), html! { (v.at(at)) }));
    }
    let body = html! { (parts::facts(&facts)) (settings(v, one, platform)) };
    parts::card(&v.t("customer-about"), &body)
}

/// What the system's form was filled in with; to staff also what the offer sets for it, folded away.
fn settings(v: &Visit, one: &ConnectionView, platform: Option<&PlatformView>) -> Markup {
    let Some(all) = &one.configuration else { return Markup::default() };
    let schema = platform.map(|platform| &platform.settings["properties"]);
    let title =
        |name: &str| schema.and_then(|schema| schema[name]["title"].as_str()).map(|title| v.language.said(title));
    let is_default = |name: &str, value: &Value| schema.is_some_and(|schema| schema[name]["default"] == *value);
    let shown = |value: &Value| match value {
        Value::String(text) => html! { (text) },
        Value::Object(_) | Value::Array(_) => {
            html! { pre tabindex="0" { (serde_json::to_string_pretty(value).unwrap_or_default()) } }
        }
        other => html! { (other) },
    };
    let (own, set): (Vec<_>, Vec<_>) = all.iter().partition(|(name, _)| title(name).is_some());
    let own: Vec<_> = own
        .into_iter()
        .filter(|(name, value)| !is_default(name, value))
        .map(|(name, value)| (title(name).unwrap_or_default(), shown(value)))
        .collect();
    let set: Vec<_> = set.into_iter().map(|(name, value)| (name.clone(), shown(value))).collect();
    html! {
        @if !own.is_empty() { (parts::facts(&own)) }
        @if !set.is_empty() && !v.is_customers() {
            details.more { summary { (v.t("system-settings-set")) } (parts::facts(&set)) }
        }
    }
}

async fn sign_in(v: Visit) -> Drawn {
    let whose = Whose::of(&v);
    let one = whose.one(&v).await?;
    let above = [(itself(&v), one.label.clone())];
    let part = Part {
        above: &above,
        about: Some(v.say("sign-in-about", &[("platform", one.platform.as_str().into())])),
        ..whose.part(v.say("sign-in-title", &[("platform", one.platform.as_str().into())]))
    };
    let body = html! {
        div.row {
            (Ask::new(&v, whose.act("connection sign-in")).button("primary", "open", &v.t("connect-go-on")))
            (parts::link(&itself(&v), "", &v.t("sign-in-later")))
        }
    };
    part.sheet(&v, &body)
}

async fn edit(v: Visit) -> Drawn {
    let whose = Whose::of(&v);
    let one = whose.one(&v).await?;
    if !whose.can_change(&v) {
        v.may::<kinds::ConnectionsChange>()?;
    }
    if whose == Whose::Customer && one.tenants_own {
        return Err(ProblemCode::Role.into());
    }
    let platform = whose.platforms(&v).await?.into_iter().find(|platform| platform.integration == one.integration);
    let above = [(whose.list(&v), whose.title(&v)), (itself(&v), one.label.clone())];
    let part = Part { above: &above, ..whose.part(v.say("edit-title", &[("name", one.label.as_str().into())])) };
    let ask = Ask::new(&v, whose.act("connection change")).seen(&one.etag);
    let now = one.configuration.clone().unwrap_or_default();
    let body = html! {
        (parts::card("", &ask.form(&html! {
            (ask.field("label", "systems-label").value(&one.label).required().text())
            @if one.replaceable && let Some(platform) = &platform { (setting_fields(&ask, (&platform.settings, &[]), &now, &Markup::default())) }
            @if one.changeable { (window_fields(&ask, Some(&one.window))) }
            (ask.send_or_back("save", &itself(&v)))
        })))
        @if whose.can_enter(&v) { (credential(&v, &one, platform.as_ref())) }
        @if whose.can_remove(&v) {
            (parts::card(&v.t("system-remove"), &html! {
                p.muted { (v.t("system-remove-about")) }
                (Ask::new(&v, whose.act("connection remove")).button("danger", "remove", &v.t("system-remove")))
            }))
        }
    };
    part.sheet(&v, &body)
}

/// Only whoever entered a credential replaces it.
fn credential(v: &Visit, one: &ConnectionView, platform: Option<&PlatformView>) -> Markup {
    let way = platform.and_then(|platform| platform.sign_in.iter().find(|way| !way.at_the_platform));
    if !one.replaceable {
        let ask = if one.changeable { "system-credential-not-yours" } else { "ask-partner-connect" };
        return parts::card(&v.t("system-credential"), &parts::whom_to_ask(v, ask));
    }
    let Some(way) = way else { return Markup::default() };
    let ask = Ask::new(v, Whose::of(v).act("connection credential")).with("scheme", &way.scheme);
    parts::card(
        &v.t("system-credential"),
        &html! {
            p.muted { (v.t("connect-secrets-hint")) }
            (ask.form(&html! { (secret_fields(&ask, &way.secrets)) (ask.send("system-credential-replace")) }))
        },
    )
}

/// What the platform said.
fn answer(v: &Visit, given: &Value) -> Markup {
    let (works, code) = (given["works"].as_bool().unwrap_or_default(), given["code"].as_str().unwrap_or_default());
    let title = v.t(if works { "system-works" } else { "system-does-not-work" });
    if works {
        let body = html! { p { strong { (title) } " " (v.t("system-works-about")) } };
        return html! { div role="status" { (parts::notice(Tone::Good, &body)) } };
    }
    let (sentence, next) = match given["class"].as_str() {
        Some(class) => (v.word("class", class), v.word("check-next", class)),
        None => parts::sentence_and_step(v, code),
    };
    let body = html! {
        p { strong { (title) " " (sentence) } " " (next) }
        @if let Some(message) = given["message"].as_str() { p.said { (message) } }
        p.code { (code) }
    };
    html! { div role="alert" { (parts::notice(Tone::Bad, &body)) } }
}

/// How a connected system stands.
pub(crate) fn connection_badge(v: &Visit, status: ConnectionStatus) -> Markup {
    let (tone, word) = match status {
        ConnectionStatus::On => (Tone::Good, "on"),
        ConnectionStatus::Off => (Tone::Mute, "off"),
        ConnectionStatus::Suspended => (Tone::Bad, "suspended"),
        ConnectionStatus::NeedsConfiguration => (Tone::Warn, "needs-configuration"),
        ConnectionStatus::NeedsSignIn => (Tone::Warn, "needs-sign-in"),
        ConnectionStatus::NotStarted => (Tone::Mute, "not-started"),
        ConnectionStatus::Ended => (Tone::Mute, "ended"),
    };
    badge(tone, &v.word("system", word))
}

/// Why something stands still, and whom to call.
pub(crate) fn stands_still(v: &Visit, why: &StandsStill) -> Markup {
    let (sentence, next) = parts::sentence_and_step(v, &why.code);
    // Staff are the partner; what they are told to do is for them.
    let whom = v.is_customers() || why.ask == "operator";
    parts::notice(
        Tone::Warn,
        &html! {
            p { strong { (sentence) } " " (next) }
            @if whom { p { (v.word("whom", &why.ask)) } }
            @if let Some(at) = why.until { p { (v.say("until-instant", &[("instant", v.at(at).into())])) } }
        },
    )
}

/// A platform's sign: its first letter.
pub(crate) fn sign(platform: &str) -> Markup {
    let first = platform.chars().find(|letter| letter.is_alphanumeric()).unwrap_or('·');
    html! { span.sign aria-hidden="true" { (first.to_uppercase().to_string()) } }
}

/// What functions are for, one below the other.
pub(crate) fn purposes<'a>(v: &Visit, functions: impl Iterator<Item = (Direction, &'a str)>) -> Markup {
    html! { ul.functions { @for (direction, what) in functions { li { (purpose(v, direction, what)) } } } }
}

/// What a function is for: whether it is read or written, and what.
pub(crate) fn purpose(v: &Visit, direction: Direction, purpose: &str) -> Markup {
    let sign = match direction {
        Direction::Source => "reads",
        Direction::Destination => "writes",
    };
    let key = direction_key(direction);
    html! { span.function title=(v.t(key)) { (icon(sign)) span.unseen { (v.t(key)) ": " } span { (v.language.said(purpose)) } } }
}

/// The word for what is done with a function's records.
pub(crate) const fn direction_key(direction: Direction) -> &'static str {
    match direction {
        Direction::Source => "function-reads",
        Direction::Destination => "function-writes",
    }
}
