//! Run by `cargo fuzz run host`; what must hold stands in `src/`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| weighbridge_model_fuzz::host(bytes));
