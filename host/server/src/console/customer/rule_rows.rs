//! Rules as rows, where scripts run. The text below them stays what is sent.

use maud::{Markup, html};
use weighbridge::account::{MappingFields, StreamFields};

use crate::console::parts::icon;
use crate::console::visit::Visit;

/// The place of the rows, and the row of which each is made.
pub(super) fn rows(v: &Visit, fields: Option<&MappingFields>) -> Markup {
    html! {
        div.rule-rows data-rows-of="field-rules" hidden {
            ol.rules aria-label=(v.t("editor-rules")) {}
            div.row { button.button.small type="button" data-add-rule { (icon("add")) (v.t("rule-add")) } }
        }
        template #rule-row { (row(v)) }
        @if let Some(fields) = fields {
            (offered("source-fields", &fields.source))
            (offered("destination-fields", &fields.destination))
        }
    }
}

fn row(v: &Visit) -> Markup {
    let casts = ["string", "integer", "number", "boolean"];
    html! {
        li.rule {
            select data-rule="kind" aria-label=(v.t("rule-kind")) {
                @for kind in ["copy", "constant", "other"] { option value=(kind) { (v.word("rule-kind", kind)) } }
            }
            input data-rule="from" type="text" list="source-fields" aria-label=(v.t("rule-from")) placeholder=(v.t("rule-from")) spellcheck="false";
            (icon("next"))
            input data-rule="to" type="text" list="destination-fields" aria-label=(v.t("rule-to")) placeholder=(v.t("rule-to")) spellcheck="false";
            select data-rule="cast" aria-label=(v.t("rule-cast")) {
                option value="" { (v.t("rule-cast-none")) }
                @for cast in casts { option value=(cast) { (v.word("rule-cast", cast)) } }
            }
            input data-rule="raw" type="text" aria-label=(v.t("rule-raw")) spellcheck="false" hidden;
            button.quiet type="button" data-rule="remove" aria-label=(v.t("rule-remove")) { (icon("remove")) }
        }
    }
}

/// The fields that a row offers as one types.
fn offered(id: &str, of: &StreamFields) -> Markup {
    html! { datalist #(id) { @for field in of.fields.iter().filter(|field| !field.path.contains("/*")) { option value=(field.path) {} } } }
}
