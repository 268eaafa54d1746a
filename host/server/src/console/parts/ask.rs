//! Forms. Each carries out one operation; what was typed and not taken is typed still, with what is wrong beside it.

use maud::{Markup, html};

use weighbridge::model::time::Zone;

use super::super::act::chance;
use super::super::visit::Visit;
use super::icon;

/// A form that carries out an operation.
pub(crate) struct Ask<'a> {
    visit: &'a Visit,
    act: &'static str,
    hidden: Vec<(&'static str, String)>,
    also: Option<&'static str>,
}

impl<'a> Ask<'a> {
    pub(crate) const fn new(visit: &'a Visit, act: &'static str) -> Self {
        Self { visit, act, hidden: Vec::new(), also: None }
    }

    /// The same, about this thing.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.hidden.push((name, value.to_string()));
        self
    }

    /// The same, from what was seen: if it was changed meanwhile, it is not overwritten.
    pub(crate) fn seen(self, etag: &str) -> Self {
        self.with("etag", etag)
    }

    /// The same, with another button that only tries what is typed.
    pub(crate) const fn also(mut self, act: &'static str) -> Self {
        self.also = Some(act);
        self
    }

    /// The button that only tries what is typed.
    pub(crate) fn trial(&self, label: &str) -> Markup {
        html! { @if let Some(act) = self.also { button.button name="do" value=(act) formnovalidate { (icon("play")) (self.visit.t(label)) } } }
    }

    /// What was typed into this form, if it was not taken or only tried: the same operation about the same thing.
    fn typed(&self) -> Option<&'a [(String, String)]> {
        let fields = self.visit.typed_into(&[self.act, self.also.unwrap_or(self.act)])?;
        let about = self.hidden.iter().filter(|(name, _)| *name != "etag");
        let is_same = |(name, value): &(&str, String)| fields.iter().any(|(key, text)| key == name && text == value);
        about.into_iter().all(is_same).then_some(fields)
    }

    /// The form around its fields.
    pub(crate) fn form(&self, fields: &Markup) -> Markup {
        html! { form.form method="post" { (self.about()) (fields) } }
    }

    /// A form that is one button.
    pub(crate) fn button(&self, class: &str, sign: &str, text: &str) -> Markup {
        html! { form.single method="post" { (self.about()) button.button.(class) { @if !sign.is_empty() { (icon(sign)) } (text) } } }
    }

    /// The form around a whole list.
    pub(crate) fn form_wide(&self, fields: &Markup) -> Markup {
        html! { form.form.wide method="post" { (self.about()) (fields) } }
    }

    /// Fields that belong together.
    pub(crate) fn group(&self, label: &str, fields: &Markup) -> Markup {
        html! { fieldset.group { legend { (self.visit.t(label)) } (fields) } }
    }

    pub(crate) fn t(&self, key: &str) -> String {
        self.visit.t(key)
    }

    pub(crate) fn say(&self, key: &str, with: &[(&str, fluent_bundle::FluentValue<'_>)]) -> String {
        self.visit.say(key, with)
    }

    pub(crate) fn word(&self, kind: &str, word: &str) -> String {
        self.visit.word(kind, word)
    }

    /// A text that a connector brought, in the words of whoever reads it.
    pub(crate) fn said(&self, text: &str) -> String {
        self.visit.language.said(text)
    }

    /// Whether something was wrong with a field of this form, or with a part of it.
    pub(crate) fn is_wrong(&self, at: &str) -> bool {
        let wrongs = self.visit.entered.iter().flat_map(|one| &one.problem.errors);
        self.typed().is_some() && wrongs.into_iter().any(|wrong| wrong.at.replace('/', ".").starts_with(at))
    }

    pub(crate) fn zone(&self) -> &Zone {
        &self.visit.zone
    }

    fn about(&self) -> Markup {
        html! {
            input type="hidden" name="token" value=(self.visit.token());
            input type="hidden" name="do" value=(self.act);
            input type="hidden" name="once" value=(chance());
            @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); }
        }
    }

    /// A field; its label is a text's key.
    pub(crate) fn field(&self, name: &'a str, label: &str) -> Field<'a> {
        let fields = self.typed();
        let typed = fields.and_then(|fields| fields.iter().find(|(key, _)| key == name)).map(|(_, text)| text.clone());
        let entered = self.visit.entered.as_ref().filter(|_| fields.is_some());
        let at = name.split(':').next().unwrap_or(name);
        let wrongs = entered.map(|one| one.problem.errors.iter().filter(|wrong| is_at(&wrong.at, at)));
        let wrong = wrongs
            .map(|wrongs| wrongs.map(|wrong| self.visit.language.said(&wrong.what)).collect::<Vec<_>>().join(" "));
        Field {
            visit: self.visit,
            name,
            label: self.visit.t(label),
            hint: None,
            value: String::new(),
            typed,
            wrong: wrong.filter(|wrong| !wrong.is_empty()),
            required: false,
        }
    }

    /// Any of several, each with a sentence; none of them is a choice too.
    pub(crate) fn boxes(&self, name: &'a str, label: &str, choices: &[(String, String)], now: &[String]) -> Markup {
        let typed = self.typed().map(|fields| fields.iter().filter(|(key, _)| key == name).map(|(_, text)| text));
        let chosen: Vec<&String> = typed.map_or_else(|| now.iter().collect(), Iterator::collect);
        let field = self.field(name, label);
        html! {
            fieldset.field.radios {
                legend { (field.label) }
                input type="hidden" name=(name) value="";
                @for (value, about) in choices {
                    label { input type="checkbox" name=(name) value=(value) checked[chosen.contains(&value)];
                        span { (value) @if !about.is_empty() { small { (about) } } } }
                }
                @if let Some(wrong) = &field.wrong { p.wrong { (wrong) } }
            }
        }
    }

    /// The button that sends it.
    pub(crate) fn send(&self, label: &str) -> Markup {
        html! { div.row { button.button.primary { (self.visit.t(label)) } } }
    }

    /// The button that sends it, beside the way back.
    pub(crate) fn send_or_back(&self, label: &str, back: &str) -> Markup {
        html! { div.row { button.button.primary { (self.visit.t(label)) } a.button href=(back) { (self.visit.t("form-back")) } } }
    }

    /// The same for what cannot be undone.
    pub(crate) fn danger_or_back(&self, label: &str, back: &str) -> Markup {
        html! { div.row { button.button.danger { (self.visit.t(label)) } a.button href=(back) { (self.visit.t("form-back")) } } }
    }
}

