//! What a page shows, and what is kept of one that shows something else.

use std::path::{Path, PathBuf};

use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::Value;

use super::{Browser, LONG_PATIENCE, words};

impl Browser {
    /// Waits until the page shows a text.
    #[track_caller]
    pub(in crate::console) fn sees(&self, text: &str) {
        let texts = words::said(self.kind.language, text);
        let is_there = |shown: &str| texts.iter().any(|text| shown.contains(text));
        self.until(&format!("to see one of {texts:?}"), async || is_there(&self.text_now().await?).then_some(()));
    }

    /// Waits until the page shows a text that comes by and by; one without scripts is asked for again until then.
    #[track_caller]
    pub(in crate::console) fn sees_at_last(&self, text: &str) {
        let texts = words::said(self.kind.language, text);
        self.until_within(LONG_PATIENCE, &format!("to see one of {texts:?} at last"), async || {
            let shown = self.text_now().await?;
            if texts.iter().any(|text| shown.contains(text)) {
                return Some(());
            }
            if !self.kind.scripts {
                self.client().goto(self.client().current_url().await.ok()?.as_str()).await.ok()?;
            }
            None
        });
    }

    /// Waits until the page shows a text that is this one in every language.
    #[track_caller]
    pub(in crate::console) fn sees_just(&self, text: &str) {
        self.until(&format!("to see just `{text}`"), async || self.text_now().await?.contains(text).then_some(()));
    }

    /// Of a page that is there: the text is not on it.
    #[track_caller]
    pub(in crate::console) fn sees_not(&self, text: &str) {
        let shown = self.text();
        if words::said(self.kind.language, text).iter().any(|text| shown.contains(text)) {
            self.fail(&format!("not to see `{text}`"));
        }
    }

    /// Waits until the page has this heading.
    #[track_caller]
    pub(in crate::console) fn is_headed(&self, heading: &str) {
        let headings = words::said(self.kind.language, heading);
        self.until(&format!("a page headed by one of {headings:?}"), async || {
            let found = self.client().find(Locator::Css("h1")).await.ok()?;
            let shown = found.text().await.ok()?;
            headings.iter().any(|heading| shown.trim() == heading).then_some(())
        });
    }

    /// The status that the page came with.
    #[track_caller]
    pub(in crate::console) fn status(&self) -> u64 {
        let status = self.script("return performance.getEntriesByType('navigation')[0].responseStatus");
        status.as_u64().unwrap_or_else(|| self.fail("a page with a status"))
    }

    /// What can be read.
    pub(in crate::console) fn text(&self) -> String {
        self.wait(self.text_now()).unwrap_or_default()
    }

    /// The page as markup, as it stands.
    pub(in crate::console) fn source(&self) -> String {
        self.wait(self.client().source()).unwrap()
    }

    /// The path and the query of where it is.
    pub(in crate::console) fn path(&self) -> String {
        let url = self.wait(self.client().current_url()).unwrap();
        url[url::Position::BeforePath..].to_owned()
    }

    /// Waits until it has come to a page under this path.
    #[track_caller]
    pub(in crate::console) fn is_at(&self, path: &str) {
        self.until(&format!("to be at {path}"), async || {
            let url = self.client().current_url().await.ok()?;
            url.path().strip_prefix(path).filter(|rest| rest.is_empty() || rest.starts_with('/')).map(drop)
        });
    }

    /// Waits until it has left this page.
    #[track_caller]
    pub(super) fn is_past(&self, path: &str) {
        self.until(&format!("to be past {path}"), async || {
            let url = self.client().current_url().await.ok()?;
            (url.path() != path).then_some(())
        });
    }

    /// What a script gives. Scripts of a test run where those of pages do not.
    #[track_caller]
    pub(in crate::console) fn script(&self, script: &str) -> Value {
        let given = self.wait(self.client().execute(script, Vec::new()));
        given.unwrap_or_else(|error| self.fail(&format!("a script to work: {error}")))
    }

    async fn text_now(&self) -> Option<String> {
        self.client().find(Locator::Css("body")).await.ok()?.text().await.ok()
    }

    /// The first one that can be seen; a page may have others, such as those of a menu that is shut.
    pub(super) async fn shown(&self, at: Locator<'_>) -> Option<Element> {
        for found in self.client().find_all(at).await.ok()? {
            if found.is_displayed().await.ok()? {
                return Some(found);
            }
        }
        None
    }

    /// Ends the test, and says what was there in place of what was expected.
    #[track_caller]
    pub(in crate::console) fn fail(&self, expected: &str) -> ! {
        let address = self.wait(self.client().current_url()).map_or_else(|error| error.to_string(), String::from);
        let picture =
            self.wait(picture(self.client())).map_or_else(|| "none".into(), |path| path.display().to_string());
        panic!("expected {expected}\nat {address}\nscreenshot: {picture}\n---\n{}\n---", self.text());
    }
}

/// What the browser shows, in a file that is named after the test.
async fn picture(client: &Client) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failed");
    std::fs::create_dir_all(&folder).ok()?;
    let test = std::thread::current().name().unwrap_or("test").replace("::", ".");
    let path = folder.join(format!("{test}.png"));
    std::fs::write(&path, client.screenshot().await.ok()?).ok()?;
    Some(path)
}
