//! Files that somebody drops are delivered and filed away, and records are put into files, in folders that the operator granted.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::town::{Setting, Town};

const FOLDERS: [&str; 3] = ["in", "done", "out"];

/// A town whose tenant offers drop folders too, granted as it says.
fn town(orders: u64, grants: &str) -> Town {
    let town = Town::settled(orders, &Setting::default());
    town.install("files");
    for name in FOLDERS {
        fs::create_dir(town.path(name)).unwrap();
    }
    apply(&town, grants);
    town
}

fn apply(town: &Town, grants: &str) -> Value {
    let grants = FOLDERS
        .iter()
        .fold(grants.to_owned(), |text, name| text.replace(&format!("@{name}@"), town.path(name).to_str().unwrap()));
    town.apply(&include_str!("folders.toml").replace("@GRANTS@", &grants))
}

const ALL: &str = r#""in:write=@in@", "done:write=@done@", "out:write=@out@""#;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Puts a file there as a careful sender does, and waits until it has lain still.
fn drop_file(town: &Town, name: &str, text: &str) {
    fs::write(town.path("draft"), text).unwrap();
    fs::rename(town.path("draft"), town.path("in").join(name)).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
}

#[test]
pub(crate) fn files_are_delivered_once_and_filed_away_when_that_is_settled() {
    let town = town(0, ALL);
    let rows: String = (0..250).map(|id| format!("{id};Łódź {id}\n")).collect();
    drop_file(&town, "stock-1.csv", &format!("id;city\n{rows}"));
    fs::write(town.path("in/notes.txt"), "not meant").unwrap();
    let run = town.works(&["run", "acme/stock"]);
    assert_eq!((&run["state"], &run["counts"]["delivered"]), (&"succeeded".into(), &250.into()));
    assert_eq!(town.platforms.summary()["lines"], 250);
    assert!(town.platforms.lines().contains(&serde_json::json!({ "id": "7", "city": "Łódź 7" })));
    let again = town.works(&["run", "acme/stock"]);
    assert_eq!(again["counts"]["delivered"], 0);
    assert_eq!(
        (names(&town.path("in")), names(&town.path("done"))),
        (vec!["notes.txt".into()], vec!["stock-1.csv".into()])
    );
    // Another one of the same name is another file.
    drop_file(&town, "stock-1.csv", "id;city\n250;Żory\n");
    assert_eq!(town.works(&["run", "acme/stock"])["counts"]["delivered"], 1);
    town.works(&["run", "acme/stock"]);
    assert_eq!(names(&town.path("done")).len(), 2);
    assert_eq!(town.billed()["records"], 251);
    assert!(town.billed()["requests"].as_u64().unwrap() > 4, "what is asked of folders counts: {}", town.billed());
}

#[test]
pub(crate) fn records_are_put_into_whole_files_of_so_many() {
    let town = town(250, ALL);
    let run = town.works(&["run", "acme/export"]);
    assert_eq!((&run["state"], &run["counts"]["delivered"]), (&"succeeded".into(), &250.into()));
    let files = names(&town.path("out"));
    assert_eq!(files.len(), 3, "{files:?}");
    assert!(files.iter().all(|name| name.starts_with("exported-") && name.ends_with(".csv")), "{files:?}");
    let texts = files.iter().map(|name| fs::read_to_string(town.path("out").join(name)).unwrap());
    let lines: Vec<String> =
        texts.flat_map(|text| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()).collect();
    assert_eq!(lines.len(), 250);
    assert!(lines.iter().all(|line| line.split(',').count() == 2), "{}", lines[0]);
}

/// What a run has put into a folder when it is killed is put there again under the same names, and nothing is there twice.
#[test]
fn a_run_that_is_killed_while_it_writes_files_leaves_no_file_twice_and_none_in_half() {
    let town = town(3_000, ALL);
    let mut child = town.start(&["run", "acme/export"]);
    let begun = std::time::Instant::now();
    while names(&town.path("out")).len() < 3 && begun.elapsed().as_secs() < 30 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = names(&town.path("out")).len();
    town.run(&["run", "acme/export"]);
    let files = names(&town.path("out"));
    assert!(files.len() > before && files.iter().all(|name| name.starts_with("exported-")), "{before}: {files:?}");
    let mut ids = Vec::new();
    for name in &files {
        let text = fs::read_to_string(town.path("out").join(name)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0] == "id,number" && lines.len() <= 101, "{name}: {}", lines.len());
        ids.extend(lines[1..].iter().map(|line| line.split(',').next().unwrap().to_owned()));
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), all), (3_000, 3_000));
}

#[test]
fn a_run_that_is_killed_while_it_reads_a_file_goes_on_in_the_middle_of_it() {
    let town = town(0, ALL);
    let rows: String = (0..2_000).map(|id| format!("{id};Łódź {id}\n")).collect();
    drop_file(&town, "stock-1.csv", &format!("id;city\n{rows}"));
    town.platforms.slow(100);
    let mut child = town.start(&["run", "acme/stock"]);
    let begun = std::time::Instant::now();
    while town.platforms.summary()["keys"].as_u64().unwrap() < 4 && begun.elapsed().as_secs() < 30 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    town.platforms.slow(0);
    assert_eq!(names(&town.path("in")), ["stock-1.csv"], "nothing is filed away that is not done");
    town.run(&["run", "acme/stock"]);
    let summary = town.platforms.summary();
    assert_eq!((&summary["lines"], &summary["conflicts"]), (&2_000.into(), &0.into()), "{summary}");
    assert_eq!(town.billed()["records"], 2_000, "each of them once");
    assert_eq!((names(&town.path("in")).len(), names(&town.path("done")).len()), (0, 1));
}

#[test]
fn a_folder_that_is_not_granted_or_only_to_be_read_stops_the_run_and_says_what_to_do() {
    let town = town(1, r#""in:read=@in@""#);
    drop_file(&town, "stock-1.csv", "id;city\n1;Żory\n");
    let failed = |transfer: &str| {
        let answer = town.run(&["run", transfer]);
        assert_ne!(answer.code, 0, "{}", answer.json);
        answer.json.to_string() + &answer.errors
    };
    let said = failed("acme/export");
    assert!(said.contains("folder.not_granted") && said.contains("--folders out:read=PATH"), "{said}");
    assert!(!said.contains(town.path("in").to_str().unwrap()), "no path of this machine is said: {said}");
    // The folder is read, and its file cannot be filed away.
    town.run(&["run", "acme/stock"]);
    assert_eq!((town.platforms.summary()["lines"].clone(), names(&town.path("in")).len()), (1.into(), 1));
    apply(&town, ALL);
    town.works(&["run", "acme/stock"]);
    assert!(names(&town.path("in")).is_empty() && town.platforms.summary()["lines"] == 1);
    town.works(&["run", "acme/export"]);
    assert_eq!(names(&town.path("out")).len(), 1);
}

#[test]
fn the_hosts_own_data_is_read_by_no_connector_whatever_is_granted() {
    let town = Town::settled(0, &Setting::default());
    town.install("files");
    let grants = format!("\"in:read={}\"", town.path("data").display());
    town.apply(&include_str!("folders.toml").replace("@GRANTS@", &grants));
    let answer = town.run(&["run", "acme/stock"]);
    let said = answer.json.to_string() + &answer.errors;
    assert!(answer.code != 0 && said.contains("folder.own_data"), "{said}");
}