/// Whether what is wrong is wrong at a field: schemas say `configuration/url`, forms `configuration.url`, and one of several
/// lines stands in the field of all.
fn is_at(wrong: &str, field: &str) -> bool {
    wrong.replace('/', ".").split('[').next() == Some(field)
}

/// A field of a form.
pub(crate) struct Field<'a> {
    visit: &'a Visit,
    name: &'a str,
    label: String,
    hint: Option<String>,
    value: String,
    typed: Option<String>,
    wrong: Option<String>,
    required: bool,
}

impl Field<'_> {
    /// What stands in it at first.
    pub(crate) fn value(mut self, value: impl ToString) -> Self {
        self.value = value.to_string();
        self
    }

    /// The same, if there is something.
    pub(crate) fn value_of(self, value: Option<&String>) -> Self {
        let value = value.cloned().unwrap_or_default();
        self.value(value)
    }

    /// What is to be known about it: a text's key.
    pub(crate) fn hint(mut self, key: &str) -> Self {
        self.hint = Some(self.visit.t(key));
        self
    }

    /// What is to be known about it, in words.
    pub(crate) fn hint_text(mut self, text: String) -> Self {
        self.hint = Some(text);
        self
    }

    /// A name that is no text's key: what a platform calls it.
    pub(crate) fn called(mut self, label: &str) -> Self {
        label.clone_into(&mut self.label);
        self
    }

    /// It is not left out.
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) fn text(self) -> Markup {
        self.input("text", "off")
    }

    pub(crate) fn email(self) -> Markup {
        self.input("email", "off")
    }

    pub(crate) fn number(self) -> Markup {
        self.input("numeric", "off")
    }

    /// A day, without a time.
    pub(crate) fn date(self) -> Markup {
        self.input("date", "off")
    }

    /// A secret; what was typed before is never in it.
    pub(crate) fn secret(mut self, complete: &str) -> Markup {
        (self.value, self.typed) = (String::new(), None);
        self.input("password", complete)
    }

    /// A secret of several lines, such as a key in PEM; what was typed before is never in it.
    pub(crate) fn secret_area(mut self, rows: usize) -> Markup {
        (self.value, self.typed) = (String::new(), None);
        self.area(rows)
    }

    /// A text of several lines.
    pub(crate) fn area(self, rows: usize) -> Markup {
        self.around(&html! {
            textarea #(self.id()) name=(self.name) rows=(rows) required[self.required] spellcheck="false"
                aria-describedby=[self.described()] aria-invalid=[self.wrong.as_ref().map(|_| "true")] { "\n" (self.now()) }
        })
    }

    /// One of several: what is sent, and what is shown.
    pub(crate) fn choice(self, choices: &[(String, String)]) -> Markup {
        let now = self.now().to_owned();
        self.around(&html! {
            select #(self.id()) name=(self.name) required[self.required] aria-describedby=[self.described()]
                aria-invalid=[self.wrong.as_ref().map(|_| "true")] {
                @for (value, text) in choices { option value=(value) selected[*value == now] { (text) } }
            }
        })
    }

    /// One of several, all seen at once, each with a sentence.
    pub(crate) fn radios(self, choices: &[(String, String, String)]) -> Markup {
        let now = self.now().to_owned();
        html! {
            fieldset.field.radios {
                legend { (self.label) }
                @if let Some(hint) = &self.hint { p.hint { (hint) } }
                @for (value, text, about) in choices {
                    label { input type="radio" name=(self.name) value=(value) checked[*value == now] required[self.required];
                        span { (text) @if !about.is_empty() { small { (about) } } } }
                }
                @if let Some(wrong) = &self.wrong { p.wrong { (wrong) } }
            }
        }
    }

    /// Yes or no.
    pub(crate) fn check(self) -> Markup {
        let is_on = self.now() == "true";
        html! {
            div.field.check {
                label { input type="checkbox" name=(self.name) value="true" checked[is_on] required[self.required]; span { (self.label)
                    @if let Some(hint) = &self.hint { small { (hint) } } } }
                @if let Some(wrong) = &self.wrong { p.wrong { (wrong) } }
            }
        }
    }

    fn input(self, kind: &str, complete: &str) -> Markup {
        let (kind, mode) = if kind == "numeric" { ("text", Some("numeric")) } else { (kind, None) };
        self.around(&html! {
            input #(self.id()) name=(self.name) type=(kind) inputmode=[mode] value=(self.now()) required[self.required]
                autocomplete=(complete) aria-describedby=[self.described()] aria-invalid=[self.wrong.as_ref().map(|_| "true")];
        })
    }

    fn now(&self) -> &str {
        self.typed.as_deref().unwrap_or(&self.value)
    }

    fn id(&self) -> String {
        format!("field-{}", self.name.replace([':', '.'], "-"))
    }

    fn described(&self) -> Option<String> {
        (self.hint.is_some() || self.wrong.is_some()).then(|| format!("{}-about", self.id()))
    }

    fn around(&self, control: &Markup) -> Markup {
        html! {
            div.field.wrong-field[self.wrong.is_some()] {
                label for=(self.id()) { (self.label) @if !self.required { span.optional { (self.visit.t("form-optional")) } } }
                @if self.hint.is_some() || self.wrong.is_some() {
                    div #{ (self.id()) "-about" } {
                        @if let Some(hint) = &self.hint { p.hint { (hint) } }
                        @if let Some(wrong) = &self.wrong { p.wrong { (wrong) } }
                    }
                }
                (control)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_at;

    #[test]
    fn what_is_wrong_stands_at_its_own_field_and_at_no_other() {
        for (wrong, field) in [
            ("name", "name"),
            ("window.start", "window.start"),
            ("configuration/url", "configuration.url"),
            ("networks[2]", "networks"),
        ] {
            assert!(is_at(wrong, field), "{wrong}");
        }
        for (wrong, field) in [("name", "names"), ("", "name"), ("window", "window.start"), ("rules/2/to", "rules")] {
            assert!(!is_at(wrong, field), "{wrong}");
        }
    }
}
