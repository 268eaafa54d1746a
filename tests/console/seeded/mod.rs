//! A running host with a believable partner in it, made once for all tests of the console, and kept by a test of its own.

pub(super) mod customers;
mod described;
mod document;
mod history;
pub(super) mod people;
mod platform;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::caretaker::Caretaker;
use crate::town::{Client, Host, PASSWORD, Town};
use customers::{BUSY, FAILING, HELD, LONG, OVER, RUNNING};
use document::Places;
use people::{ADMIN, At, PEOPLE};

/// The organisation: Nordwind Commerce.
pub(super) const TENANT: &str = "nordwind";
/// Another one, of whose customers nobody here may see anything.
const OTHER_TENANT: &str = "sudwind";

/// Everybody asks as fast as tests do.
const UNHURRIED: &str = "requests_per_minute = 1000000\nstranger_requests_per_minute = 1000000\n";

pub(super) struct Seeded {
    pub(super) town: Town,
    pub(super) host: Host,
    sessions: BTreeMap<&'static str, String>,
    /// By name.
    customers: BTreeMap<String, String>,
    _caretaker: Caretaker,
}

/// The one of this run of tests. Stories that change something take a customer that no other story looks at.
pub(super) fn seeded() -> &'static Seeded {
    static SEEDED: LazyLock<Seeded> = LazyLock::new(Seeded::new);
    &SEEDED
}

impl Seeded {
    /// One of a test's own, which may do with it what it likes.
    pub(super) fn apart() -> Self {
        Self::new()
    }

    fn new() -> Self {
        let town = Town::bare(40);
        town.works(&["init"]);
        town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
        for plugin in ["rest", "courier", "postbox", "tryton"] {
            town.install(plugin);
        }
        let places = Places {
            shop: town.platforms.shop.clone(),
            warehouse: town.platforms.warehouse.clone(),
            own: platform::start(),
        };
        std::fs::write(town.path("partner.json"), places.document().to_string()).unwrap();
        town.works(&["apply", town.path("partner.json").to_str().unwrap()]);
        let port = std::env::var_os("WEIGHBRIDGE_SEEDED_PORT").and_then(|port| port.to_str()?.parse().ok());
        let host = Host::start_public_at(&town, port.unwrap_or_else(Host::free_port), UNHURRIED);
        let caretaker = Caretaker::of(&[host.child.id(), town.platforms.process()], &town.path(""));
        let (sessions, customers) = (BTreeMap::new(), BTreeMap::new());
        let mut seeded = Self { town, host, sessions, customers, _caretaker: caretaker };
        seeded.customers = seeded.listed();
        seeded.let_in();
        seeded.happen();
        seeded.town.works(&["tenant", "add", "--name", OTHER_TENANT]);
        seeded.town.works(&["customer", "add", "--tenant", OTHER_TENANT, "--name", "Somebody else's customer"]);
        seeded
    }

    fn listed(&self) -> BTreeMap<String, String> {
        let listed = self.town.works(&["customer", "list", "--limit", "100"]);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        listed["items"].as_array().unwrap().iter().map(|one| (text(&one["name"]), text(&one["id"]))).collect()
    }

    /// A customer's id.
    pub(super) fn id(&self, customer: &str) -> &str {
        &self.customers[customer]
    }

    /// Whoever has this address, signed in at the API.
    pub(super) fn client(&self, email: &str) -> Client<'_> {
        Client::with(&self.host.address, &self.sessions[email])
    }

    /// Something is made at a customer, by the administrator.
    pub(super) fn of(&self, customer: &str, path: &str, body: &Value) -> Value {
        self.client(ADMIN).post(&format!("/customers/{}{path}", self.id(customer)), body).worked()
    }
}

/// The words that stand in a field of a list, each once.
fn words(listed: &Value, field: &str) -> BTreeSet<String> {
    listed["items"].as_array().unwrap().iter().map(|one| one[field].as_str().unwrap_or("none").to_owned()).collect()
}

#[test]
fn the_seeded_host_has_everything_that_pages_show() {
    let seeded = seeded();
    let at = |path: &str| seeded.client(ADMIN).get(path).worked();
    let count = |path: &str| at(path)["items"].as_array().unwrap().len();
    assert_eq!((seeded.customers.len(), LONG.chars().count()), (24, 90));
    assert_eq!((count("/integrations"), count("/connections"), count("/workflows")), (5, 2, 2));
    let connections = words(&at(&format!("/customers/{}/connections", seeded.id(BUSY))), "status");
    for status in ["on", "off", "needs_sign_in", "not_started", "ended"] {
        assert!(connections.contains(status), "{status}: {connections:?}");
    }
    let runs = |customer: &str, field: &str| {
        let transfer = seeded.transfer(customer);
        words(&at(&format!("/customers/{}/transfers/{transfer}/runs", seeded.id(customer))), field)
    };
    let states = [(BUSY, "succeeded"), (FAILING, "failed"), (HELD, "stopped"), (OVER, "refused"), (RUNNING, "running")];
    for (customer, state) in states {
        let begun = Instant::now();
        while !runs(customer, "state").contains(state) {
            assert!(begun.elapsed() < Duration::from_secs(30), "{customer}: {:?}", runs(customer, "state"));
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    assert!(at(&format!("/customers/{}/audit?act=customer.opened", seeded.id(BUSY))).to_string().contains("Monday"));
}

/// Open it in a browser: `WEIGHBRIDGE_SEEDED_PORT=8686 cargo test -p weighbridge-cli --test tests -- --ignored seeded_host_stays --nocapture`.
#[test]
#[ignore = "it serves until it is killed"]
fn seeded_host_stays() {
    let seeded = seeded();
    println!("\nhttp://{}  (data: {})", seeded.host.address, seeded.town.path("data").display());
    println!("everybody's password: {PASSWORD}\n");
    for one in &PEOPLE {
        let door = if matches!(one.at, At::Host) { "/operator".to_owned() } else { format!("/t/{TENANT}") };
        println!("{:<14} {:<34} {door}", one.role, one.email);
    }
    loop {
        std::thread::park();
    }
}
