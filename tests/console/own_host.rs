//! What an operator does with a whole host: freezes and thaws it, approves a connector's version and goes back, allows addresses.
//! Each story has a host of its own, since these things are everybody's there.

use super::browser::{Browser, Kind, USUAL, WITHOUT_SCRIPTS};
use crate::town::{Client, Host, PASSWORD, Setting, Town};
use crate::trust::sample::{KEY, asking, manifest, public_key, signed};

const OTTO: &str = "otto@example.com";
const POLISH: Kind = Kind { language: "pl", ..WITHOUT_SCRIPTS };

/// A host with one partner, and an operator in front of it.
pub(super) struct Own {
    pub(super) browser: Browser,
    town: Town,
    host: Host,
}

impl Own {
    fn start(kind: Kind) -> Option<Self> {
        Self::start_over(kind, 1, |_| {})
    }

    /// The same over so many orders, where something happened before it serves.
    pub(super) fn start_over(kind: Kind, orders: u64, happens: impl FnOnce(&Town)) -> Option<Self> {
        let browser = Browser::start(kind)?;
        let town = Town::settled(orders, &Setting::default());
        happens(&town);
        let host = Host::start_public(&town, "");
        let invited = town.works(&["operator", "invite", "--email", OTTO, "--role", "operator"]);
        let join = serde_json::json!({ "link": invited["link"], "password": PASSWORD, "name": "Otto" });
        Client::stranger(&host.address).post("/sessions/join", &join).worked();
        browser.sign_in_at(&format!("http://{}/operator", host.address), OTTO);
        Some(Self { browser, town, host })
    }

    #[track_caller]
    pub(super) fn open(&self, path: &str) {
        self.browser.open(&format!("http://{}{path}", self.host.address));
    }

    /// The version of its connector that is in use.
    fn version(&self) -> String {
        let listed = self.town.works(&["connector", "list"]);
        let found = listed["connectors"].as_array().unwrap().iter().find(|one| one["name"] == "acme.shop");
        found.unwrap()["version"].as_str().unwrap().to_owned()
    }

    /// A publisher's connector, whose next version asks for one host more.
    fn installs_two_versions(&self) {
        self.town.works(&["trust", "add", "acme", &public_key(&KEY)]);
        for manifest in [manifest("1.0.0"), asking("1.1.0")] {
            let file = self.town.path("package.wbc");
            std::fs::write(&file, signed(&manifest, &KEY)).unwrap();
            self.town.works(&["connector", "install", file.to_str().unwrap()]);
        }
    }
}

#[test]
fn a_frozen_host_is_thawed_and_moves_again() {
    let Some(own) = Own::start(USUAL) else { return };
    let browser = &own.browser;
    own.open("/operate");
    browser.fill("Reason", "A full disk");
    browser.click_button("Freeze everything");
    browser.click_button("Yes, do it");
    browser.sees("Everything is frozen.");
    own.town.run(&["run", "acme/orders"]);
    assert_eq!(own.town.works(&["transfer", "explain", "acme", "orders"])["code"], "host.frozen");
    browser.click_button("Let everything go on");
    browser.sees("Everything goes on.");
    browser.sees_not("Frozen");
    assert_eq!(own.town.works(&["transfer", "explain", "acme", "orders"])["allowed"], true);
}

#[test]
fn an_operator_approves_what_a_version_asks_for_beyond_the_one_in_use_and_goes_back() {
    let Some(own) = Own::start(USUAL) else { return };
    own.installs_two_versions();
    let browser = &own.browser;
    own.open("/operate/connectors");
    browser.click_link("acme.shop");
    browser.sees("Version 1.1.0 asks for more than was approved, and waits for you.");
    browser.click_link("Read what it asks for");
    browser.sees("What this version asks for beyond 1.0.0, which is in use.");
    browser.sees("reaches log.example.org");
    browser.click_button("Approve");
    browser.sees("The version is in use.");
    browser.sees_not("waits for you");
    assert_eq!(own.version(), "1.1.0");
    browser.click_button("Go back to it");
    browser.sees("The earlier version is in use again.");
    assert_eq!(own.version(), "1.0.0");
}

#[test]
fn a_version_that_was_approved_elsewhere_meanwhile_is_not_approved_twice() {
    let Some(own) = Own::start(USUAL) else { return };
    own.installs_two_versions();
    let browser = &own.browser;
    own.open("/operate/connectors/acme.shop/versions/1.1.0");
    browser.sees("reaches log.example.org");
    own.town.works(&["connector", "approve", "acme.shop", "1.1.0", "--yes"]);
    browser.click_button("Approve");
    browser.sees("does not wait");
    browser.sees_not("The version is in use.");
}

#[test]
fn a_version_is_approved_and_taken_back_in_polish_without_scripts() {
    let Some(own) = Own::start(POLISH) else { return };
    own.installs_two_versions();
    let browser = &own.browser;
    own.open("/operate/connectors/acme.shop");
    browser.sees("Wersja 1.1.0 prosi o więcej, niż zatwierdzono, i czeka na Ciebie.");
    browser.click_link("Przeczytaj, o co prosi");
    browser.sees("log.example.org");
    browser.click_button("Zatwierdź");
    browser.sees("Wersja jest w użyciu.");
    browser.click_button("Wróć do niej");
    browser.sees("Wcześniejsza wersja jest znowu w użyciu.");
}

#[test]
fn networks_are_allowed_and_one_that_is_none_is_refused_with_what_was_typed() {
    let Some(own) = Own::start(USUAL) else { return };
    let browser = &own.browser;
    own.open("/operate/addresses");
    browser.click_link("shop");
    browser.fill("Private networks", "10.1.0.0/16\n10.one/8");
    browser.click_button("Save");
    browser.sees("10.one/8");
    browser.sees_not("The changes are saved.");
    assert_eq!(browser.value("Private networks"), "10.1.0.0/16\n10.one/8");
    browser.fill("Private networks", "10.1.0.0/16\n127.0.0.1/32");
    browser.click_button("Save");
    browser.sees("The changes are saved.");
    own.open("/operate/addresses");
    browser.sees("10.1.0.0/16, 127.0.0.1/32");
}

#[test]
fn folders_are_allowed_and_one_without_its_place_is_refused_with_what_was_typed() {
    let Some(own) = Own::start(USUAL) else { return };
    let browser = &own.browser;
    own.open("/operate/addresses");
    browser.click_link("shop");
    browser.fill("Folders of this host", "inbox:read=/srv/in\ndone");
    browser.click_button("Save");
    browser.sees("write a folder as");
    browser.sees_not("The changes are saved.");
    assert_eq!(browser.value("Folders of this host"), "inbox:read=/srv/in\ndone");
    browser.fill("Folders of this host", "inbox:read=/srv/in\ndone:write=/srv/done");
    browser.click_button("Save");
    browser.sees("The changes are saved.");
    own.open("/operate/addresses");
    browser.sees("inbox:read=/srv/in, done:write=/srv/done");
}
