//! What is in doubt on this host, without names of customers, and giving it up.

use maud::{Markup, html};
use weighbridge::account::HostDoubtView;
use weighbridge::model::access::kinds;

use crate::console::parts::{self, Ask, Column, Head, Tone};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    vec![Screen::new("/operate/in-doubt", show).follows("doubt list-host").does("batch write-off", "batch-written-off")]
}

async fn show(v: Visit) -> Drawn {
    let found = v.engine.in_doubt_on_host(&v.may::<kinds::HostRead>()?)?.items;
    let title = v.t("doubt");
    let above = [("/operate".to_owned(), v.t("host"))];
    let head = Head { above: &above, about: Some(&v.t("doubt-about")), ..Head::new(&title) };
    let can = v.can::<kinds::HostChange>();
    let mut columns: Vec<_> = ["run-batch", "doubt-tenant"].map(|key| Column::new(v.t(key))).into();
    columns.extend(parts::doubt_columns(&v));
    columns.extend(can.then(|| Column::new(v.t("actions"))));
    let lines: Vec<_> = found.iter().map(|one| line(&v, one, can)).collect();
    let empty = parts::empty("good", &v.t("doubt-none"), &v.t("doubt-none-about"), &Markup::default());
    let body = html! {
        (head.show(&v))
        div.stack data-live="in-doubt" {
            @if found.is_empty() { div.card { (empty) } }
            @else {
                (parts::notice(Tone::Mute, &html! { p { (v.t("doubt-give-up-about")) } }))
                (parts::table(&title, &columns, &lines))
            }
        }
    };
    Ok(Sheet::new("host", title, body))
}

fn line(v: &Visit, one: &HostDoubtView, can: bool) -> Vec<Markup> {
    let mut line = vec![
        html! { code.anywhere { (one.batch) } @if let Some(id) = one.transfer { small { a href={ "/operate/explain?of=" (id) } { (v.t("explain")) } } } },
        html! { a href={ "/operate/tenants/" (one.tenant) } { (one.tenant_name) } },
    ];
    line.extend(parts::doubt_cells(v, &one.held));
    if can {
        let ask = Ask::new(v, "batch write-off").with("batch", one.batch);
        line.push(ask.button("danger small", "remove", &v.t("doubt-give-up")));
    }
    line
}
