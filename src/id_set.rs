//! A set of run ids that keeps their order.

use std::ops::Deref;

use crate::run_id::RunId;

/// Distinct run ids in the order in which they came. A stream may go on for millions: an id takes its 8 bytes and 8 to 16
/// of the table by which it is found.
#[derive(Clone, Debug, Default)]
pub struct IdSet {
    ids: Vec<RunId>,
    /// An open-addressed table of a power of two of slots, or none. An id's slot has its position, counted from 1; 0 is free.
    slots: Vec<u32>,
}

/// 2^64 divided by the golden ratio: ids that follow each other are spread over the whole table (Knuth, The Art of
/// Computer Programming 3, section 6.4).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl IdSet {
    /// Adds an id. If it is there already, says at which position, counted from 0.
    pub fn insert(&mut self, id: RunId) -> Option<usize> {
        // At most half of the slots are taken, so the searches are short and always end.
        if self.ids.len().saturating_mul(2) >= self.slots.len() {
            const FIRST: usize = 16;
            let more = self.slots.len().saturating_mul(2).max(FIRST);
            self.slots = vec![0; more];
            for index in 0..self.ids.len() {
                if let Some(&id) = self.ids.get(index) {
                    self.find(id, index.wrapping_add(1) as u32);
                }
            }
        }
        let next = self.ids.len().wrapping_add(1);
        let position = self.find(id, next as u32);
        if position == 0 {
            self.ids.push(id);
            return None;
        }
        Some((position as usize).wrapping_sub(1))
    }

    /// What an id's slot has; a free one gets the position.
    fn find(&mut self, id: RunId, position: u32) -> u32 {
        let mask = self.slots.len().wrapping_sub(1);
        let mut index = (id.as_integer().wrapping_mul(SPREAD) >> 32) as usize & mask;
        while let Some(slot) = self.slots.get_mut(index) {
            let before = *slot;
            if before == 0 {
                *slot = position;
            }
            if before == 0 || self.ids.get((before as usize).wrapping_sub(1)) == Some(&id) {
                return before;
            }
            index = index.wrapping_add(1) & mask;
        }
        0
    }
}

impl Deref for IdSet {
    type Target = [RunId];

    fn deref(&self) -> &[RunId] {
        &self.ids
    }
}

impl FromIterator<RunId> for IdSet {
    fn from_iter<I: IntoIterator<Item = RunId>>(ids: I) -> Self {
        let mut set = Self::default();
        for id in ids {
            set.insert(id);
        }
        set
    }
}
