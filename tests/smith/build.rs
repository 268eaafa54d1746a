//! Writes modules and components, the same ones from the same numbers: each behind its length in four bytes.

use std::io::Write;
use std::path::Path;

use arbitrary::Unstructured;
use wasm_smith::{Component, Config, Module};

/// As many as every run of the tests looks at, beside as many mutants; `WEIGHBRIDGE_GENERATED` asks for more.
const COUNT: u64 = 500;

/// How many bytes of chance one of them is made of.
const SEED_BYTES: usize = 2048;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=WEIGHBRIDGE_GENERATED");
    let count = option("WEIGHBRIDGE_GENERATED").and_then(|count| count.parse().ok()).unwrap_or(COUNT);
    let folder = option("OUT_DIR").unwrap_or_default();
    let file =
        std::fs::File::create(Path::new(&folder).join("generated")).expect("the folder of the build is writable");
    let mut file = std::io::BufWriter::new(file);
    for number in 0..count {
        let made = make(number);
        file.write_all(&(made.len() as u32).to_le_bytes()).expect("there is room");
        file.write_all(&made).expect("there is room");
    }
    file.flush().expect("there is room");
}

#[expect(clippy::disallowed_methods, reason = "what a build is told, it is told by variables")]
fn option(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Components, and modules without imports; half of both keep to what an engine can run that has little switched on.
fn make(number: u64) -> Vec<u8> {
    let bytes = chance(number);
    let mut chance = Unstructured::new(&bytes);
    let alone = Config { max_imports: 0, min_funcs: 1, min_memories: 1, ..Config::default() };
    let made = match number % 4 {
        0 => Module::new(alone, &mut chance).map(|module| module.to_bytes()),
        2 => Module::new(plain(alone), &mut chance).map(|module| module.to_bytes()),
        1 => Component::new(Config::default(), &mut chance).map(|component| component.to_bytes()),
        _ => Component::new(plain(Config::default()), &mut chance).map(|component| component.to_bytes()),
    };
    made.unwrap_or_default()
}

fn plain(all: Config) -> Config {
    Config {
        max_memories: 1,
        max_memory32_bytes: 128 << 20,
        reference_types_enabled: false,
        memory64_enabled: false,
        threads_enabled: false,
        gc_enabled: false,
        exceptions_enabled: false,
        relaxed_simd_enabled: false,
        custom_page_sizes_enabled: false,
        wide_arithmetic_enabled: false,
        shared_everything_threads_enabled: false,
        ..all
    }
}

/// Knuth's linear congruential generator, by its upper bytes.
fn chance(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..SEED_BYTES).map(next).collect()
}
