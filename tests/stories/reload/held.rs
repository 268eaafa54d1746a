//! Each setting that a reload takes over holds from then on.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{Scene, until};
use crate::contracts;
use crate::stories::proxy::{Proxy, document};
use crate::stories::traces::Collector;
use crate::town::{Figures, Host, Mood, PostOffice, Security, Setting, Town, ask};

/// Where it is tried that a setting holds: here, or beside what reads it.
const TRIED: [(&str, &str); 19] = [
    ("backup", "backups_go_to_another_folder_at_other_times_and_fewer_are_kept"),
    ("behind_proxy", "paces_and_believed_proxies_are_others"),
    ("connection_transfers_max", "places: whoever waits goes on when there are more places"),
    ("customer_transfers_max", "places: the same"),
    ("drain_s", "a_host_waits_as_long_as_it_was_told_last"),
    ("egress", "requests_leave_by_another_proxy; leaves_by_another_proxy and believes_an_authority in the egress"),
    ("history_days", "conduct: what was said in runs and then the runs are kept for another while"),
    ("hook_calls_per_minute", "paces_and_believed_proxies_are_others"),
    ("inbox_days", "hooks: what waits is kept for another while"),
    ("log", "the_log_says_more_spans_are_told_and_figures_want_a_key"),
    ("mail", "mail_leaves_by_another_server"),
    ("metrics_key", "the_log_says_more_spans_are_told_and_figures_want_a_key"),
    ("rejected_days", "conduct: rejected records are kept for another while"),
    ("requests_per_minute", "paces_and_believed_proxies_are_others"),
    ("run_log_days", "conduct: what was said in runs"),
    ("space_min_mib", "conduct: more room is wanted and less again"),
    ("stranger_requests_per_minute", "paces_and_believed_proxies_are_others"),
    ("tenant_transfers_max", "places: the same"),
    ("tls_certificate", "strangers: a new certificate is shown and no connection is lost"),
];
/// Those that are tried by the ones above.
const ALONG: [&str; 3] = ["tls_key", "traces", "transfers_max"];

#[test]
fn every_setting_that_says_so_is_tried() {
    let (mut known, mut table) = (std::collections::BTreeSet::new(), String::new());
    let text = contracts::kept("schemas/weighbridge.toml");
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("#[") {
            table = name.trim_end_matches(']').to_owned();
        }
        if line == "# A reload takes it over." {
            let name = lines.next().unwrap().trim_start_matches('#').split(" = ").next().unwrap().to_owned();
            known.insert(if table.is_empty() { name } else { table.clone() });
        }
    }
    let tried = TRIED.iter().map(|(name, _)| *name).chain(ALONG).map(str::to_owned).collect();
    assert_eq!(known, tried);
}

fn figures(head: &str) -> (Scene, Figures) {
    let address = format!("127.0.0.1:{}", Host::free_port());
    let every = Setting::transfer("schedule = { every = \"1s\" }");
    let scene = Scene::begin(Town::settled(5, &every), &format!("metrics = \"{address}\"\n{head}"), "log = \"warn\"");
    (scene, Figures { address })
}

#[test]
fn the_log_says_more_spans_are_told_and_figures_want_a_key() {
    let (scene, figures) = figures("");
    let collector = Collector::start(Some(200));
    assert!(figures.page().contains("weighbridge_"));
    let before = scene.town.logged().len();
    fs::write(scene.town.path("key"), "0123456789abcdef\n").unwrap();
    let lines = format!("log = \"info\"\nmetrics_key = \"key\"\ntraces = \"http://{}\"", collector.address);
    assert_eq!(scene.reads(&lines), ["log metrics_key traces", ""]);
    scene.hears(before, "a run ended");
    until("spans are told", || collector.sent().contains("\"run\""));
    let shown =
        |key: &str| ask(&figures.address, "GET", "/metrics", &[&format!("authorization: Bearer {key}")], "").status;
    assert_eq!((shown("0123456789abcdef"), shown("0123456789abcdeg")), (200, 401));
    fs::write(scene.town.path("key"), "0123456789abcdeg\n").unwrap();
    assert_eq!(scene.reads(&lines), ["metrics_key", ""], "another key in the same file");
    assert_eq!((shown("0123456789abcdef"), shown("0123456789abcdeg")), (401, 200));
    assert_eq!(scene.reads("log = \"error\""), ["log metrics_key traces", ""]);
    let (logged, told) = (scene.town.logged().len(), collector.sent().len());
    std::thread::sleep(Duration::from_secs(4));
    assert!(!scene.town.logged()[logged..].contains("a run ended"));
    let late = collector.sent().len() - told;
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(collector.sent().len() - told, late, "no more are told");
}

#[test]
fn paces_and_believed_proxies_are_others() {
    let scene = Scene::begin(Town::settled(1, &Setting::default()), "", "");
    let (town, host) = (&scene.town, &scene.host);
    let invited = town.works(&["operator", "invite", "--email", "olga@example.net", "--role", "operator"]);
    let olga = host.joined(&invited);
    let header = |path: &str, lines: &[&str], name: &str| {
        let answered = ask(&host.address, "POST", path, lines, "{}");
        answered.header(name).unwrap_or_default().to_owned()
    };
    let lines = "requests_per_minute = 77\nstranger_requests_per_minute = 40\nhook_calls_per_minute = 1";
    let all = "hook_calls_per_minute requests_per_minute stranger_requests_per_minute";
    assert_eq!(scene.reads(lines), [all, ""]);
    assert_eq!(olga.get("/host").header("ratelimit-policy"), Some("\"actor\";q=77;w=60"));
    let hook = "/hooks/v1/abcdefghijklmnopqrstuvwxyz";
    header(hook, &[], "ratelimit-policy");
    assert_eq!(header(hook, &[], "ratelimit-policy"), "\"hook\";q=1;w=60");
    let left = |from: &str| header("/api/v1/sessions", &[&format!("x-forwarded-for: {from}")], "ratelimit");
    assert!(!left("203.0.113.9").contains("r=39"), "this machine asked before, whatever is said");
    assert_eq!(scene.reads(&format!("{lines}\nbehind_proxy = [\"127.0.0.0/8\"]")), ["behind_proxy", ""]);
    assert!(left("203.0.113.9").contains("r=39"), "the proxy is believed");
}

