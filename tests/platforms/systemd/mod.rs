//! The Debian package under a real systemd: the host begins, is watched, goes on after it was killed, ends in time, and is upgraded.

mod machine;

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use self::machine::Machine;
use super::debian;
use crate::stories::installed::Release;
use crate::town::BINARY;

/// What root types beside the host.
const ROOT: &str = "weighbridge --json --data /var/lib/weighbridge --master-key file:/etc/weighbridge/master.key";

/// Two platforms, and a document of what moves between them.
const PLATFORMS: &str = "weighbridge demo --folder /opt/mine/demo >/opt/mine/demo.log 2>&1
sed -E 's|base_url = \"http://[^\"]*\"|base_url = \"@\"|' /opt/mine/demo/partner.toml |
    awk '/\"@\"/ { sub(\"@\", \"http://127.0.0.1:\" (n++ ? 8702 : 8701)) } { print }' >/opt/mine/partner.toml
systemd-run --quiet --unit platforms weighbridge platforms --calm";

/// What is installed once; the rest of the test is what the unit promises of it.
fn installed() -> Option<Machine> {
    if !debian::installed("systemd-nspawn", &["systemd-container"]) || !debian::is_root() {
        println!("skipped: a machine of its own is made by root with systemd-nspawn");
        return None;
    }
    let release = Release::of(Path::new(BINARY));
    let entries = fs::read_dir(release.out()).unwrap().map(|entry| entry.unwrap().path());
    let package = entries.into_iter().find(|path| path.extension().is_some_and(|end| end == "deb")).unwrap();
    let shared = tempfile::tempdir().unwrap();
    fs::copy(package, shared.path().join("weighbridge.deb")).unwrap();
    let machine = Machine::boot(shared.path());
    if machine.is_none() {
        println!("skipped: this machine lets nobody make another one");
    }
    let machine = machine?;
    machine.types(
        "install -d -m 700 /opt/mine && cp /srv/weighbridge.deb /opt/mine/ && dpkg --install /opt/mine/weighbridge.deb",
    );
    Some(machine)
}

/// As the pages say.
fn began(machine: &Machine) {
    machine.types("install -d -m 0700 -o weighbridge -g weighbridge /var/backups/weighbridge");
    machine.types(
        "weighbridge --data /var/lib/weighbridge --config /etc/weighbridge/weighbridge.toml \
        --master-key file:/etc/weighbridge/master.key init --owner weighbridge --tenant Partner",
    );
    machine.types(&format!(
        "cd /usr/share/weighbridge/connectors
        {ROOT} trust add weighbridge publisher.pub; {ROOT} connector install weighbridge.rest-*.wbc"
    ));
    machine.types("printf '\n[backup]\nfolder = \"/var/backups/weighbridge\"\n' >>/etc/weighbridge/weighbridge.toml");
    machine.types("systemctl enable --now weighbridge");
}

fn shows(machine: &Machine, property: &str) -> String {
    machine.types(&format!("systemctl show --value --property {property} weighbridge")).trim().to_owned()
}

fn warehouse(machine: &Machine) -> Value {
    let get = "exec 3<>/dev/tcp/127.0.0.1/8702; printf 'GET /summary HTTP/1.0\\r\\nhost: x\\r\\n\\r\\n' >&3; sed '1,/^\\r$/d' <&3";
    serde_json::from_str(&machine.types(get)).unwrap()
}

fn json(machine: &Machine, words: &str) -> Value {
    serde_json::from_str(&machine.types(&format!("{ROOT} {words}"))).unwrap()
}

