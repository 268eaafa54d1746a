//! The pages that were given out last, as they were: whoever asks for one again soon costs no disk and no key.
//!
//! Whether somebody may have a page is decided before, every time; here it only lies ready.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use weighbridge_model::id::BatchId;

use crate::pipeline::Items;

const PAGES_MAX: usize = 256;
const BYTES_MAX: usize = 32 << 20;

/// In memory, and emptied whenever a customer is deleted.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    pages: VecDeque<(BatchId, Items)>,
    bytes: usize,
}

impl Shelf {
    pub(crate) fn get(&self, batch: BatchId) -> Option<Items> {
        let shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.pages.iter().find(|(one, _)| *one == batch).map(|(_, items)| items.clone())
    }

    /// Lays a page ready, and gives it back.
    pub(crate) fn put(&self, batch: BatchId, items: Items) -> Items {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if size(&items) > BYTES_MAX || shelf.pages.iter().any(|(one, _)| *one == batch) {
            return items;
        }
        shelf.bytes += size(&items);
        shelf.pages.push_back((batch, items.clone()));
        while shelf.pages.len() > PAGES_MAX || shelf.bytes > BYTES_MAX {
            let Some((_, oldest)) = shelf.pages.pop_front() else { break };
            shelf.bytes -= size(&oldest);
        }
        items
    }

    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Pages::default();
    }
}

fn size(items: &Items) -> usize {
    items.records.len() + items.deleted.len()
}

#[cfg(test)]
mod tests {
    use weighbridge_model::id::BatchId;

    use super::{BYTES_MAX, PAGES_MAX, Shelf};
    use crate::pipeline::Items;

    fn page(bytes: usize) -> Items {
        Items { records: vec![b'a'; bytes].into(), deleted: bytes::Bytes::new() }
    }

    fn batch(number: usize) -> BatchId {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        BatchId::from_bytes(id)
    }

    #[test]
    fn the_oldest_page_makes_room_and_the_newest_is_there() {
        let shelf = Shelf::default();
        for number in 0..=PAGES_MAX {
            shelf.put(batch(number), page(1));
        }
        assert!(shelf.get(batch(0)).is_none() && shelf.get(batch(1)).is_some());
        assert!(shelf.get(batch(PAGES_MAX)).is_some());
        shelf.put(batch(9_999), page(BYTES_MAX));
        assert!(shelf.get(batch(PAGES_MAX)).is_none() && shelf.get(batch(9_999)).is_some());
        shelf.put(batch(10_000), page(BYTES_MAX + 1));
        assert!(shelf.get(batch(10_000)).is_none() && shelf.get(batch(9_999)).is_some());
        shelf.clear();
        assert!(shelf.get(batch(9_999)).is_none());
    }
}
