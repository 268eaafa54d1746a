//! One platform in three languages: the same cassette, the same results, and in no language a way around the host.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::platforms;
use crate::town::Town;

const LANGUAGES: [&str; 3] = ["rust", "javascript", "python"];

fn example(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/languages").join(language)
}

/// A new connector in a language; what it installs and compiles is kept for the next time.
fn begun(town: &Town, name: &str, language: &str) -> PathBuf {
    let folder = town.path(name);
    town.works(&["connector", "new", folder.to_str().unwrap(), "--name", "acme.shop", "--lang", language]);
    folder
}

fn failed(tested: &Value) -> Vec<&Value> {
    let findings = tested["conformance"].as_array().unwrap().iter();
    findings.filter(|finding| finding["verdict"] == "failed").collect()
}

#[test]
fn gives_the_same_bytes_in_every_language_and_holds_to_the_contract() {
    if !platforms::wanted("what npm and pip bring") {
        return;
    }
    let town = Town::bare(0);
    let mut pages = Vec::new();
    for language in LANGUAGES {
        let folder = example(language);
        let folder = folder.to_str().unwrap();
        let tested = town.works(&["connector", "test", folder]);
        assert_eq!((&tested["passed"], &tested["failed"]), (&2.into(), &json!([])), "{language}");
        assert_eq!(failed(&tested), Vec::<&Value>::new(), "{language}");
        let replayed =
            tested["conformance"].as_array().unwrap().iter().find(|one| one["code"] == "conformance.replay_differs");
        assert_eq!(replayed.unwrap()["verdict"], "passed", "{language}");
        pages.push(town.works(&["connector", "dev", folder, "--once"])["page"].clone());
    }
    assert!(pages.iter().all(|page| *page == pages[0] && page["records"].as_array().unwrap().len() == 3), "{pages:?}");
}

