//! The corpus of the fuzz targets, gone through at every run; and, when asked, a search for more that needs no other
//! compiler: `WEIGHBRIDGE_FUZZ_SECONDS=60 cargo test -p weighbridge-model fuzz -- --ignored --nocapture`.

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::random::Random;
use targets::{TARGETS, Target};

/// No input of these sizes takes nearly as long, on the slowest machine that runs the tests.
const PATIENCE: Duration = Duration::from_secs(2);
const MUTANT_BYTES_MAX: usize = 8 << 10;
const TOKENS: [&[u8]; 16] = [
    b"\n", b"\"", b"{", b"}", b"[", b"\\u0000", b"\0", b"\xff", b"..", b"%2e", b"*.", b"{a}", b"/", b"1e999", b"null",
    b"-",
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder("corpus").join(target)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10, "{target} has {} inputs", paths.len());
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Runs one input, and keeps it beside the corpus where something does not hold.
fn check((name, target): Target, input: &[u8]) {
    let begun = Instant::now();
    let outcome = std::panic::catch_unwind(|| target(input));
    if outcome.is_err() || begun.elapsed() > PATIENCE {
        let kept = folder("artifacts").join(name);
        std::fs::create_dir_all(&kept).unwrap();
        let kept = kept.join(format!("found-{}", weighbridge_model::package::Digest::of(input)));
        std::fs::write(&kept, input).unwrap();
        panic!("after {:?}: {}", begun.elapsed(), kept.display());
    }
}

/// One to four small harms.
fn mutant(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let pick = |random: &mut Random| &seeds[random.below(seeds.len() as u64) as usize];
    let mut bytes = pick(random).clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() as u64 + 1) as usize;
        let end = (at + random.below(32) as usize).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
            3 => bytes.splice(at..end, TOKENS[random.below(16) as usize].iter().copied()).for_each(drop),
            4 => bytes.splice(at..at, TOKENS[random.below(16) as usize].iter().copied()).for_each(drop),
            _ => {
                let other = pick(random);
                let from = random.below(other.len() as u64 + 1) as usize;
                bytes.splice(at.., other[from..].iter().copied()).for_each(drop);
            }
        }
    }
    bytes.truncate(MUTANT_BYTES_MAX);
    bytes
}

#[test]
fn every_input_of_the_corpus_keeps_what_must_hold() {
    for target in TARGETS {
        corpus(target.0).iter().for_each(|input| check(target, input));
    }
}

#[test]
fn a_few_mutants_of_each_input_do_too() {
    for target in TARGETS {
        let (seeds, mut random) = (corpus(target.0), Random::seeded(1));
        (0..300).for_each(|_| check(target, &mutant(&mut random, &seeds)));
    }
}

#[test]
fn the_corpus_has_what_its_publisher_signed() {
    assert!(corpus("package").contains(&targets::original()));
    assert!(corpus("rotation").contains(&targets::statement()));
}

#[test]
#[ignore = "a search of its own, as long as it is told to take"]
#[expect(clippy::disallowed_methods, reason = "nobody but the environment can tell a test how long to search")]
fn searches_for_an_input_that_does_not() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let (seconds, seed) = (number("WEIGHBRIDGE_FUZZ_SECONDS").unwrap_or(30), number("WEIGHBRIDGE_SEED").unwrap_or(2));
    for target in TARGETS {
        let (seeds, mut random, begun) = (corpus(target.0), Random::seeded(seed), Instant::now());
        let mut count = 0_u64;
        while begun.elapsed() * (TARGETS.len() as u32) < Duration::from_secs(seconds) {
            check(target, &mutant(&mut random, &seeds));
            count += 1;
        }
        println!("{}: {count} inputs", target.0);
    }
}
