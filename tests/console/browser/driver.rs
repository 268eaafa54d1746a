//! Chromium and its driver, from Debian: one driver for all tests.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use fantoccini::{Client, ClientBuilder};
use serde_json::{Map, Value, json};

use super::{Browser, Kind, NARROW};
use crate::console::caretaker::Caretaker;
use crate::platforms::debian::{installed, is_root};
use crate::platforms::wanted;

const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-dejavu-core"];

pub(super) struct Driver {
    _process: Child,
    address: String,
    /// Where profiles are; taken away with the driver.
    pub(super) folder: PathBuf,
    _caretaker: Caretaker,
}

/// The driver; none where browsers are not wanted or cannot be had, and then the test says that it was skipped.
pub(super) fn driver() -> Option<&'static Driver> {
    static DRIVER: LazyLock<Option<Driver>> =
        LazyLock::new(|| installed("chromedriver", &PACKAGES).then(Driver::start));
    if !wanted("Chromium") {
        return None;
    }
    if DRIVER.is_none() {
        println!("skipped: there is no chromedriver, and only root can install {}", PACKAGES.join(", "));
    }
    DRIVER.as_ref()
}

impl Driver {
    fn start() -> Self {
        let shelf = Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::create_dir_all(shelf).unwrap();
        let folder = tempfile::tempdir_in(shelf).unwrap().keep();
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", &folder)
            // Browsers that it began outlive it, and stay in its group.
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let caretaker = Caretaker::of_group(child.id(), &folder);
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = said.by_ref().map_while(Result::ok).find_map(|line| port(&line)).unwrap();
        // What it says afterwards is read away, so that it never waits for a reader.
        std::thread::spawn(move || said.for_each(drop));
        Self { _process: child, address: format!("http://127.0.0.1:{port}"), folder, _caretaker: caretaker }
    }

    pub(super) async fn session(&self, kind: Kind, profile: &Path) -> Client {
        let mut client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        client.capabilities(capabilities(kind, profile));
        client.connect(&self.address).await.unwrap()
    }
}

/// `ChromeDriver was started successfully on port 41627.`
fn port(line: &str) -> Option<u16> {
    line.strip_suffix('.')?.rsplit_once("started successfully on port ")?.1.parse().ok()
}

fn capabilities(kind: Kind, profile: &Path) -> Map<String, Value> {
    let mut words = vec![
        "--headless=new".to_owned(),
        format!("--user-data-dir={}", profile.display()),
        format!("--lang={}", kind.language),
        "--hide-scrollbars".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--no-first-run".to_owned(),
    ];
    if is_root() {
        // Its sandbox does not start as root; what it opens is this test's own host.
        words.push("--no-sandbox".to_owned());
    }
    let scripts = if kind.scripts { 1 } else { 2 };
    let settings = json!({ "profile.managed_default_content_settings.javascript": scripts,
        "intl.accept_languages": kind.language, "credentials_enable_service": false });
    let options = json!({ "args": words, "prefs": settings });
    let Value::Object(all) = json!({ "browserName": "chrome", "goog:chromeOptions": options }) else { unreachable!() };
    all
}

#[test]
fn the_port_of_a_driver_is_read_from_what_it_says() {
    assert_eq!(port("ChromeDriver was started successfully on port 41627."), Some(41627));
    assert_eq!(port("Starting ChromeDriver 156.0 on port 0"), None);
}

#[test]
fn a_browser_has_its_language_its_size_and_its_scripts_and_without_them_a_page_runs_none() {
    let page = "data:text/html,<body>before<script>document.body.append(' and after')</script>";
    for (scripts, shown) in [(true, "before and after"), (false, "before")] {
        let Some(browser) = Browser::start(Kind { scripts, language: "pl", size: NARROW }) else { return };
        browser.open(page);
        assert_eq!(browser.text(), shown);
        let is = browser.script("return [navigator.language, window.innerWidth]");
        assert_eq!(is, json!(["pl", 360]), "a test's own scripts run all the same");
    }
}
