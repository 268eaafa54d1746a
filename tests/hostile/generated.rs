//! Packages that nobody wrote: generated modules and components, and as many mutants of a good package, all of them signed.
//! 500 of each at every run; `WEIGHBRIDGE_GENERATED=10000 cargo test -p weighbridge-cli generated -- --nocapture` looks at more.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use weighbridge_sandbox::{ArtefactStore, Ended, Limits, StartError};

use super::explosive::section;
use super::frame::{component, sandbox, trusting, with_manifest};
use super::host::Host;
use super::{apart, check_serving};

/// For one of them, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What one guest may have, what compiling takes, and what the allocator keeps.
const GROWTH_KIB_MAX: u64 = 256 << 10;

/// The same numbers at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

#[test]
fn every_generated_package_is_answered_in_time_and_in_little_memory() {
    let count = weighbridge_smith::generated().unwrap().len() as u32 * 2;
    let patience = Duration::from_secs(120) + count * Duration::from_millis(500);
    let output = apart::run("hostile::generated::alone", patience);
    let grown = apart::growth_kib(&output);
    println!("{output}");
    assert!(grown < GROWTH_KIB_MAX, "they took {grown} KiB");
}

#[tokio::test]
#[ignore = "run in a process of its own, whose memory is measured"]
async fn alone() {
    check_serving().await;
    let good = component("harmless");
    let modules = weighbridge_smith::generated().unwrap();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let begun = Instant::now();
    apart::measured(async {
        let count = modules.len();
        tell("generated", modules.into_iter().map(|module| beside(&good, module))).await;
        tell("mutants", (0..count).map(|_| mutant(&good, &mut dice))).await;
    })
    .await;
    println!("in {:?}", begun.elapsed());
}

#[expect(clippy::print_stdout, reason = "the distribution is what a person runs this for")]
async fn tell(kind: &str, packages: impl Iterator<Item = Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let store = ArtefactStore::open(folder.path(), [1; 32]).unwrap();
    let mut codes = BTreeMap::<&str, u32>::new();
    for (index, package) in packages.enumerate() {
        let begun = Instant::now();
        *codes.entry(answer(package, &store).await).or_default() += 1;
        assert!(begun.elapsed() < PATIENCE, "{kind} {index} took {:?}", begun.elapsed());
        if index % 50 == 0 {
            check_serving().await;
        }
    }
    check_serving().await;
    println!("{kind}: {codes:?}");
}

/// The code that it ends with, or `works`.
async fn answer(package: Vec<u8>, store: &ArtefactStore) -> &'static str {
    let package = match trusting(package) {
        Ok(package) => package,
        Err(refusal) => return refusal.code(),
    };
    let connector = match sandbox().load(&package, store).await {
        Ok(connector) => connector,
        Err(refused) => return refused.code(),
    };
    let (call_wall, call_cpu) = (Duration::from_millis(300), Duration::from_millis(20));
    let limits = Limits { call_wall, call_cpu, ..Limits::default() };
    let mut guest = match sandbox().start(&connector, limits, Box::new(Host::default())).await {
        Ok(guest) => guest,
        Err(StartError::Stopped(stopped)) => return stopped.stop.code(),
        Err(full @ StartError::Full { .. }) => panic!("{full}"),
    };
    if let Err(Ended::Stopped(stopped)) = guest.open_reader(super::read_request()).await {
        return stopped.stop.code();
    }
    match guest.next(10, 1000).await {
        Ok(_) | Err(Ended::Failure(_)) => "works",
        Err(Ended::Stopped(stopped)) => stopped.stop.code(),
    }
}

/// A component as it is. A module stands beside the good ones of a connector, and is started with them.
fn beside(good: &[u8], generated: Vec<u8>) -> Vec<u8> {
    if !generated.starts_with(b"\0asm\x01\0\0\0") {
        return with_manifest(generated);
    }
    let modules = sections(good).iter().filter(|section| section[0] == 1).count();
    // One core instance, of the module after all others, with nothing handed to it.
    let instance = [1, 0, modules as u8, 0];
    with_manifest([good.to_vec(), section(1, &generated), section(2, &instance)].concat())
}

/// The sections of a component in order, each with its head; they begin after eight bytes.
fn sections(component: &[u8]) -> Vec<&[u8]> {
    let (mut rest, mut found) = (&component[8..], Vec::new());
    while !rest.is_empty() {
        let head = 2 + rest[1..].iter().position(|byte| byte & 0x80 == 0).unwrap();
        let length = rest[1..head].iter().rev().fold(0, |length, byte| length << 7 | usize::from(byte & 0x7f));
        let (section, after) = rest.split_at(head + length);
        found.push(section);
        rest = after;
    }
    found
}

fn mutant(good: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = good.to_vec();
    match dice.below(6) {
        0..=2 => {
            for _ in 0..=dice.below(3) {
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
            }
        }
        3 => bytes.truncate(dice.below(bytes.len())),
        4 => {
            let mut moved = sections(good);
            let (one, other) = (dice.below(moved.len()), dice.below(moved.len()));
            moved.swap(one, other);
            bytes = [&good[..8], &moved.concat()].concat();
        }
        _ => {
            let (from, at) = (dice.below(bytes.len()), dice.below(bytes.len()));
            let end = (from + dice.below(64)).min(bytes.len());
            let copied = bytes[from..end].to_vec();
            bytes.splice(at..at, copied);
        }
    }
    with_manifest(bytes)
}
