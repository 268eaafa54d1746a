//! Why is this (not) running? By an id, for any instant, level by level.

use maud::{Markup, html};
use weighbridge::account::{ExplainAny, ExplainedAny};
use weighbridge::model::access::kinds;

use crate::console::parts::{self, Head, Tone, icon};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/operate/explain", show)]
}

async fn show(v: Visit) -> Drawn {
    let may = v.may::<kinds::HostRead>()?;
    let title = v.t("nav-explain");
    let said = v.asks("of").map(|of| {
        let at = v.asks("at").map(|at| at.trim().to_owned());
        let endpoint = v.asks("endpoint").and_then(|id| id.trim().parse().ok());
        v.engine.explain_any(&may, &ExplainAny { of: of.trim().to_owned(), endpoint, at })
    });
    let body = html! {
        (Head { about: Some(&v.t("explain-about")), ..Head::new(&title) }.show(&v))
        (form(&v))
        @match &said {
            None => {},
            Some(Err(problem)) => (parts::problem_notice(v.language, problem)),
            Some(Ok(said)) => (answer(&v, said)),
        }
    };
    Ok(Sheet::new("explain", title, body))
}

fn form(v: &Visit) -> Markup {
    let input = |name: &str, is_required: bool| {
        html! {
            div.field {
                label for={ "f-" (name) } { (v.t(&format!("explain-{name}"))) @if !is_required { span.optional { (v.t("form-optional")) } } }
                p.hint #{ "f-" (name) "-about" } { (v.t(&format!("explain-{name}-hint"))) }
                input #{ "f-" (name) } name=(name) value=(v.asks(name).unwrap_or_default()) required[is_required] autocomplete="off"
                    aria-describedby={ "f-" (name) "-about" };
            }
        }
    };
    html! {
        form.card method="get" role="search" {
            (input("of", true))
            div.pair { (input("at", false)) (input("endpoint", false)) }
            div.row { button.button.primary { (icon("question")) (v.t("explain-ask")) } }
        }
    }
}

fn answer(v: &Visit, said: &ExplainedAny) -> Markup {
    let levels = said.levels.iter().map(|level| (level.level.as_str(), level.code.as_deref(), level.until));
    html! {
        @match &said.code {
            None => (parts::notice(Tone::Good, &html! { p { strong { (v.t("explain-moves")) } } })),
            Some(code) => (parts::notice(Tone::Warn, &html! {
                p { strong { (parts::sentence(v.language, code)) } " " (parts::next_step(v.language, code)) }
                p.code { (code) }
            })),
        }
        (parts::card(&v.t("gate-levels"), &html! {
            (parts::facts(&[
                (v.t("explain-kind"), html! { (v.word("explained", &said.kind)) }),
                (v.t("me-organisation"), html! { a href={ "/operate/tenants/" (said.tenant) } { (said.tenant_name) } }),
                (v.t("explain-when"), html! { (v.at(said.at)) }),
                (v.t("explain-changes"), html! { @match said.changes_at { Some(at) => (v.at(at)), None => (v.t("explain-never")) } }),
            ]))
            (parts::said_by_levels(v, levels))
        }))
    }
}
