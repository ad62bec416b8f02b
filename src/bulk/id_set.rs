//! A set of run ids.

use crate::run_id::RunId;

/// A set of run ids in one open-addressed table: 8 bytes a slot and no allocation but the table's own, as a stream may
/// go on for millions.
#[derive(Clone, Debug, Default)]
pub struct IdSet {
    /// A power of two of them, or none. Ids start at 1, so 0 is free.
    slots: Vec<u64>,
    len: usize,
}

/// 2^64 divided by the golden ratio: ids that follow each other are spread over the whole table (Knuth, The Art of
/// Computer Programming 3, section 6.4).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

const FREE: u64 = 0;

impl IdSet {
    /// Adds an id; whether it is new.
    pub fn insert(&mut self, id: RunId) -> bool {
        // At most half of the slots are taken, so the searches are short and always end.
        if self.len.saturating_mul(2) >= self.slots.len() {
            self.grow();
        }
        let added = self.put(id.as_integer());
        self.len = self.len.saturating_add(usize::from(added));
        added
    }

    fn put(&mut self, id: u64) -> bool {
        let mask = self.slots.len().wrapping_sub(1);
        let mut index = (id.wrapping_mul(SPREAD) >> 32) as usize & mask;
        while let Some(slot) = self.slots.get_mut(index) {
            if *slot == FREE {
                *slot = id;
                return true;
            }
            if *slot == id {
                return false;
            }
            index = index.wrapping_add(1) & mask;
        }
        false
    }

    fn grow(&mut self) {
        const FIRST: usize = 32;
        let more = self.slots.len().saturating_mul(2).max(FIRST);
        let before = std::mem::replace(&mut self.slots, vec![FREE; more]);
        for id in before {
            if id != FREE {
                self.put(id);
            }
        }
    }
}
