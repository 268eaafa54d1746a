//! A browser, in the words of whoever sits in front of it. Every word waits until it can be done, and none waits longer than that.

mod axe;
mod driver;
mod find;
mod measure;
mod shown;
mod words;

use std::time::{Duration, Instant};

use fantoccini::{Client, Locator};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::seeded::{Seeded, TENANT, seeded};
use crate::town::PASSWORD;
pub(super) use axe::Findings;
pub(super) use measure::Measured;

/// How long a page may take until it shows what is expected of it.
const PATIENCE: Duration = Duration::from_secs(10);
/// What the host does by and by, after whatever else it is at, takes no longer.
const LONG_PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked at meanwhile.
const GLANCE: Duration = Duration::from_millis(25);

pub(super) const WIDE: (u32, u32) = (1280, 900);
pub(super) const NARROW: (u32, u32) = (360, 740);

/// What kind of browser somebody has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) scripts: bool,
    /// What it asks pages for.
    pub(super) language: &'static str,
    pub(super) size: (u32, u32),
}

/// English, wide, and with scripts.
pub(super) const USUAL: Kind = Kind { scripts: true, language: "en", size: WIDE };
pub(super) const WITHOUT_SCRIPTS: Kind = Kind { scripts: false, ..USUAL };
pub(super) const IN_POLISH_WITHOUT_SCRIPTS: Kind = Kind { language: "pl", ..WITHOUT_SCRIPTS };

/// A session of its own, with a fresh profile; it is closed when it is dropped, also by a panic.
pub(super) struct Browser {
    client: Option<Client>,
    runtime: Runtime,
    kind: Kind,
    pub(super) seeded: &'static Seeded,
    _profile: TempDir,
}

impl Browser {
    /// In front of the seeded host; none where there is no browser and none is wanted.
    pub(super) fn start(kind: Kind) -> Option<Self> {
        let driver = driver::driver()?;
        let seeded = seeded();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let profile = tempfile::tempdir_in(&driver.folder).unwrap();
        let client = runtime.block_on(driver.session(kind, profile.path()));
        let browser = Self { client: Some(client), runtime, kind, seeded, _profile: profile };
        browser.resize(kind.size);
        Some(browser)
    }

    fn client(&self) -> &Client {
        self.client.as_ref().unwrap()
    }

    fn wait<T>(&self, done: impl Future<Output = T>) -> T {
        self.runtime.block_on(done)
    }

    /// Goes to a path of the host, or to a whole address.
    #[track_caller]
    pub(super) fn open(&self, path: &str) {
        let address =
            if path.starts_with('/') { format!("http://{}{path}", self.seeded.host.address) } else { path.to_owned() };
        let gone = self.wait(self.client().goto(&address));
        gone.unwrap_or_else(|error| self.fail(&format!("to open {address}: {error}")));
    }

    /// Comes in by an organisation's sign-in page, as everybody of the seeded host does.
    #[track_caller]
    pub(super) fn sign_in(&self, email: &str) {
        let door = format!("/t/{TENANT}");
        self.sign_in_at(&door, email);
        self.is_past(&door);
    }

    /// The same by another page, such as `/operator`.
    #[track_caller]
    pub(super) fn sign_in_at(&self, path: &str, email: &str) {
        self.open(path);
        self.type_into(Locator::Css("input[name=email]"), "the field for an address", email);
        self.type_into(Locator::Css("input[name=password]"), "the field for a password", PASSWORD);
        self.click(Locator::Css("main form button"), "the button of the sign-in");
    }

    #[track_caller]
    pub(super) fn click_link(&self, text: &str) {
        let link = self.anywhere(text, |text| find::named("a", text));
        self.click(Locator::XPath(&link), &format!("a link `{text}`"));
    }

    #[track_caller]
    pub(super) fn click_button(&self, text: &str) {
        let button = self.anywhere(text, |text| find::named("button", text));
        self.click(Locator::XPath(&button), &format!("a button `{text}`"));
    }

    /// Types into the field with this label, in place of what was there; of a list, chooses what is called so.
    #[track_caller]
    pub(super) fn fill(&self, label: &str, text: &str) {
        let field = self.anywhere(label, find::labelled);
        self.type_into(Locator::XPath(&field), &format!("a field `{label}`"), text);
    }

    /// The same by the field's own name, on pages that are not ours.
    #[track_caller]
    pub(super) fn fill_named(&self, name: &str, text: &str) {
        self.type_into(Locator::Css(&format!("input[name={name}]")), &format!("a field named `{name}`"), text);
    }

    /// Ticks a box or chooses an option, or takes that back.
    #[track_caller]
    pub(super) fn tick(&self, label: &str) {
        self.click(Locator::XPath(&self.anywhere(label, find::labelled)), &format!("a box `{label}`"));
    }

    /// What a field holds.
    #[track_caller]
    pub(super) fn value(&self, label: &str) -> String {
        let at = self.anywhere(label, find::labelled);
        let field = self.until(&format!("a field `{label}`"), async || self.shown(Locator::XPath(&at)).await);
        self.wait(field.prop("value")).unwrap().unwrap_or_default()
    }

    /// Where something stands whose text is this in English.
    fn anywhere(&self, text: &str, at: impl Fn(&str) -> String) -> String {
        let places: Vec<_> = words::said(self.kind.language, text).iter().map(|text| at(text)).collect();
        places.join(" | ")
    }

    #[track_caller]
    fn click(&self, at: Locator<'_>, what: &str) {
        self.until(&format!("to click {what}"), async || {
            let element = self.shown(at).await?;
            element.click().await.ok()
        });
    }

    #[track_caller]
    fn type_into(&self, at: Locator<'_>, what: &str, text: &str) {
        self.until(&format!("to type into {what}"), async || {
            let field = self.shown(at).await?;
            if field.tag_name().await.ok()? == "select" {
                for text in words::said(self.kind.language, text) {
                    if field.select_by_label(&text).await.is_ok() {
                        return Some(());
                    }
                }
                return None;
            }
            field.clear().await.ok()?;
            field.send_keys(text).await.ok()
        });
    }

    /// Looks again and again until something is there.
    #[track_caller]
    fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        self.until_within(PATIENCE, what, look)
    }

    /// The same, for so long.
    #[track_caller]
    fn until_within<T>(&self, patience: Duration, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = self.wait(look()) {
                return found;
            }
            if begun.elapsed() > patience {
                self.fail(what);
            }
            self.wait(async { tokio::time::sleep(GLANCE).await });
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // A driver that is gone has closed it already.
            let _ = self.runtime.block_on(client.close());
        }
    }
}
