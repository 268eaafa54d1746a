//! Lists as tables; on a narrow screen each line is a card with its headings.

use maud::{Markup, html};
use url::form_urlencoded;

use super::super::visit::Visit;
use super::icon;

/// A column: its heading, and whether numbers stand in it.
pub(crate) struct Column {
    title: String,
    is_number: bool,
}

impl Column {
    pub(crate) const fn new(title: String) -> Self {
        Self { title, is_number: false }
    }

    pub(crate) const fn number(title: String) -> Self {
        Self { title, is_number: true }
    }
}

/// A table; the first cell of a line names it.
pub(crate) fn table(caption: &str, columns: &[Column], lines: &[Vec<Markup>]) -> Markup {
    html! {
        div.table tabindex="0" role="region" aria-label=(caption) {
            table {
                caption.unseen { (caption) }
                thead { tr { @for column in columns { th scope="col" class=[column.is_number.then_some("number")] { (column.title) } } } }
                tbody {
                    @for line in lines { tr {
                        @for (at, (cell, column)) in line.iter().zip(columns).enumerate() {
                            @if at == 0 { th scope="row" data-label=(column.title) { (cell) } }
                            @else { td data-label=(column.title) class=[column.is_number.then_some("number")] { (cell) } }
                        }
                    } }
                }
            }
        }
    }
}

/// The way to the next page of a list, and back to its first.
pub(crate) fn pager(visit: &Visit, next: Option<&String>) -> Markup {
    let is_later = visit.asks("cursor").is_some();
    html! {
        @if is_later || next.is_some() {
            nav.pager aria-label=(visit.t("pager")) {
                @if is_later { a.button href=(address(visit, &[])) { (icon("first")) (visit.t("pager-first")) } }
                @if let Some(next) = next { a.button href=(address(visit, &[("cursor", next)])) { (visit.t("pager-next")) (icon("next")) } }
            }
        }
    }
}

/// The same list with the same filters, from its beginning, and with something more.
pub(crate) fn address(visit: &Visit, more: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let kept =
        visit.query.iter().filter(|(name, text)| !["cursor", "done"].contains(&name.as_str()) && !text.is_empty());
    query.extend_pairs(kept).extend_pairs(more);
    format!("{}?{}", visit.path, query.finish())
}
