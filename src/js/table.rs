//! What JavaScript knows by the numbers that it gives: the pace of each client, and the runs that are under way.
//!
//! It calls one function of ours for all runs: a closure for each would be watched by a `FinalizationRegistry`, which costs
//! more than all else of a small call.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::run::Run;
use crate::pace::Pace;

thread_local! {
    static PACES: RefCell<Vec<Pace>> = const { RefCell::new(Vec::new()) };
    static RUNS: RefCell<Vec<Option<Box<Run>>>> = const { RefCell::new(Vec::new()) };
}

/// Lends what a client's bulk calls share, so that they do not fight. A new one knows nothing of the service yet.
pub fn with_pace<T>(client: usize, work: impl FnOnce(&mut Pace) -> T) -> T {
    PACES.with_borrow_mut(|paces| work(pace_of(paces, client)))
}

#[inline(never)]
#[expect(clippy::indexing_slicing, reason = "it is there by then")]
fn pace_of(paces: &mut Vec<Pace>, client: usize) -> &mut Pace {
    while paces.len() <= client {
        paces.push(Pace::default());
    }
    &mut paces[client]
}

/// Nobody has a client of this number any more, nor a call of its: the next that gets it is a new one.
#[wasm_bindgen]
pub fn forget(client: usize) {
    PACES.with_borrow_mut(|paces| {
        if let Some(pace) = paces.get_mut(client) {
            *pace = Pace::default();
        }
    });
}

/// Keeps a run under its number.
pub fn keep(number: usize, run: Box<Run>) {
    RUNS.with_borrow_mut(|runs| {
        while runs.len() <= number {
            runs.push(None);
        }
        if let Some(place) = runs.get_mut(number) {
            *place = Some(run);
        }
    });
}

/// Takes out the run of this number: while it works, others may begin and end.
pub fn take(number: usize) -> Option<Box<Run>> {
    RUNS.with_borrow_mut(|runs| runs.get_mut(number)?.take())
}