#[test]
fn mail_leaves_by_another_server() {
    let (first, second) =
        (PostOffice::open(Mood::Willing, Security::Plain), PostOffice::open(Mood::Willing, Security::StartTls));
    let port = Host::free_port();
    let town = Town::settled(1, &Setting::default());
    let scene = Scene::begin(town, &format!("public_url = \"http://127.0.0.1:{port}\""), "");
    let test = ["mail", "test", "--to", "ann@example.com"];
    assert!(scene.town.fails(&test, 2).errors.contains("mail.not_configured"));
    let plain = format!("[mail]\nserver = \"{}\"\ntls = \"none\"\nfrom = \"One <one@example.com>\"", first.address);
    assert_eq!(scene.reads(&plain), ["mail.from mail.server mail.tls", ""]);
    scene.town.works(&test);
    assert!(first.wait_for(1)[0].contains("one@example.com"));
    fs::write(scene.town.path("authority.pem"), &second.certificate).unwrap();
    fs::write(scene.town.path("password"), "word\n").unwrap();
    let safe = format!(
        "[mail]\nserver = \"{}\"\nfrom = \"Two <two@example.com>\"\nca_file = \"authority.pem\"\nuser = \"two\"\npassword_file = \"password\"",
        second.address
    );
    let all = "mail.ca_file mail.from mail.password_file mail.server mail.tls mail.user";
    assert_eq!(scene.reads(&safe), [all, ""]);
    scene.town.works(&test);
    assert!(second.wait_for(1)[0].contains("two@example.com"));
    assert_eq!(first.letters().len(), 1);
    scene.reads("");
    assert!(scene.town.fails(&test, 2).errors.contains("mail.not_configured"));
}

#[test]
fn backups_go_to_another_folder_at_other_times_and_fewer_are_kept() {
    let scene = Scene::begin(Town::settled(3, &Setting::default()), "", "");
    assert!(scene.town.fails(&["backup", "take"], 2).errors.contains("host reload"));
    let folder = |name: &str| format!("[backup]\nfolder = \"{name}\"");
    let there = |name: &str| {
        fs::read_dir(scene.town.path(name)).map_or(0, |folder| {
            folder.flatten().filter(|one| !one.file_name().to_string_lossy().starts_with('.')).count()
        })
    };
    scene.reads(&folder("near"));
    scene.town.works(&["backup", "take"]);
    scene.town.works(&["backup", "take"]);
    scene.reads(&folder("far"));
    scene.town.works(&["backup", "take"]);
    assert_eq!((there("near"), there("far")), (2, 1));
    scene.reads(&format!("{}\nat = \"* * * * * *\"\nzone = \"Europe/Warsaw\"\nkeep = 1", folder("near")));
    until("one was taken by itself, and the older ones are gone", || there("near") == 1);
    assert_eq!(there("far"), 1);
}

#[test]
fn requests_leave_by_another_proxy() {
    let (one, other) = (Proxy::start(), Proxy::start());
    let scene = Scene::begin(Town::settled(50, &Setting::default()), "", "");
    scene.town.apply(&document(&scene.town));
    let file = |word: &str| fs::write(scene.town.path("credential"), format!("agent:{word}\n")).unwrap();
    let by =
        |proxy: &Proxy| format!("[egress]\nproxy = \"http://{}\"\nproxy_credential = \"credential\"", proxy.address);
    file("some other word");
    assert_eq!(scene.reads(&by(&one)), ["egress.proxy egress.proxy_credential", ""]);
    let refused = scene.town.fails(&["run", "acme/orders"], 1).json;
    assert!(refused.to_string().contains("egress.proxy_sign_in") && !other.asked_for("platform.test"), "{refused}");
    file("an agreed word");
    assert_eq!(scene.reads(&by(&one)), ["egress.proxy_credential", ""], "it is the file that is another one");
    assert_eq!(scene.town.works(&["run", "acme/orders"])["state"], "succeeded");
    assert!(one.asked_for("platform.test") && !other.asked_for("platform.test"));
    assert_eq!(scene.reads(&by(&other)), ["egress.proxy", ""]);
    assert_eq!(scene.town.works(&["run", "acme/orders"])["state"], "succeeded");
    assert!(other.asked_for("platform.test"));
}

#[test]
fn a_host_waits_as_long_as_it_was_told_last() {
    let scene = Scene::begin(Town::settled(300, &Setting::default()), "", "drain_s = 60");
    scene.town.platforms.slow(20_000);
    let mut run = scene.town.start(&["run", "acme/orders"]);
    until("a batch is on its way", || scene.town.works(&["host", "show"])["batches_open"] == json!(1));
    assert_eq!(scene.reads("drain_s = 1"), ["drain_s", ""]);
    let begun = Instant::now();
    scene.host.terminate();
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    let _ = run.wait();
}
