//! Connecting a system: the notice, the way to sign in, the settings; then on to the platform's own sign-in where it has one.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::{PlatformView, SignInKind};
use weighbridge::model::access::kinds;
use weighbridge::model::id::IntegrationId;
use weighbridge::model::problem::{Problem, ProblemCode};

use super::Part;
use super::whose::Whose;
use crate::console::parts::{self, Ask, Tone, secret_fields, setting_fields};
use crate::console::screen::{Drawn, Screen, both};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    let mut all =
        both("/connect/{integration}", |path| Screen::new(path, show).leads("connection add", to_system, "connected"));
    all.push(Screen::new("/console/own/connect/{integration}", show).leads(
        "own-connection add",
        to_system,
        "connected",
    ));
    all
}

/// A system whose person signs in at the platform goes on there.
fn to_system(v: &Visit, given: &Value) -> String {
    let path = format!("{}/systems/{}", v.home(), given["id"].as_str().unwrap_or_default());
    if given["status"] == "needs_sign_in" { format!("{path}/sign-in") } else { path }
}

async fn show(v: Visit) -> Drawn {
    let (whose, wanted): (_, IntegrationId) = (Whose::of(&v), v.id("integration")?);
    let found = whose.platforms(&v).await?;
    if !whose.can_enter(&v) {
        v.may::<kinds::CredentialsEnter>()?;
    }
    let one = found.into_iter().find(|one| one.integration == wanted).ok_or(ProblemCode::NotThere)?;
    if v.is_customers() && !one.self_managed {
        return Err(Problem::from(ProblemCode::SelfManagedDenied));
    }
    let way = way(&v, &one);
    let above = [(format!("{}/connect", v.home()), v.t("platforms"))];
    let title = v.say("connect-title", &[("platform", one.name.as_str().into())]);
    let part = Part { above: &above, about: Some(v.language.said(&one.summary)), ..whose.part(title) };
    let body = html! {
        @if !one.notice.is_empty() { (parts::notice(Tone::Warn, &html! { p { (v.language.said(&one.notice)) } })) }
        @if one.sign_in.len() > 1 { (ways(&v, &one, way)) }
        (parts::card("", &form(&v, &one, way)))
    };
    part.sheet(&v, &body)
}

/// The way that was chosen, or the first.
fn way<'a>(v: &Visit, one: &'a PlatformView) -> Option<&'a SignInKind> {
    let chosen = v.asks("scheme").and_then(|name| one.sign_in.iter().find(|way| way.scheme == name));
    chosen.or_else(|| one.sign_in.first())
}

fn ways(v: &Visit, one: &PlatformView, chosen: Option<&SignInKind>) -> Markup {
    let tabs: Vec<_> = one
        .sign_in
        .iter()
        .map(|way| {
            let scheme: String = url::form_urlencoded::byte_serialize(way.scheme.as_bytes()).collect();
            (format!("{}?scheme={scheme}", v.path), v.language.said(&way.title), Some(way) == chosen)
        })
        .collect();
    parts::tabs(&v.t("connect-ways"), &tabs)
}

fn form(v: &Visit, one: &PlatformView, way: Option<&SignInKind>) -> Markup {
    let ask = Ask::new(v, Whose::of(v).act("connection add")).with("integration", one.integration);
    let goes_there = way.is_some_and(|way| way.at_the_platform);
    let spared = way.map_or(&[][..], |way| &way.spares);
    let secrets = html! {
        @if let Some(way) = way.filter(|way| !way.at_the_platform) { (secret_fields(&ask, &way.secrets)) p.hint { (v.t("connect-secrets-hint")) } }
    };
    ask.form(&html! {
        @if let Some(way) = way { input type="hidden" name="scheme" value=(way.scheme); }
        (ask.field("label", "systems-label").hint("systems-label-hint").text())
        (setting_fields(&ask, (&one.settings, spared), &serde_json::Map::new(), &secrets))
        @if goes_there { (parts::notice(Tone::Busy, &html! { p { (v.say("connect-goes-there", &[("platform", one.title.as_str().into())])) } })) }
        (ask.send_or_back(if goes_there { "connect-go-on" } else { "platforms-connect" }, &format!("{}/connect", v.home())))
    })
}
