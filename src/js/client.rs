//! What the entries call. They have read the arguments, so that a caller may change these afterwards; run ids are checked
//! here, options in `options.js`, as these are of JavaScript's types.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::call::{Call, News};
use super::handles::{self, Handle};
use super::platform::{clock, given_numbers, problem};
use super::run::{BATCH, LIST, Run, STREAM};
use crate::bulk::{Bulk, Limits};
use crate::id_set::IdSet;
use crate::plan;
use crate::retry::Asked;
use crate::run_id::{self, Places, Problem};

/// The number of no run.
const NONE: i32 = -1;

/// The number of a new client, which knows nothing of the service yet.
#[wasm_bindgen(js_name = addClient)]
pub fn add_client() -> usize {
    handles::add(Handle::Client(Rc::default()))
}

/// Begins to fetch the runs that were given, or those of a call's source; of a kind that [`Run`] knows. Gives the number by
/// which it is told what happens; below 0 where run ids may not be sent, whose problems have been told.
#[wasm_bindgen]
pub fn begin(client: usize, kind: u32, timeout_ms: f64, max_retries: u32, deadline_ms: f64, concurrency: u32) -> i32 {
    let Some(Handle::Client(pace)) = handles::get(client) else { return NONE };
    let Some(ids) = check(kind) else { return NONE };
    let limits = Limits { concurrency, max_retries, deadline_ms };
    // Before the number is looked up: a clock of a test's may call the client.
    let now = clock();
    let call = Call(handles::next());
    let bulk = Bulk::of(limits, ids, kind == STREAM, kind == BATCH, now);
    let run = Run::new(call, pace, limits, timeout_ms, kind, bulk, now);
    handles::add(Handle::Run(Rc::new(RefCell::new(run)))) as i32
}

/// Tells a run of what has happened, see [`News`]. One that is over has been forgotten.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "an object would be read member by member")]
pub fn tell(
    run: usize,
    is_all: bool,
    what: u32,
    request: usize,
    status: f64,
    in_ms: f64,
    in_seconds: f64,
    until: f64,
    named: u32,
) {
    let news = News { is_all, what, request, status, asked: Asked { in_ms, in_seconds, until }, named: Places(named) };
    if let Some(Handle::Run(under_way)) = handles::get(run)
        && !under_way.borrow_mut().go_on(&news)
    {
        handles::forget(run);
    }
}

/// Tells of the problems of the run ids that were given, as those of a call of this kind.
#[wasm_bindgen(js_name = checkIds)]
pub fn check_ids(kind: u32) {
    drop(check(kind));
}

/// How many of so many run ids the first of the requests for them asks for.
#[wasm_bindgen(js_name = firstBatch)]
pub fn first_batch(count: usize) -> usize {
    plan::first_batch(count)
}

/// The distinct ones of the run ids that were given; none yet for a call that reads them of a source. Where there is a
/// problem, all are told.
fn check(kind: u32) -> Option<IdSet> {
    let checked = match kind {
        BATCH | LIST => run_id::check(&given_numbers(), kind == BATCH),
        STREAM => return Some(IdSet::default()),
        _ => Err(vec![Problem::NotAnArray]),
    };
    match checked {
        Ok(ids) => Some(ids),
        Err(problems) => {
            for found in problems {
                let (kind, first, second) = found.numbers();
                problem(kind, first, second);
            }
            None
        }
    }
}
