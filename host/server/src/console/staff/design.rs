//! The design system on a page of its own: every part that pages are made of, in every state.

use maud::{Markup, html};
use weighbridge::model::problem::Problem;

use crate::console::parts::{self, Ask, Column, Head, Tone, badge, icon};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/console/design", show)]
}

async fn show(v: Visit) -> Drawn {
    let title = v.t("design");
    let body = html! {
        (Head { about: Some(&v.t("design-about")), ..Head::new(&title) }.show(&v))
        (parts::card(&v.t("design-type"), &html! {
            h1 { (v.t("design-sample-h1")) } h2 { (v.t("design-sample-h2")) } h3 { (v.t("design-sample-h3")) }
            p { (v.t("design-sample-text")) " " a href="#top" { (v.t("design-sample-link")) } " " code { "wbs_4Jk2" } }
            p.muted { (v.t("design-sample-soft")) }
        }))
        (parts::card(&v.t("design-states"), &html! {
            div.row { @for (tone, word) in tones() { (badge(tone, &v.word("tone", word))) } }
            @for (tone, word) in tones() { (parts::notice(tone, &html! { p { (v.word("tone", word)) ": " (v.t("design-sample-text")) } })) }
            (parts::problem_notice(v.language, &Problem::invalid("window.end", v.t("design-sample-soft"))))
            div.bar role="progressbar" aria-valuenow="40" aria-label=(v.t("design-states")) { progress value="40" max="100" {} }
        }))
        (parts::card(&v.t("design-actions"), &html! { div.row {
            (parts::primary("#", "add", &v.t("design-primary"))) (parts::link("#", "edit", &v.t("design-plain")))
            button.button.danger { (icon("remove")) (v.t("design-danger")) } button.button.small { (v.t("design-small")) }
            button.button disabled { (v.t("design-disabled")) }
        } }))
        (forms(&v))
        (tables(&v))
        (parts::card(&v.t("design-empty"), &parts::empty("customer", &v.t("customers-none"), &v.t("customers-none-about"), &Markup::default())))
    };
    Ok(Sheet::new("design", title, body))
}

const fn tones() -> [(Tone, &'static str); 5] {
    [(Tone::Good, "good"), (Tone::Warn, "warn"), (Tone::Bad, "bad"), (Tone::Busy, "busy"), (Tone::Mute, "mute")]
}

fn forms(v: &Visit) -> Markup {
    let ask = Ask::new(v, "customer add");
    let choices = [("a".to_owned(), v.t("yes")), ("b".to_owned(), v.t("no"))];
    let radios = choices.clone().map(|(value, text)| (value, text, v.t("design-sample-soft")));
    parts::card(
        &v.t("design-forms"),
        &html! { div.form {
            (ask.field("design.text", "customers-name").hint("customers-labels-hint").required().text())
            div.pair {
                (ask.field("design.date", "window-start").date()) (ask.field("design.choice", "status").choice(&choices))
            }
            (ask.field("design.radios", "status").value("a").radios(&radios))
            (ask.field("design.check", "import-dry-run").hint("import-dry-run-hint").check())
            (ask.field("design.area", "customers-reason").area(3))
            (parts::copied(v, "design-copied", &v.t("design-copied"), "wb_live_9f3…"))
        } },
    )
}

fn tables(v: &Visit) -> Markup {
    let columns =
        [Column::new(v.t("customers-name")), Column::new(v.t("status")), Column::number(v.t("quota-records"))];
    let lines: Vec<_> = [("Adamant GmbH", Tone::Good, 12_345), ("Łąka i Synowie sp. z o.o.", Tone::Warn, 7)]
        .into_iter()
        .map(|(name, tone, count)| {
            vec![
                html! { (name) },
                badge(tone, &v.word("tone", if tone == Tone::Good { "good" } else { "warn" })),
                html! { (v.n(count)) },
            ]
        })
        .collect();
    parts::card(&v.t("design-tables"), &parts::table(&v.t("design-tables"), &columns, &lines))
}