#[test]
fn writes_tests_builds_and_installs_a_connector_in_a_language_with_a_runtime() {
    if !platforms::wanted("what npm and pip bring") {
        return;
    }
    for (language, source, (own, other)) in [
        ("javascript", "src/connector.js", ("page.records.pushRaw(order.raw)", "page.records.push({ id: 9 })")),
        ("python", "src/connector.py", ("page.records.push_raw(raw)", "page.records.push({\"id\": 9})")),
    ] {
        let town = Town::bare(0);
        let folder = begun(&town, "shop", language);
        let (folder, key) = (folder.to_str().unwrap(), town.path("acme.key"));
        let key = key.to_str().unwrap();
        let tested = town.works(&["connector", "test", folder]);
        assert_eq!((&tested["passed"], failed(&tested)), (&2.into(), Vec::new()), "{language}");
        assert_eq!(town.works(&["connector", "lint", folder])["remarks"], json!([]));

        let mut dev = town.start_talking(&["connector", "dev", folder]);
        assert_eq!(dev.line()["page"]["records"][0], r#"{"id":1,"total":"1.00"}"#);
        let source = town.path("shop").join(source);
        let text = fs::read_to_string(&source).unwrap();
        assert!(text.contains(own));
        fs::write(&source, text.replace(own, other)).unwrap();
        let second = dev.line();
        assert_eq!(second["page"]["records"][0], r#"{"id":9}"#, "{language}: {second}");
        println!(
            "{language}: from a save to the new page {} ms, built in {}, compiled in {} of them",
            second["since_save_ms"], second["built_ms"], second["compiled_ms"]
        );
        dev.stop();
        fs::write(&source, text).unwrap();

        town.works(&["connector", "keygen", key]);
        let out = town.path("out");
        let build = ["connector", "build", folder, "--locked", "--key", key, "--out", out.to_str().unwrap()];
        let (first, second) = (town.works(&build), town.works(&build));
        assert_eq!((&first["unchanged"], &second["unchanged"]), (&false.into(), &true.into()), "{language}");
        town.works(&["init"]);
        town.works(&["trust", "add", "acme", &format!("{key}.pub")]);
        let installed = town.works(&["connector", "install", first["package"].as_str().unwrap()]);
        assert_eq!((&installed["name"], &installed["used"]), (&"acme.shop".into(), &true.into()), "{language}");
    }
}

/// What each of them tries, one after another, in a function of its own; a word where it worked.
const JAVASCRIPT: &str = r#"
import { Connector, Failure, http } from "weighbridge-sdk";
const tries = {
  fetch: () => fetch("https://elsewhere.example.com"),
  file: () => globalThis["require"]("node:fs").readFileSync("/etc/hostname"),
  process: () => process.env.PATH,
  socket: () => new WebSocket("wss://elsewhere.example.com"),
  clock: () => { if (Math.abs(new Date().getTime() - 1774746000000) > 1000 || Date.now() !== 1774746000000) return "real"; throw "virtual"; },
  chance: () => { if (Math.random() === 0.5) return "none"; throw "seeded"; },
  unlisted: () => http.get("https://elsewhere.example.com/").send(),
};
export default class Thief extends Connector {
  check() {
    const worked = Object.entries(tries).filter(([, one]) => { try { one(); return true; } catch { return false; } });
    throw Failure.system("thief.tried", worked.map(([name]) => name).join(" ") || "nothing");
  }
  read() { this.check(); }
}
"#;

const PYTHON: &str = r#"
import os, socket, subprocess, time
from weighbridge_sdk import Connector, Failure, http

def clock():
    if abs(time.time() - 1774746000) < 1:
        raise ValueError("virtual")

TRIES = {
    "unlisted": lambda: http.get("https://elsewhere.example.com/").send(),
    "clock": clock,
    "environment": lambda: os.environ["PATH"],
    "file": lambda: open("/etc/hostname").read(),
    "folder": lambda: os.listdir("/"),
    "process": lambda: subprocess.run(["true"]),
    "socket": lambda: socket.create_connection(("192.0.2.1", 80)),
}

class Shop(Connector):
    def check(self):
        worked = []
        for name, one in TRIES.items():
            try:
                one()
                worked.append(name)
            except Exception:
                pass
        raise Failure.system("thief.tried", " ".join(worked) or "nothing")

    def read(self, request):
        self.check()
"#;

#[test]
fn reaches_nothing_in_any_language_that_the_manifest_does_not_list() {
    if !platforms::wanted("what npm and pip bring") {
        return;
    }
    for (language, source, text) in
        [("javascript", "src/connector.js", JAVASCRIPT), ("python", "src/connector.py", PYTHON)]
    {
        let town = Town::bare(0);
        let folder = begun(&town, "thief", language);
        fs::write(folder.join(source), text).unwrap();
        let seen = town.fails(&["connector", "dev", folder.to_str().unwrap(), "--once"], 1).json;
        let ended = seen["ended"].as_str().unwrap_or_default();
        // A runtime that is asked for what is not there may end the guest; what it may not do is answer.
        assert!(ended.contains("nothing") || ended.contains("connector.trapped"), "{language}: {seen}");
        let denied = &seen["gate"]["denied"][0];
        assert_eq!(
            (&denied["url"], &denied["code"]),
            (&"https://elsewhere.example.com/".into(), &"egress.not_in_manifest".into())
        );
        println!("{language}: {ended}");
    }
}

#[test]
fn says_what_is_missing_where_there_is_no_runtime() {
    let town = Town::bare(0);
    for (language, program) in [("javascript", "node"), ("python", "python3")] {
        let folder = begun(&town, language, language);
        let nowhere = town.path("nowhere");
        let words = ["connector", "build", folder.to_str().unwrap()];
        let said = town.run_under(&[("PATH", nowhere.to_str().unwrap())], &words);
        assert_eq!(said.code, 1, "{}", said.errors);
        assert!(said.errors.contains("build.no_runtime") && said.errors.contains(program), "{}", said.errors);
        assert!(said.errors.contains("Install Node.js 20"), "{}", said.errors);
    }
}

#[test]
fn says_which_file_says_nothing_of_the_connector() {
    let town = Town::bare(0);
    for (language, file) in [("javascript", "package.json"), ("python", "pyproject.toml")] {
        let folder = begun(&town, language, language);
        fs::write(
            folder.join(file),
            if language == "python" { "[project]\nversion = \"0.1.0\"\n" } else { "{\"version\": \"0.1.0\"}" },
        )
        .unwrap();
        let errors = town.fails(&["connector", "build", folder.to_str().unwrap()], 1).errors;
        assert!(errors.contains("build.no_project") && errors.contains(file), "{errors}");
    }
}
