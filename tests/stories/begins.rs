//! Beginning a host: by flags, by questions, and what keeps it from being begun.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::town::{BINARY, Host, Town, request};

/// The words with a configuration of the town's, which is not there yet.
fn configured<'a>(file: &'a str, words: &[&'a str]) -> Vec<&'a str> {
    [&["--config", file, "init"], words].concat()
}

fn config_of(town: &Town) -> String {
    town.path("weighbridge.toml").display().to_string()
}

#[test]
fn flags_make_a_host_that_serves_as_they_say_with_its_first_people() {
    let (town, port) = (Town::bare(0), Host::free_port());
    let (file, listen) = (config_of(&town), format!("127.0.0.1:{port}"));
    let people = ["--operator", "ada@example.com", "--tenant", "Partner", "--zone", "Europe/Warsaw"];
    let made = town.works(&configured(&file, &[&["--listen", &listen][..], &people].concat()));
    assert_eq!(made["master_key"], town.path("data/master.key").to_str().unwrap());
    assert_eq!(town.works(&["config", "check", "--config", &file])["faults"], serde_json::json!([]));
    let tenants = town.works(&["tenant", "list"]);
    assert_eq!(
        (&tenants["items"][0]["name"], &tenants["items"][0]["zone"]),
        (&"Partner".into(), &"Europe/Warsaw".into())
    );
    let mut host = town.start(&["serve", "--config", &file]);
    let begun = std::time::Instant::now();
    while std::net::TcpStream::connect(&listen).is_err() {
        assert!(begun.elapsed().as_secs() < 30, "the host does not answer where it was told to");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let address = made["operator"]["address"].as_str().unwrap();
    let page = request(&listen, "GET", address.strip_prefix(&format!("http://{listen}")).unwrap(), "");
    assert!(page.contains("ada@example.com") || page.contains("password"), "the link opens: {page}");
    host.kill().unwrap();
    host.wait().unwrap();
}

#[test]
fn a_folder_that_is_made_is_not_made_again_and_its_reader_is_told_what_next() {
    let town = Town::bare(0);
    let file = config_of(&town);
    town.works(&configured(&file, &[]));
    let before = fs::read(town.path("data/keys.json")).unwrap();
    let again = town.fails(&configured(&file, &[]), 2).errors;
    assert!(again.contains("store.present") && again.contains("serve it"), "{again}");
    assert_eq!(fs::read(town.path("data/keys.json")).unwrap(), before);
}

#[test]
fn a_configuration_that_somebody_wrote_is_left_as_it_is() {
    let town = Town::bare(0);
    let (file, own) = (config_of(&town), "# mine\nlog = \"warn\"\n");
    fs::write(&file, own).unwrap();
    let refused = town.fails(&configured(&file, &["--listen", "127.0.0.1:9"]), 2).errors;
    assert!(refused.contains("init.configuration_present") && refused.contains("`listen`"), "{refused}");
    assert!(!town.path("data").exists(), "and nothing is made");
    assert_eq!(town.works(&configured(&file, &[]))["config_written"], false);
    assert_eq!(fs::read_to_string(&file).unwrap(), own);
}

#[test]
fn the_example_that_nobody_changed_is_filled_in_and_keeps_its_sentences() {
    let town = Town::bare(0);
    let file = config_of(&town);
    let example = Command::new(BINARY).args(["config", "example"]).output().unwrap().stdout;
    fs::write(&file, &example).unwrap();
    town.works(&configured(&file, &["--listen", "127.0.0.1:9"]));
    let filled = fs::read_to_string(&file).unwrap();
    let example = String::from_utf8(example).unwrap();
    assert_eq!(filled, example.replace("#listen = \"127.0.0.1:8686\"", "listen = \"127.0.0.1:9\""));
}

#[test]
fn nothing_is_left_of_a_host_that_could_not_serve() {
    let town = Town::bare(0);
    let (file, gone) = (config_of(&town), town.path("gone.pem").display().to_string());
    let open = ["--listen", "0.0.0.0:9"];
    for (words, code) in [
        (&open[..], "listen.unprotected"),
        (&["--tls-certificate", &gone, "--tls-key", &gone], "init.configuration_unfit"),
        (&["--public-url", "host"], "config.malformed"),
        (&["--operator", "ada"], "request.invalid"),
        (&["--tenant", "Partner", "--zone", "Warsaw"], "init.zone"),
        (&["--owner", "nobody-of-this-name"], "init.no_such_user"),
        (&["--self-made-certificate", "żółw"], "init.certificate"),
    ] {
        let errors = town.fails(&configured(&file, words), 2).errors;
        assert!(errors.contains(code), "{code}: {errors}");
        assert!(!town.path("data").exists() && !Path::new(&file).exists(), "{code} left something behind");
    }
    let unplaced = town.fails(&["init", "--listen", "127.0.0.1:9"], 2).errors;
    assert!(unplaced.contains("init.no_configuration"), "{unplaced}");
}

#[test]
fn a_certificate_of_its_own_is_made_on_request_and_its_key_is_nobody_elses() {
    let town = Town::bare(0);
    let file = config_of(&town);
    let words = ["--listen", "0.0.0.0:9", "--self-made-certificate", "host.example.com"];
    let made = town.works(&configured(&file, &words));
    assert_eq!(made["certificate"]["sha256"].as_str().unwrap().len(), 95);
    let mode = fs::metadata(town.path("data/certificate.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(town.works(&["config", "check", "--config", &file])["faults"], serde_json::json!([]));
    let town = Town::bare(0);
    town.works(&configured(&config_of(&town), &["--listen", "127.0.0.1:9"]));
    assert!(!town.path("data/certificate.pem").exists(), "and only then");
}

#[test]
fn what_root_makes_is_given_to_the_user_that_the_host_runs_as() {
    if !rustix::process::geteuid().is_root() {
        std::io::stderr().write_all(b"LEFT OUT: only root gives files away, and these tests are not root's\n").unwrap();
        return;
    }
    let town = Town::bare(0);
    let key = format!("file:{}", town.path("master.key").display());
    town.works(&["--master-key", &key, "init", "--owner", "nobody"]);
    for (path, user) in [("data", 65534), ("data/store.redb", 65534), ("data/keys.json", 65534), ("master.key", 0)] {
        assert_eq!(fs::metadata(town.path(path)).unwrap().uid(), user, "{path}");
    }
}

#[test]
fn whoever_sits_at_a_terminal_is_asked() {
    let town = Town::bare(0);
    let (data, file) = (town.path("data").display().to_string(), config_of(&town));
    let command = format!("{BINARY} --data {data} --config {file} init");
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "typescript"])
        .current_dir(town.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` of util-linux is there");
    let answers = "\n\n\n\n127.0.0.1:9\nada@example.com\nPartner\n\nyes\n";
    terminal.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    let said = terminal.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{text}");
    for part in ["Data folder [", "made ", "For the safe", "keys export", "/join/wbl_"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(town.works(&["operator", "list"])["items"][0]["email"], Value::from("ada@example.com"));
    assert!(fs::read_to_string(&file).unwrap().contains("\nlisten = \"127.0.0.1:9\"\n"));
}
