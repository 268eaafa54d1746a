//! Time and randomness, which a guest has from nowhere else: `std::time` panics in one.

#[cfg(target_family = "wasm")]
use crate::bindings::weighbridge::connector::clock as host;
#[cfg(not(target_family = "wasm"))]
use crate::testing::imports::clock as host;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub fn now_ms() -> u64 {
    host::now_ms()
}

/// Waits without using CPU time. A page's `wait_ms` is the better way to wait long.
pub fn sleep_ms(ms: u32) {
    host::sleep_ms(ms);
}

/// The most that the host gives at once.
const RANDOM_BYTES_MAX: u32 = 4096;

/// Random bytes.
pub fn random(count: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut left = count;
    while left > 0 {
        let part = left.min(RANDOM_BYTES_MAX);
        bytes.extend(host::random(part));
        left -= part;
    }
    bytes
}

/// What the crate `getrandom` calls in a guest, so that `rand`, `uuid` and their like work.
#[cfg(all(target_family = "wasm", getrandom_backend = "custom"))]
mod backend {
    #[expect(unsafe_code, reason = "the name and the signature are getrandom's")]
    #[unsafe(no_mangle)]
    unsafe extern "Rust" fn __getrandom_v03_custom(dest: *mut u8, len: usize) -> Result<(), getrandom::Error> {
        // SAFETY: getrandom hands over a buffer of `len` bytes that may be written and that nobody else looks at.
        let dest = unsafe { std::slice::from_raw_parts_mut(dest, len) };
        let bytes = u32::try_from(len).map(super::random).map_err(|_| getrandom::Error::UNEXPECTED)?;
        if bytes.len() != len {
            return Err(getrandom::Error::UNEXPECTED);
        }
        dest.copy_from_slice(&bytes);
        Ok(())
    }
}
