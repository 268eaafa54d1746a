//! A page of the console: its address, how it is drawn, and which operations its forms carry out.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use maud::Markup;
use serde_json::Value;
use weighbridge::model::problem::Problem;

use super::act::operation;
use super::visit::Visit;

/// What a page shows, in its frame.
pub(crate) struct Sheet {
    /// What it is called, in the browser's window.
    pub(crate) title: String,
    /// Which entry of the navigation is lit.
    pub(crate) nav: &'static str,
    /// What stands in it.
    pub(crate) body: Markup,
}

impl Sheet {
    pub(crate) const fn new(nav: &'static str, title: String, body: Markup) -> Self {
        Self { title, nav, body }
    }
}

pub(crate) type Drawn = Result<Sheet, Problem>;

type Draw = Arc<dyn Fn(Visit) -> Pin<Box<dyn Future<Output = Drawn> + Send>> + Send + Sync>;

/// A page of the console.
pub(crate) struct Screen {
    /// Its address; what stands in braces are ids.
    pub(crate) path: String,
    pub(crate) draw: Draw,
    /// What its forms do.
    pub(crate) acts: Vec<Act>,
    /// The operation whose answer it follows: when that changes, the page is drawn again.
    pub(crate) follows: Option<&'static str>,
    /// The list that can be had of it as a table.
    pub(crate) downloads: Option<&'static str>,
}

/// An operation that a form carries out, and what is shown then.
pub(crate) struct Act {
    /// The operation's name.
    pub(crate) name: &'static str,
    pub(crate) then: Then,
}

/// Where somebody is led when it is done, and what they are told there.
pub(crate) type Lead = fn(&Visit, &Value) -> String;
/// What is shown this once.
pub(crate) type Show = fn(&Visit, &Value) -> Markup;

/// What comes after an operation is done.
pub(crate) enum Then {
    /// The same page again, with a word that it is done: a key of the texts, after `done-`.
    Again(&'static str),
    /// Another page.
    To(Lead, &'static str),
    /// Something that is shown this once, in place of the page: a key, a link.
    Show(Show),
    /// The same page again, with what was typed and what was answered: a trial, which changes nothing.
    Beside,
    /// The account that was opened.
    Enter,
    /// The platform's own sign-in, by a page that says so, and back to this page.
    Away(Lead),
}

impl Screen {
    pub(crate) fn new<F, Fut>(path: impl Into<String>, draw: F) -> Self
    where
        F: Fn(Visit) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Drawn> + Send + 'static,
    {
        let draw: Draw = Arc::new(move |visit| Box::pin(draw(visit)));
        Self { path: path.into(), draw, acts: Vec::new(), follows: None, downloads: None }
    }

    /// A form on it carries out this operation; then the page is shown again.
    pub(crate) fn does(self, name: &'static str, done: &'static str) -> Self {
        self.act(name, Then::Again(done))
    }

    /// A form on it carries out this operation; then another page is shown.
    pub(crate) fn leads(self, name: &'static str, lead: Lead, done: &'static str) -> Self {
        self.act(name, Then::To(lead, done))
    }

    /// A form on it carries out this operation, whose answer has something that is shown once.
    pub(crate) fn shows(self, name: &'static str, show: Show) -> Self {
        self.act(name, Then::Show(show))
    }

    /// A form on it tries something; the page is shown again with what was typed, and the answer beside it.
    pub(crate) fn tries(self, name: &'static str) -> Self {
        self.act(name, Then::Beside)
    }

    /// A form on it sends somebody to a platform's sign-in, who comes back to where `lead` says.
    pub(crate) fn sends_away(self, name: &'static str, lead: Lead) -> Self {
        self.act(name, Then::Away(lead))
    }

    /// A form on it opens somebody else's account, which is shown then.
    pub(crate) fn enters(self, name: &'static str) -> Self {
        self.act(name, Then::Enter)
    }

    /// It is drawn again when this operation's answer changes.
    pub(crate) fn follows(self, name: &'static str) -> Self {
        Self { follows: Some(name), ..self }
    }

    /// With `as=csv` in its address, it is all of this list as a table.
    pub(crate) fn downloads(self, name: &'static str) -> Self {
        Self { downloads: Some(name), ..self }
    }

    /// The most bytes of its forms: what its operations take, and some more, since a form writes many a byte as three.
    pub(crate) fn form_bytes_max(&self) -> usize {
        let operations = self.acts.iter().filter_map(|act| operation(act.name));
        let body_max = operations.map(|one| one.body_max).max().unwrap_or_default();
        body_max + (2 * body_max).min(1 << 20)
    }

    fn act(mut self, name: &'static str, then: Then) -> Self {
        self.acts.push(Act { name, then });
        self
    }
}

/// A page about a customer at its two addresses: below the customer for the partner's staff, at `/my` for its own people.
pub(crate) fn both(end: &str, build: impl Fn(String) -> Screen) -> Vec<Screen> {
    let staffs = match end {
        "" => "/systems",
        end => end,
    };
    vec![build(format!("/console/customers/{{customer}}{staffs}")), build(format!("/my{end}"))]
}
