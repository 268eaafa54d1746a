//! How long something still moves after a customer was deactivated: from the answer to the last line that arrives.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::town::{Host, Setting, Town};

const ROUNDS: usize = 10;
const PAGE: u32 = 100;

pub fn measure() {
    for slow_ms in [0, 50] {
        let (mut waits, mut lines) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (wait, late) = deactivated(slow_ms);
            waits.push(wait.as_secs_f64() * 1e3);
            lines.push(late);
        }
        waits.sort_by(f64::total_cmp);
        lines.sort_unstable();
        println!(
            "deactivated while batches of {PAGE} move, each taking {slow_ms} ms at the platform: the last line arrives {:.1} ms after the answer (median; {:.1} at most), lines after it: {} (median; {} at most)",
            waits[ROUNDS / 2],
            waits[ROUNDS - 1],
            lines[ROUNDS / 2],
            lines[ROUNDS - 1],
        );
    }
}

/// The wait, and how many lines came in it.
fn deactivated(slow_ms: u64) -> (Duration, u64) {
    let town = Town::settled(1_000_000, &Setting { page: PAGE, ..Setting::default() });
    let host = Host::start(&town);
    let invited = town.works(&["staff", "invite", "--email", "ann@partner.example", "--role", "tenant_admin"]);
    let staff = host.joined(&invited);
    let customer = format!("/customers/{}", staff.get("/customers").worked()["items"][0]["id"].as_str().unwrap());
    let transfers = format!("{customer}/transfers");
    let transfer = staff.get(&transfers).worked()["items"][0]["id"].as_str().unwrap().to_owned();
    town.platforms.slow(slow_ms);
    staff.post(&format!("{transfers}/{transfer}/start"), &json!({})).worked();
    let count = || town.platforms.summary()["lines"].as_u64().unwrap();
    while count() < 2_000 {
        std::thread::sleep(Duration::from_millis(1));
    }
    staff.post(&format!("{customer}/deactivate"), &json!({ "reason": "a benchmark" })).worked();
    let (answered, at_answer) = (Instant::now(), count());
    let (mut last, mut seen) = (answered, at_answer);
    while last.elapsed() < Duration::from_millis(500) {
        let now = count();
        if now > seen {
            (last, seen) = (Instant::now(), now);
        }
    }
    (last - answered, seen - at_answer)
}
