//! Which runs of a call, by their places: what the ids are is known to whoever asked for them.

use std::iter;

/// Runs of a call that one request has room for: some of the five from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runs {
    /// How many runs of the call come before.
    pub first: usize,
    /// Which of those from there on.
    pub places: Places,
}

impl Runs {
    /// So many from one on, five at the most.
    pub fn from(first: usize, count: usize) -> Self {
        Self { first, places: Places(!(u32::MAX << count)) }
    }

    /// How many.
    pub fn len(self) -> usize {
        self.places.0.count_ones() as usize
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.places == Places::default()
    }

    /// Those at these places.
    pub fn only(self, places: Places) -> Self {
        Self { places: Places(self.places.0 & places.0), ..self }
    }

    /// Those that do not stand at these places.
    pub fn without(self, places: Places) -> Self {
        self.only(Places(!places.0))
    }
}

/// Places among five, one bit each: 5 for the first and the third.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places(pub u32);

impl Places {
    /// Whether this place is one of them.
    pub fn has(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    /// Adds a place, one of the first five.
    pub fn add(&mut self, place: usize) {
        self.0 |= 1 << place;
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        iter::from_fn(move || {
            let place = rest.trailing_zeros();
            rest &= rest.wrapping_sub(1);
            (place < u32::BITS).then_some(place as usize)
        })
    }
}
