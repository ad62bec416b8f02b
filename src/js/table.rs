//! What both sides know by numbers: the pace of each client and the runs that are under way, whose numbers JavaScript
//! gives, and the jobs of these runs, whose numbers are given here.
//!
//! JavaScript calls one function of ours for all runs: a closure for each would be watched by a `FinalizationRegistry`, which
//! costs more than all else of a small call.

use std::sync::{Mutex, MutexGuard, PoisonError};

use wasm_bindgen::prelude::*;

use super::run::Run;
use crate::bulk::Jobs;
use crate::pace::Pace;

static TABLES: Mutex<Tables> = Mutex::new(Tables { paces: Vec::new(), jobs: Jobs::new(), runs: Vec::new() });

fn tables() -> MutexGuard<'static, Tables> {
    TABLES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Each grows to the most that there was at once, and no further: who is over leaves a place to the next.
struct Tables {
    paces: Vec<Pace>,
    jobs: Jobs,
    runs: Vec<Option<Run>>,
}

/// Lends the jobs.
pub fn with_jobs<T>(work: impl FnOnce(&mut Jobs) -> T) -> T {
    work(&mut tables().jobs)
}

/// Lends the jobs, and what a client's bulk calls share, so that they do not fight. A new one knows nothing of the service yet.
pub fn lend<T>(client: usize, work: impl FnOnce(&mut Jobs, &mut Pace) -> T) -> T {
    let Tables { paces, jobs, .. } = &mut *tables();
    work(jobs, place(paces, client, Pace::default))
}

/// Nobody has a client of this number any more, nor a call of its: the next that gets it is a new one.
#[wasm_bindgen]
pub fn forget(client: usize) {
    lend(client, |_, pace| *pace = Pace::default());
}

/// Keeps a run under its number.
pub fn keep(number: usize, run: Run) {
    *place(&mut tables().runs, number, || None) = Some(run);
}

/// Takes out the run of this number: while it works, others may begin and end.
pub fn take(number: usize) -> Option<Run> {
    tables().runs.get_mut(number)?.take()
}

/// The place of a number, which is made where there is none yet.
#[expect(clippy::indexing_slicing, reason = "it is there by then")]
fn place<T>(table: &mut Vec<T>, number: usize, new: impl Fn() -> T) -> &mut T {
    while table.len() <= number {
        table.push(new());
    }
    &mut table[number]
}
