//! An operator takes backups beside a host that serves, loses the machine, and goes on from the last one.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::town::{Host, Setting, Town};

fn configured(town: &Town) -> String {
    format!("[backup]\nfolder = \"{}\"\n", town.path("backups").display())
}

/// A backup that a host took, and what it says.
fn taken(town: &Town) -> (PathBuf, Value) {
    let taken = town.works(&["backup", "take"]);
    (town.path("backups").join(taken["name"].as_str().unwrap()), taken)
}

/// All but the keys is gone, as with a disk.
fn lose(town: &Town) {
    let (data, safe) = (town.path("data"), town.path("safe"));
    fs::rename(&data, &safe).unwrap();
    fs::create_dir(&data).unwrap();
    for file in ["keys.json", "keys.burned", "master.key"] {
        fs::copy(safe.join(file), data.join(file)).unwrap();
    }
}

fn delivered(town: &Town) -> Vec<u64> {
    let mut ids: Vec<u64> = town.platforms.lines().iter().map(|line| line["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    ids
}

/// A town whose transfer goes on from its cursor.
fn incremental(orders: u64) -> Town {
    let town = Town::settled(orders, &Setting::default());
    let read = "pointer = \"/next\" }";
    let ordered = format!("{read}, incremental = {{ parameter = \"since\", field = \"id\", ordered = true }}");
    let whole = Setting::default().document(&town.platforms).replace(read, &ordered);
    town.apply(&whole.replace("sync = \"full_refresh\"", "sync = \"incremental\""));
    town
}

#[test]
fn a_host_that_is_lost_goes_on_from_its_backup_and_nothing_is_moved_or_billed_twice() {
    let town = incremental(250);
    let host = Host::start_configured(&town, &configured(&town));
    assert_eq!(town.works(&["run", "acme/orders"])["state"], "succeeded");
    let (backup, told) = taken(&town);
    assert_eq!((&told["own"], told["rows"].as_u64() > Some(20)), (&true.into(), true), "{told}");
    let file = town.path("weighbridge.toml");
    let file = file.to_str().unwrap();
    assert_eq!(town.works(&["backup", "list", "--config", file])["items"].as_array().unwrap().len(), 1);
    assert_eq!(host.terminate(), 0);
    let (before, ids) = (town.billed(), delivered(&town));
    assert_eq!((ids.len(), before["records"].as_u64()), (250, Some(250)));
    lose(&town);
    assert_eq!(town.works(&["backup", "check", backup.to_str().unwrap()])["sound"], true);
    let restored = town.works(&["backup", "restore", backup.to_str().unwrap()]);
    assert_eq!(restored["frozen"], true, "{restored}");
    assert_ne!(restored["host"], restored["of"]);
    assert_eq!(town.billed(), before);
    // The connectors came along, and nothing moves before somebody looked.
    let refused = town.run(&["run", "acme/orders"]);
    assert_eq!(refused.json["refusal"]["code"], "host.frozen", "{}", refused.json);
    let host = Host::start_configured(&town, &configured(&town));
    town.works(&["host", "thaw"]);
    assert_eq!(town.works(&["run", "acme/orders"])["state"], "succeeded");
    // Only the record at the cursor of the backup was read again, as on any host.
    assert_eq!((delivered(&town), town.billed()["records"].as_u64()), (ids, Some(251)));
    assert_eq!(town.works(&["audit", "verify"])["sound"], true);
    assert_eq!(host.terminate(), 0);
}

#[test]
fn a_backup_is_taken_where_no_host_runs_too_and_not_where_nobody_said_where() {
    let town = Town::settled(3, &Setting::default());
    let nowhere = town.fails(&["backup", "take"], 2);
    assert!(
        nowhere.errors.contains("backup.not_configured") && nowhere.errors.contains("[backup]"),
        "{}",
        nowhere.errors
    );
    fs::write(town.path("weighbridge.toml"), configured(&town)).unwrap();
    let file = town.path("weighbridge.toml");
    let taken = town.works(&["backup", "take", "--config", file.to_str().unwrap()]);
    assert!(town.path("backups").join(taken["name"].as_str().unwrap()).join("backup.json").exists());
}

#[test]
fn a_backup_that_is_harmed_or_none_is_said_and_a_running_host_is_not_written_over() {
    let town = Town::settled(3, &Setting::default());
    let host = Host::start_configured(&town, &configured(&town));
    let (backup, _) = taken(&town);
    let path = backup.to_str().unwrap();
    let says = |words: &[&str], code: &str, exit: i32| {
        let answer = town.fails(words, exit);
        assert!(answer.errors.contains(&format!("\"code\":\"{code}\"")), "{}", answer.errors);
    };
    says(&["backup", "restore", path], "restore.running", 4);
    says(&["backup", "check", town.path("data").to_str().unwrap()], "backup.absent", 2);
    assert_eq!(host.terminate(), 0);
    says(&["backup", "restore", path], "restore.present", 2);
    harm(&backup.join("store.redb"));
    says(&["backup", "check", path], "backup.damaged", 1);
}

fn harm(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}
