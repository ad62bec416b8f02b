//! What JavaScript knows by a number: clients, and the runs that are under way.
//!
//! It calls one function of ours for all runs: a closure for each would be watched by a `FinalizationRegistry`, which costs
//! more than all else of a small call.

use std::cell::RefCell;
use std::rc::Rc;

use slab::Slab;
use wasm_bindgen::prelude::*;

use super::run::Run;
use crate::pace::Pace;

/// What a number stands for.
#[derive(Clone)]
pub enum Handle {
    /// What a client's bulk calls share, so that they do not fight.
    Client(Rc<RefCell<Pace>>),
    /// A call under way.
    Run(Rc<RefCell<Run>>),
}

thread_local! {
    static HANDLES: RefCell<Slab<Handle>> = const { RefCell::new(Slab::new()) };
}

/// Gives a number.
#[inline(never)]
pub fn add(handle: Handle) -> usize {
    HANDLES.with_borrow_mut(|handles| handles.insert(handle))
}

/// The number that is given next.
pub fn next() -> usize {
    HANDLES.with_borrow(Slab::vacant_key)
}

/// What has a number, where anything has.
#[inline(never)]
pub fn get(number: usize) -> Option<Handle> {
    HANDLES.with_borrow(|handles| handles.get(number).cloned())
}

/// Takes a number back. A client's calls go on.
#[wasm_bindgen]
pub fn forget(number: usize) {
    // Dropped when the handles are no longer borrowed.
    let _handle = HANDLES.with_borrow_mut(|handles| handles.try_remove(number));
}
