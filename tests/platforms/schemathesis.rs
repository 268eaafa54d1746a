//! Every operation of `openapi.json`, asked thousands of times for what its description allows and for what it does not: no
//! answer is a fault, and none is outside of what the description says.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use super::{python, wanted};
use crate::town::{Client, Host, Setting, Town};

const PACKAGE: &str = "schemathesis==4.32.5";

/// What everybody is asked for but these: they end what the asking goes on with.
const LAST: &str = "sign-out-everywhere|/sessions/current|/me/password|deactivate|/delete$";

/// The program, installed once.
fn program() -> PathBuf {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| python::environment(&PACKAGE.replace("==", "-"), &[PACKAGE])).join("bin/st")
}

struct Desk {
    town: Town,
    host: Host,
}

impl Desk {
    fn new() -> Self {
        let town = Town::settled(30, &Setting::default());
        let host =
            Host::start_configured(&town, "requests_per_minute = 10000000\nstranger_requests_per_minute = 10000000");
        let desk = Self { town, host };
        fs::write(desk.town.path("schemathesis.toml"), desk.parameters()).unwrap();
        let described = Client::stranger(&desk.host.address).get("/openapi.json");
        fs::write(desk.town.path("openapi.json"), described.text).unwrap();
        desk
    }

    /// The ids of things that are there, since no generated one ever is.
    fn parameters(&self) -> String {
        let town = &self.town;
        let template = r#"{"endpoint":[]}"#;
        town.works(&["service", "add", "acme", "--name", "CRM", "--endpoints", "orders"]);
        town.works(&["workflow", "set", "--name", "usual", "--template", template]);
        town.works(&["connect-link", "add", "acme", "--integration", "shop"]);
        let first = |name: &str, words: &[&str]| {
            let id = town.works(words)["items"][0]["id"].clone();
            format!("\"path.{name}\" = {id}\n")
        };
        let of_tenant = ["customer", "tenant", "integration", "workflow"].map(|noun| first(noun, &[noun, "list"]));
        let of_customer = ["connection", "endpoint", "transfer", "mapping", "service"];
        let of_customer = of_customer.map(|noun| first(noun, &[noun, "list", "acme"]));
        let link = first("link", &["connect-link", "list", "acme"]);
        format!("[parameters]\n{}{}{link}", of_tenant.concat(), of_customer.concat())
    }

    /// The session of somebody who was invited.
    fn session(&self, words: &[&str]) -> String {
        let invited = self.town.works(words);
        format!("Bearer {}", self.host.joined(&invited).secret.unwrap())
    }

    /// Asks as somebody; says what was found.
    fn ask(&self, described: &str, base: &str, authorization: &str, words: &[&str]) {
        let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
        let mut command = Command::new(program());
        command.current_dir(self.town.path("")).args(["--config-file", "schemathesis.toml", "run", described]);
        command.args(["--url", &format!("http://{}{base}", self.host.address)]);
        command.args(["--header", &format!("Authorization: {authorization}"), "--checks", checks, "--seed", "1"]);
        command.args(["--phases", "coverage,fuzzing", "--max-examples", "10", "--no-color", "--warnings", "off"]);
        let output = command.args(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
        let count = said.lines().find_map(|line| line.trim().split_once(" generated, ")?.0.parse::<u32>().ok());
        assert!(count.is_some_and(|count| count >= 20), "hardly anything was asked:\n{said}");
    }
}

#[test]
fn no_answer_is_a_fault_or_outside_of_its_description_whoever_asks() {
    if !wanted("Schemathesis") {
        return;
    }
    let desk = Desk::new();
    let staff = desk.session(&["staff", "invite", "--email", "anna@example.com", "--role", "tenant_admin"]);
    let operator = desk.session(&["operator", "invite", "--email", "otto@example.com", "--role", "operator"]);
    let user = desk.session(&["user", "invite", "acme", "--email", "cleo@example.com", "--role", "customer_admin"]);
    for who in [&user, &operator, &staff] {
        desk.ask("openapi.json", "/api/v1", who, &["--exclude-method", "DELETE", "--exclude-path-regex", LAST]);
    }
    desk.ask("openapi.json", "/api/v1", &staff, &["--include-path-regex", "/deactivate$|/activate$"]);
    desk.ask("openapi.json", "/api/v1", &staff, &["--include-method", "DELETE", "--exclude-path-regex", LAST]);
}

#[test]
fn nor_is_any_that_a_third_party_gets() {
    if !wanted("Schemathesis") {
        return;
    }
    let desk = Desk::new();
    let made = desk.town.works(&["service", "add", "acme", "--name", "ERP", "--endpoints", "orders"]);
    let (id, key) = (made["service"]["access_id"].as_str(), made["key"].as_str());
    let authorization = format!("Bearer {}:{}", id.unwrap(), key.unwrap());
    let line = format!("authorization: {authorization}\r\n");
    let described = Client::stranger(&desk.host.address).send("GET", "/pull/v1/openapi.json", &[&line], None);
    assert_eq!(described.status, 200, "{}", described.text);
    fs::write(desk.town.path("pull.json"), &described.text).unwrap();
    desk.ask("pull.json", "", &authorization, &[]);
}
