//! A host that serves reads its configuration again: all of it or nothing, and no run is disturbed.

mod held;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::town::{Host, Setting, Town, ask};

/// A host whose configuration is changed while it serves.
struct Scene {
    town: Town,
    host: Host,
    /// The lines that stay.
    head: String,
}

impl Scene {
    fn begin(town: Town, head: &str, lines: &str) -> Self {
        let head = format!("log_json = true\nlisten = \"127.0.0.1:{}\"\n{head}", Host::free_port());
        let file = town.path("weighbridge.toml");
        fs::write(&file, format!("{head}\n{lines}\n")).unwrap();
        let address = head.lines().nth(1).unwrap().split('"').nth(1).unwrap().to_owned();
        let child = town.start_logging(&["serve", "--config", file.to_str().unwrap()]);
        let scene = Self { host: Host { child, address }, town, head };
        until("the host is ready", || std::net::TcpStream::connect(&scene.host.address).is_ok());
        scene
    }

    fn write(&self, lines: &str) {
        fs::write(self.town.path("weighbridge.toml"), format!("{}\n{lines}\n", self.head)).unwrap();
    }

    /// Has other lines read, by the command; says what was changed and what waits.
    fn reads(&self, lines: &str) -> [String; 2] {
        self.write(lines);
        let told = self.town.works(&["host", "reload"]);
        ["changed", "waiting"].map(|which| listed(&told[which]))
    }

    /// What the log says from here on, once it says this.
    fn hears(&self, before: usize, what: &str) -> String {
        until(what, || self.town.logged()[before..].contains(what));
        self.town.logged()[before..].to_owned()
    }

    fn hang_up(&self) {
        Command::new("kill").args(["-HUP", &self.host.child.id().to_string()]).status().unwrap();
    }
}

fn listed(names: &Value) -> String {
    names.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(40), "after 40 seconds it is not so: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_run_that_goes_on_is_not_disturbed() {
    let scene = Scene::begin(Town::settled(2_000, &Setting::default()), "", "");
    let town = &scene.town;
    town.platforms.slow(150);
    let mut run = town.start_talking(&["run", "acme/orders"]);
    let keys = || town.platforms.summary()["keys"].as_u64().unwrap();
    until("some of it arrived", || keys() > 0);
    let everything = format!(
        "transfers_max = 3\nhistory_days = 30\nspace_min_mib = 1\nrequests_per_minute = 50\n\
         [egress]\nproxy = \"http://127.0.0.1:1\"\nno_proxy = [\"127.0.0.0/8\"]\n[backup]\nfolder = \"{}\"",
        town.path("backups").display()
    );
    let [changed, waiting] = scene.reads(&everything);
    assert!(changed.contains("egress.proxy") && changed.contains("transfers_max") && waiting.is_empty(), "{changed}");
    let before = town.logged().len();
    scene.hang_up();
    scene.hears(before, "was read again");
    let at_reload = keys();
    assert!(at_reload < 20, "it was in the middle: {at_reload}");
    let ended = run.line();
    assert_eq!((run.end(), &ended["state"]), (0, &json!("succeeded")), "{ended}");
    assert_eq!((town.platforms.lines().len(), town.billed()["records"].as_u64()), (2_000, Some(2_000)));
    let history = town.works(&["history", "acme/orders"]);
    assert_eq!(history["runs"].as_array().unwrap().len(), 1, "it is one run: {history}");
    let audit = town.works(&["audit", "host", "--act", "host.reloaded"])["items"].to_string();
    assert_eq!(audit.matches("\"host.reloaded\"").count(), 2, "{audit}");
}

#[test]
fn a_configuration_with_anything_wrong_in_it_changes_nothing() {
    let scene = Scene::begin(Town::settled(1, &Setting::default()), "", "stranger_requests_per_minute = 50");
    let asked = || ask(&scene.host.address, "POST", "/api/v1/sessions", &[], "{}");
    let policy = || asked().header("ratelimit-policy").map(str::to_owned);
    let own = Some("\"address\";q=50;w=60".to_owned());
    fs::write(scene.town.path("no.pem"), "nothing").unwrap();
    for (wrong, said) in [
        ("log = \"=\"", "`log`"),
        ("transfers_max = \"many\"", "transfers_max"),
        ("transfers_maxi = 5", "did you mean `transfers_max`?"),
        ("[egress]\nca = \"no.pem\"", "egress.ca"),
        ("[backup]\nfolder = \"b\"\nat = \"never\"", "backup.at"),
        ("behind_proxy = [\"everywhere\"]", "behind_proxy"),
        ("tls_key = \"no.pem\"", "tls_certificate"),
    ] {
        scene.write(&format!("stranger_requests_per_minute = 7\n{wrong}"));
        let refused = scene.town.fails(&["host", "reload"], 2).errors;
        for part in ["reload.refused", said, "weighbridge config check"] {
            assert!(refused.contains(part), "{part}: {refused}");
        }
        assert_eq!(policy(), own, "{wrong}");
    }
    let before = scene.town.logged().len();
    scene.hang_up();
    let logged = scene.hears(before, "of before holds on");
    assert!(logged.contains("reload.refused") && logged.contains("next: "), "{logged}");
    assert_eq!(policy(), own);
    assert_eq!(scene.reads("stranger_requests_per_minute = 7"), ["stranger_requests_per_minute", ""]);
    assert_eq!(policy().as_deref(), Some("\"address\";q=7;w=60"));
}

#[test]
fn what_is_bound_at_the_start_waits_and_is_named_until_then() {
    let scene = Scene::begin(Town::settled(1, &Setting::default()), "", "");
    let lines = "connections_max = 9\npublic_url = \"https://a.example\"\nhistory_days = 9";
    scene.write(lines);
    let tried = scene.town.works(&["host", "reload", "--dry-run"]);
    assert_eq!([listed(&tried["changed"]), listed(&tried["waiting"])], ["history_days", "connections_max public_url"]);
    let invited = scene.town.works(&["operator", "invite", "--email", "olga@example.net", "--role", "operator"]);
    let olga = scene.host.joined(&invited);
    assert!(olga.get("/host").worked()["reloaded"].is_null(), "only tried");
    assert_eq!(scene.reads(lines), ["history_days", "connections_max public_url"]);
    assert_eq!(scene.reads(lines), ["", "connections_max public_url"], "it waits on");
    let shown = olga.get("/host").worked();
    assert_eq!(listed(&shown["reloaded"]["waiting"]), "connections_max public_url");
    assert!(shown["public_address"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{shown}");
    assert_eq!(scene.reads("history_days = 9"), ["", ""]);
}

#[test]
fn where_no_host_serves_nothing_is_read_again() {
    let town = Town::bare(0);
    town.works(&["init"]);
    let refused = town.fails(&["host", "reload"], 2).errors;
    assert!(refused.contains("reload.nobody") && refused.contains("Start it"), "{refused}");
}
