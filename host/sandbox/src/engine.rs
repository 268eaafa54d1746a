//! The WebAssembly engine and its settings.

use sha2::{Digest, Sha256};
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::sandbox::Settings;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// What a guest may hand over in one call: the largest request of 8 MiB, and room around it.
pub(crate) const HOSTCALL_BYTES: usize = 9 * MIB;

/// Makes the engine: pooled where the kernel can scan for dirty pages and the address space allows, else on demand.
pub(crate) fn make(settings: &Settings) -> wasmtime::Result<Engine> {
    if settings.pooling && PoolingAllocationConfig::is_pagemap_scan_available() {
        let mut config = plain();
        config.consume_fuel(settings.call_fuel.is_some());
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(settings)));
        match Engine::new(&config) {
            Ok(engine) => return Ok(engine),
            Err(error) => tracing::info!(%error, "no pool of guests; each gets its memory on demand"),
        }
    }
    let mut config = plain();
    config.consume_fuel(settings.call_fuel.is_some());
    Engine::new(&config)
}

/// An engine that only compiles, for artefacts that fit those of [`make`]: where guests get their memory from changes no code.
pub(crate) fn make_compiler() -> wasmtime::Result<Engine> {
    Engine::new(&plain())
}

fn plain() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .concurrency_support(false)
        .epoch_interruption(true)
        .consume_fuel(false)
        .wasm_memory64(false)
        // A component of several parts is joined by code that sees both memories; all of them count against one ceiling.
        .wasm_multi_memory(true)
        .wasm_relaxed_simd(false)
        .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(16))
        .memory_init_cow(true)
        .cranelift_opt_level(wasmtime::OptLevel::Speed)
        .max_wasm_stack(512 * KIB)
        .async_stack_size(2 * MIB);
    config
}

fn pool(settings: &Settings) -> PoolingAllocationConfig {
    let guests = settings.guests_max;
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(guests)
        .total_core_instances(guests.saturating_mul(8))
        .total_memories(guests.saturating_mul(2))
        .total_tables(guests.saturating_mul(4))
        .total_stacks(guests.saturating_mul(2))
        .max_core_instances_per_component(64)
        .max_memories_per_component(4)
        .max_tables_per_component(16)
        .max_memory_size(settings.memory_bytes_max)
        .table_elements(20_000)
        .linear_memory_keep_resident(512 * KIB)
        .table_keep_resident(16 * KIB)
        .async_stack_keep_resident(0)
        .pagemap_scan(Enabled::Auto);
    pool
}

/// A digest over all that decides whether a compiled artefact fits this engine.
pub(crate) fn fingerprint(engine: &Engine) -> [u8; 32] {
    use std::hash::Hash;
    let mut fold = Fold(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut fold);
    fold.0.finalize().into()
}

/// Feeds whatever is hashed into SHA-256: unlike the standard hasher, the same in every process.
struct Fold(Sha256);

impl std::hash::Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
