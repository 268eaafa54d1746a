//! The backups that are there, and another one now. Restoring is for whoever owns the data folder.

use maud::{Markup, html};
use weighbridge::account::BackupRow;
use weighbridge::model::access::kinds;
use weighbridge::model::problem::ProblemCode;

use crate::console::parts::{self, Ask, Column, Head, Tone, badge};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

const SETTINGS: &str = "[backup]\nfolder = \"/var/backups/weighbridge\"\nat = \"30 2 * * *\"\nkeep = 7";
const COMMANDS: &str = "weighbridge backup check FOLDER\nweighbridge --data NEW-FOLDER backup restore FOLDER";

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/operate/backups", show).does("backup take", "backup-taken")]
}

async fn show(v: Visit) -> Drawn {
    let title = v.t("nav-backups");
    let found = match v.engine.backups(&v.may::<kinds::HostRead>()?).await {
        Ok(page) => Some(page.items),
        Err(problem) if problem.code == ProblemCode::BackupNowhere => None,
        Err(problem) => return Err(problem),
    };
    let can = v.can::<kinds::HostChange>() && found.is_some();
    let take = html! { @if can { (Ask::new(&v, "backup take").button("primary", "archive", &v.t("backups-take"))) } };
    let body = html! {
        (Head { about: Some(&v.t("backups-about")), actions: take, ..Head::new(&title) }.show(&v))
        @match &found {
            None => { (nowhere(&v)) }
            Some(found) => { (listed(&v, &title, found)) }
        }
        (parts::card(&v.t("backups-restore"), &html! {
            p.muted { (v.t("backups-restore-about")) }
            (parts::copied(&v, "backups", &v.t("by-owner-command"), COMMANDS))
        }))
    };
    Ok(Sheet::new("backups", title, body))
}

fn nowhere(v: &Visit) -> Markup {
    html! {
        (parts::notice(Tone::Warn, &html! { p { (v.t("backups-nowhere")) } }))
        (parts::card(&v.t("backups-settings"), &html! {
            p.muted { (v.t("backups-settings-about")) }
            (parts::copied(v, "settings", &v.t("backups-settings"), SETTINGS))
        }))
    }
}

fn listed(v: &Visit, title: &str, found: &[BackupRow]) -> Markup {
    let empty = parts::empty("archive", &v.t("backups-none"), &v.t("backups-none-about"), &Markup::default());
    let columns = ["backups-taken", "backups-size", "backups-rows", "backups-by", "backups-name"];
    let columns: Vec<_> = columns.into_iter().map(|key| Column::new(v.t(key))).collect();
    let lines: Vec<_> = found.iter().map(|one| line(v, one)).collect();
    html! { @if found.is_empty() { div.card { (empty) } } @else { (parts::table(title, &columns, &lines)) } }
}

fn line(v: &Visit, one: &BackupRow) -> Vec<Markup> {
    vec![
        html! { (v.at(one.taken_at)) small { (v.language.distance(v.now, one.taken_at.0)) } },
        html! { (v.language.bytes(one.bytes)) },
        html! { (v.n(one.rows)) },
        html! {
            @if one.own { (badge(Tone::Good, &v.t("backups-own"))) } @else { (badge(Tone::Mute, &v.t("backups-other"))) }
            small { (v.t("host-version")) " " (one.version) }
        },
        html! { code.anywhere { (one.name) } },
    ]
}
