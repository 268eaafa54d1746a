//! From a signed file that was installed before to a connector that can start guests: verified, and not compiled again.

use std::time::Instant;

use weighbridge_model::package::{NamePattern, TrustStore, UnverifiedPackage};
use weighbridge_model::time::Window;
use weighbridge_sandbox::{ArtefactStore, Sandbox, Settings};

use crate::town::Town;

const ROUNDS: usize = 101;

pub async fn measure() {
    let town = Town::bare(0);
    let file = town.package();
    let key = std::fs::read_to_string(town.public_key()).unwrap().parse().unwrap();
    let mut trust = TrustStore::default();
    trust.add_key("weighbridge", [NamePattern::parse("weighbridge.*").unwrap()], key, Window::ALWAYS).unwrap();
    let sandbox = Sandbox::new(&Settings::default()).unwrap();
    let artefacts = ArtefactStore::open(town.path("artefacts"), [1; 32]).unwrap();
    let verify = || UnverifiedPackage::new(std::fs::read(&file).unwrap()).verify_installed(&trust).unwrap();
    let begun = Instant::now();
    sandbox.load(&verify(), &artefacts).await.unwrap();
    let compiled = begun.elapsed();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let package = verify();
        let verified = begun.elapsed();
        sandbox.load(&package, &artefacts).await.unwrap();
        times.push((begun.elapsed(), verified));
    }
    times.sort_unstable();
    let ((loaded, verified), kilobytes) = (times[ROUNDS / 2], verify().bytes().len() / 1_000);
    println!(
        "verify and load a precompiled package of {kilobytes} kB: {:.2} ms, {:.2} of it verifying (median of {ROUNDS}); \
         compiled anew: {} ms",
        loaded.as_secs_f64() * 1e3,
        verified.as_secs_f64() * 1e3,
        compiled.as_millis(),
    );
}