#[test]
fn the_unit_begins_a_host_watches_it_and_goes_on_after_a_kill() {
    if !super::wanted("systemd") {
        return;
    }
    let Some(machine) = installed() else { return };
    assert_eq!(shows(&machine, "ActiveState"), "inactive", "nothing begins that `init` has not made");
    // A host that stands still is missed sooner than in production, so that this does not take half a minute.
    machine.types("mkdir -p /etc/systemd/system/weighbridge.service.d
        printf '[Service]\\nWatchdogSec=4\\n' >/etc/systemd/system/weighbridge.service.d/soon.conf; systemctl daemon-reload");
    began(&machine);
    assert_eq!((&*shows(&machine, "ActiveState"), &*shows(&machine, "NRestarts")), ("active", "0"));
    assert_eq!(shows(&machine, "User"), "weighbridge");

    goes_on_after_a_kill(&machine);
    is_backed_up(&machine);
    is_missed_when_it_stands_still(&machine);
    reloads_and_ends(&machine);
    is_changed_by_root_meanwhile(&machine);
    owns_all_of_it(&machine);
    is_upgraded_and_leaves_what_it_kept(&machine);
}

fn goes_on_after_a_kill(machine: &Machine) {
    machine.types(PLATFORMS);
    machine.waits_until("the platforms answer", "exec 3<>/dev/tcp/127.0.0.1/8702");
    machine.types(&format!("{ROOT} apply /opt/mine/partner.toml; {ROOT} apply /opt/mine/demo/active.toml"));
    let started = json(machine, "transfer start acme diamonds");
    machine.waits_until("something arrived", "exec 3<>/dev/tcp/127.0.0.1/8702
        printf 'GET /summary HTTP/1.0\\r\\nhost: x\\r\\n\\r\\n' >&3; sed '1,/^\\r$/d' <&3 | grep -qE '\"lines\": ?[1-9]'");
    machine.types("kill -KILL $(systemctl show --value --property MainPID weighbridge)");
    let took = machine.waits_until(
        "it is up again",
        "[ \"$(systemctl show --value --property NRestarts weighbridge)\" = 1 ] &&
        systemctl is-active weighbridge",
    );
    println!("up again {took:?} after a kill: {started}");
    machine
        .waits_until("the run came to its end", &format!("{ROOT} run list acme | grep -q '\"state\": *\"succeeded\"'"));
    assert_eq!(warehouse(machine)["lines"], 5828, "all of it, and nothing twice");
    let usage = json(machine, "usage");
    let acme = usage["usage"].as_array().unwrap().iter().find(|line| line["customer"] == "acme").unwrap();
    assert_eq!(acme["spent"]["records"], 5828);
}

/// Whatever root typed, beside the host or while none served, the host can use what came of it.
fn owns_all_of_it(machine: &Machine) {
    let others = machine.types("find /var/lib/weighbridge /var/backups/weighbridge ! -user weighbridge");
    assert_eq!(others, "");
}

fn is_backed_up(machine: &Machine) {
    let taken = json(machine, "backup take");
    let name = taken["name"].as_str().unwrap();
    machine.types(&format!("weighbridge backup check /var/backups/weighbridge/{name}"));
    machine.types(&format!("test \"$(stat -c %U:%a /var/backups/weighbridge/{name})\" = weighbridge:700"));
}

fn is_missed_when_it_stands_still(machine: &Machine) {
    machine.types("kill -STOP $(systemctl show --value --property MainPID weighbridge)");
    machine.waits_until(
        "it was begun anew",
        "[ \"$(systemctl show --value --property NRestarts weighbridge)\" = 2 ] &&
        systemctl is-active weighbridge",
    );
    assert!(machine.types("journalctl --no-pager --unit weighbridge").contains("Watchdog timeout"));
}

fn reloads_and_ends(machine: &Machine) {
    let before = shows(machine, "MainPID");
    machine.types("systemctl reload weighbridge");
    assert_eq!(shows(machine, "MainPID"), before);
    let begun = std::time::Instant::now();
    machine.types("systemctl stop weighbridge");
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
    assert_eq!((&*shows(machine, "Result"), &*shows(machine, "ExecMainStatus")), ("success", "0"));
}

fn is_changed_by_root_meanwhile(machine: &Machine) {
    machine.types("printf '[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"late\"\n' >/opt/mine/late.toml; chmod 600 /opt/mine/late.toml");
    machine.types(&format!("{ROOT} apply /opt/mine/late.toml; {ROOT} keys rotate; {ROOT} run acme/diamonds"));
    let refused = machine.tries(&format!("{ROOT} serve")).unwrap_err();
    assert!(refused.contains("serve.not_owner"), "{refused}");
}

fn is_upgraded_and_leaves_what_it_kept(machine: &Machine) {
    machine.types("dpkg --install /opt/mine/weighbridge.deb");
    assert_eq!(shows(machine, "ActiveState"), "inactive", "an upgrade starts nothing that was stopped");
    machine.types("systemctl start weighbridge");
    let before = shows(machine, "MainPID");
    machine.types("dpkg --install /opt/mine/weighbridge.deb");
    machine.waits_until("it serves again", "systemctl is-active weighbridge");
    assert_ne!(shows(machine, "MainPID"), before, "what serves is the new program");
    machine.types("dpkg --purge weighbridge");
    machine.types("test -f /var/lib/weighbridge/store.redb && test -f /etc/weighbridge/master.key");
}

#[test]
fn the_unit_leaves_a_host_little_that_it_could_do_to_the_machine() {
    if !super::wanted("systemd") {
        return;
    }
    let Some(machine) = installed() else { return };
    let said = machine.types("systemd-analyze security --no-pager weighbridge.service");
    let level = said.lines().find(|line| line.contains("Overall exposure level")).unwrap();
    println!("{level}");
    let level: f64 = level.split(':').nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    assert!(level < 2.5, "{said}");
}
