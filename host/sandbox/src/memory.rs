//! The memory of one guest, limited as a total.

use wasmtime::ResourceLimiter;

use crate::state::Breach;

const ELEMENT_BYTES: usize = size_of::<usize>();

/// Counts linear memories and tables together against one ceiling.
#[derive(Debug)]
pub(crate) struct Ceiling {
    used: usize,
    bytes_max: usize,
    table_elements_max: usize,
}

impl Ceiling {
    pub(crate) fn new(bytes_max: usize, table_elements_max: usize) -> Self {
        Self { used: 0, bytes_max, table_elements_max }
    }

    pub(crate) const fn used(&self) -> usize {
        self.used
    }

    fn take(&mut self, bytes: usize) -> wasmtime::Result<bool> {
        let used = self.used.saturating_add(bytes);
        if used > self.bytes_max {
            return Err(Breach::Memory.into());
        }
        self.used = used;
        Ok(true)
    }
}

impl ResourceLimiter for Ceiling {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.take(desired.saturating_sub(current))
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired > self.table_elements_max {
            return Err(Breach::Table.into());
        }
        self.take(desired.saturating_sub(current).saturating_mul(ELEMENT_BYTES))
    }

    fn instances(&self) -> usize {
        64
    }

    fn tables(&self) -> usize {
        16
    }

    fn memories(&self) -> usize {
        4
    }
}
