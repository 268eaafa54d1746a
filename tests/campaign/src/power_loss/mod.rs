//! Power loss over the store's file: by the verbs of the store and, every fourth voyage, by plain rows.
//!
//! That the disk and the checks see anything at all is shown on a known bad version first, by a program of its own.

mod engine;
mod store;

use std::panic;
use std::path::Path;
use std::process::Command;

use weighbridge_outage::{IMAGES, Sailor, Tally, voyage};

use self::store::Ledger;
use crate::pace::{Pace, Reached};

weighbridge_outage::raw! {
    /// The version that the store uses.
    used, redb
}

/// What is not tried, so that nobody believes it was.
const UNTESTED: &[&str] = &[
    "Disks that say a write is durable before it is, or that change what was durable.",
    "Errors of single reads and writes, and full disks.",
    "Blobs torn in the middle: they are taken as whole or not there, which is what their rename after a sync gives.",
    "The moment in which a new store's file takes its name.",
    "Other operating systems and file systems than this disk model stands for.",
];

/// Sails until the pace says it is enough.
pub fn run(pace: &Pace) -> Result<Reached, String> {
    let calibrated = calibrate(pace.first)?;
    println!("power-loss: {calibrated}");
    // A panic is told by the voyage that it ended.
    panic::set_hook(Box::new(|_| {}));
    let ledger = Ledger::new().map_err(|error| error.to_string())?;
    let pace = pace.anew();
    let (mut tally, mut seed) = (Tally::default(), pace.first);
    while pace.goes_on(tally.images) {
        let sailor: &dyn Sailor = if seed.is_multiple_of(4) { &used::Raw } else { &ledger };
        voyage(sailor, seed, IMAGES, &mut tally).map_err(|error| told(seed, &error))?;
        seed += 1;
    }
    Ok(Reached {
        count: tally.images,
        lines: vec![
            (tally.images, "images of a disk opened"),
            (tally.in_recovery, "of them left by a loss of power while one before was opened or gone on with"),
            (tally.landed, "commits that the power cut short and that were there, whole"),
            (tally.commits, "commits made"),
            (seed - pace.first, "voyages"),
        ],
        with: vec!["redb 4.5.0 under the store's own engine".to_owned(), format!("calibrated on {calibrated}")],
        untested: UNTESTED,
    })
}

fn told(seed: u64, error: &str) -> String {
    format!("{error}\nto repeat it: cargo run --release -p weighbridge-campaign -- power-loss --count 1 --seed {seed}")
}

/// Has the known bad version tried in the same way, and answers what was found there. It is built beside this campaign, by the
/// `cargo` of this folder: a version's own sources may ask for another toolchain.
fn calibrate(seed: u64) -> Result<String, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = std::env::current_exe().map_err(|error| format!("this campaign's own file is not found: {error}"))?;
    let built = built.ancestors().nth(2).ok_or("this campaign was not built by cargo")?;
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(here)
        .args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(here.join("known-bad/Cargo.toml"));
    cargo.arg("--target-dir").arg(built).args(["--", &seed.to_string()]);
    let output = cargo.output().map_err(|error| format!("the known bad version cannot be tried: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() { Ok(said) } else { Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr))) }
}
