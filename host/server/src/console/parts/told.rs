//! What somebody is told: that it is done, what was wrong, what they agree to.

use maud::{Markup, html};
use weighbridge::model::access::Role;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::problem::{Problem, ProblemCode};

use super::super::texts::Language;
use super::super::visit::{Entered, Visit};
use super::{Tone, icon, notice};

/// What is said above a page: a question, a problem, or that something was done.
pub(crate) fn told(visit: &Visit) -> Markup {
    match &visit.entered {
        Some(entered) if entered.problem.code == ProblemCode::ConfirmationNeeded => question(visit, entered),
        Some(entered) => problem_notice(visit.language, &entered.problem),
        None if visit.tried.is_some() => Markup::default(),
        None => done(visit),
    }
}

fn done(visit: &Visit) -> Markup {
    let done = visit.asks("done").filter(|done| done.chars().all(|one| one.is_ascii_lowercase() || one == '-'));
    let text = done.and_then(|done| visit.language.find(&format!("done-{done}"), &[]));
    html! { @if let Some(text) = text { div.flash role="status" { (notice(Tone::Good, &html! { p { (text) } })) } } }
}

/// What stops or costs something is asked again, with what was typed.
fn question(visit: &Visit, entered: &Entered) -> Markup {
    let kept = entered.fields.iter().filter(|(name, _)| !["once", "confirm"].contains(&name.as_str()));
    html! {
        div.question role="alertdialog" aria-labelledby="question" {
            (icon("warn"))
            div {
                h2 #question { (visit.t("confirm-title")) }
                p { (visit.t("confirm-about")) }
                (particulars(visit.language, &entered.problem))
                form method="post" {
                    @for (name, text) in kept { input type="hidden" name=(name) value=(text); }
                    input type="hidden" name="confirm" value="true";
                    div.row {
                        button.button.danger autofocus { (visit.t("confirm-yes")) }
                        a.button href=(visit.path) { (visit.t("confirm-no")) }
                    }
                }
            }
        }
    }
}

/// A problem: what it is, where, and what to do next.
pub(crate) fn problem_notice(language: Language, problem: &Problem) -> Markup {
    let code = problem.code.as_str();
    let body = html! {
        p { strong { (sentence(language, code)) } " " (next_step(language, code)) }
        (wrongs(language, problem))
        (particulars(language, problem))
        p.code { (code) }
    };
    html! { div role="alert" { (notice(Tone::Bad, &body)) } }
}

/// What was wrong where. What belongs to a field stands at the field too.
pub(crate) fn wrongs(language: Language, problem: &Problem) -> Markup {
    html! {
        @if !problem.errors.is_empty() {
            ul { @for wrong in &problem.errors {
                li { @if !wrong.at.is_empty() { code { (wrong.at) } ": " } (language.said(&wrong.what)) }
            } }
        }
    }
}

fn particulars(language: Language, problem: &Problem) -> Markup {
    html! {
        @for (_, what) in &problem.particulars { @if !what.is_empty() {
            ul { @for one in what { li { (language.said(one)) } } }
        } }
    }
}

/// The sentence of a code.
pub(crate) fn sentence(language: Language, code: &str) -> String {
    text(language, code, "").or_else(|| english(code).map(|(sentence, _)| sentence.to_owned())).unwrap_or_default()
}

/// The sentence and the next step of a code, in the words of whoever looks: the partner's people are told what they can do
/// themselves.
pub(crate) fn sentence_and_step(visit: &Visit, code: &str) -> (String, String) {
    let key = format!("staff-code-{}", code.replace(['.', '_'], "-"));
    let staffs = |end: &str| {
        let found = visit.language.find(&format!("{key}{end}"), &[]);
        found.filter(|_| !visit.is_customers())
    };
    (
        staffs("").unwrap_or_else(|| sentence(visit.language, code)),
        staffs("-next").unwrap_or_else(|| next_step(visit.language, code)),
    )
}

/// The next step of a code.
pub(crate) fn next_step(language: Language, code: &str) -> String {
    text(language, code, "-next").or_else(|| english(code).map(|(_, next)| next.to_owned())).unwrap_or_default()
}

fn text(language: Language, code: &str, end: &str) -> Option<String> {
    language.find(&format!("code-{}{end}", code.replace(['.', '_'], "-")), &[])
}

/// English stands where the codes are made.
fn english(code: &str) -> Option<(&'static str, &'static str)> {
    let problem = ProblemCode::ALL.iter().find(|one| one.as_str() == code);
    let refusal = RefusalCode::ALL.iter().find(|one| one.as_str() == code);
    problem
        .map(|one| (one.sentence(), one.next_step()))
        .or_else(|| refusal.map(|one| (one.sentence(), one.next_step())))
}

impl Language {
    /// What a role is called.
    pub(crate) fn role(self, role: Role) -> String {
        self.say(&format!("role-{}", role.word().replace('_', "-")), &[])
    }
}
