//! On-premise: all that leaves goes by a proxy of the configuration, and the doctor says whether it does.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::town::{BINARY, Setting, Town};

/// A proxy that reaches loopback under every name but those of nowhere, for whoever signs in as `agent`.
pub(super) struct Proxy {
    pub(super) address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { address: listener.local_addr().unwrap().to_string(), heads: Arc::default() };
        let heads = Arc::clone(&proxy.heads);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let heads = Arc::clone(&heads);
                std::thread::spawn(move || serve(stream.unwrap(), &heads));
            }
        });
        proxy
    }

    pub(super) fn asked_for(&self, name: &str) -> bool {
        self.heads.lock().unwrap().iter().any(|head| head.starts_with(&format!("CONNECT {name}")))
    }
}

fn serve(mut stream: TcpStream, heads: &Mutex<Vec<String>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).ok()?;
    heads.lock().unwrap().push(head.clone());
    let place = head.strip_prefix("CONNECT ")?.split(' ').next()?;
    // `agent:an agreed word`.
    let status = match head.contains("Basic YWdlbnQ6YW4gYWdyZWVkIHdvcmQ=") {
        false => "407 Proxy Authentication Required",
        true if place.contains(".invalid") => "502 Bad Gateway",
        true => "200 OK",
    };
    write!(stream, "HTTP/1.1 {status}\r\n\r\n").ok()?;
    if status != "200 OK" {
        return None;
    }
    let platform = TcpStream::connect(format!("127.0.0.1:{}", place.rsplit_once(':')?.1)).ok()?;
    let (there, back) = (platform.try_clone().ok()?, stream.try_clone().ok()?);
    std::thread::spawn(move || pump(stream, there));
    pump(platform, back);
    Some(())
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    std::io::copy(&mut from, &mut to).ok();
    to.shutdown(Shutdown::Write).ok();
}

/// A town whose platforms have names that only the proxy knows.
pub(super) fn document(town: &Town) -> String {
    let named = Setting::default().document(&town.platforms).replace("networks = [\"127.0.0.1/32\"]\n", "");
    named.replace("http://127.0.0.1:", "http://platform.test:")
}

fn configure(town: &Town, proxy: &Proxy, credential: &str) -> String {
    std::fs::write(town.path("credential"), format!("{credential}\n")).unwrap();
    let file = town.path("weighbridge.toml");
    let text = format!("[egress]\nproxy = \"http://{}\"\nproxy_credential = \"credential\"\n", proxy.address);
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

fn codes(doctor: &serde_json::Value, status: &str) -> Vec<String> {
    // How quick the disk of a busy machine is says nothing of the proxy.
    let findings = doctor["findings"].as_array().unwrap().iter().filter(|one| one["code"] != "doctor.sync_slow");
    let findings = findings.filter(|one| one["status"] == status);
    findings.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn moves_everything_by_the_proxy_of_the_configuration() {
    let (town, proxy) = (Town::settled(250, &Setting::default()), Proxy::start());
    town.apply(&document(&town));
    let audit = town.works(&["audit", "shop"]);
    let mut acts = audit["audit"].as_array().unwrap().iter().map(|line| &line["act"]);
    assert!(acts.any(|act| act == "integration.egress_changed"), "{audit}");
    let file = configure(&town, &proxy, "agent:an agreed word");
    let run = town.works(&["--config", &file, "run", "acme/orders"]);
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(proxy.asked_for("platform.test:"));
    assert_eq!(town.platforms.lines().len(), 250);
    let doctor = town.works(&["doctor", "--config", &file]);
    assert_eq!(
        (codes(&doctor, "failed"), codes(&doctor, "warning")),
        (vec![], vec!["doctor.backup_nowhere".to_owned()]),
        "{doctor}"
    );
    assert!(proxy.asked_for("weighbridge.invalid:443"));
}

#[test]
fn asks_no_environment_for_a_proxy() {
    let (town, proxy) = (Town::settled(1, &Setting::default()), Proxy::start());
    town.apply(&document(&town));
    let mut command = Command::new(BINARY);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, format!("http://{}", proxy.address));
    }
    let doctor = command.args(["--json", "--data", town.path("data").to_str().unwrap(), "doctor"]).output().unwrap();
    assert_eq!(doctor.status.code(), Some(1));
    let doctor = serde_json::from_slice(&doctor.stdout).unwrap();
    assert_eq!(codes(&doctor, "failed"), ["egress.unreachable", "egress.unreachable"]);
    assert!(proxy.heads.lock().unwrap().is_empty());
}

#[test]
fn says_that_the_proxy_wants_another_credential_and_never_what_it_was() {
    let (town, proxy) = (Town::settled(1, &Setting::default()), Proxy::start());
    town.apply(&document(&town));
    let file = configure(&town, &proxy, "agent:some other word");
    let failed = town.fails(&["--config", &file, "run", "acme/orders"], 1);
    assert_eq!(failed.json["failure"]["class"], "denied", "{}", failed.json);
    assert!(failed.json.to_string().contains("egress.proxy_sign_in"), "{}", failed.json);
    let doctor = town.fails(&["--config", &file, "doctor"], 1);
    assert!(codes(&doctor.json, "failed").iter().all(|code| code == "egress.proxy_sign_in"), "{}", doctor.json);
    for text in [failed.json.to_string(), failed.errors, doctor.json.to_string(), doctor.errors] {
        assert!(!text.contains("some other word"), "{text}");
    }
}

#[test]
fn refuses_a_configuration_of_the_way_out_that_is_none() {
    let town = Town::settled(0, &Setting::default());
    let file = town.path("weighbridge.toml");
    for (text, wanted) in [
        ("proxy = \"https://proxy.example\"", "http://host:port"),
        ("proxy = \"http://a:b@proxy.example\"", "user name"),
        ("proxy_credential = \"absent\"", "absent"),
        ("no_proxy = [\"example.com\"]", "`egress.proxy` is missing"),
        ("ca = \"absent.pem\"", "absent.pem"),
        ("proxies = 1", "unknown field"),
    ] {
        std::fs::write(&file, format!("[egress]\n{text}\n")).unwrap();
        let refused = town.fails(&["--config", file.to_str().unwrap(), "list"], 2);
        assert!(refused.errors.contains(wanted) && refused.errors.contains("config.malformed"), "{}", refused.errors);
    }
}
