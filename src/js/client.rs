//! What the entries call. They have read the arguments, so that a caller may change these afterwards; run ids are checked
//! here, options in `options.js`, as these are of JavaScript's types.

use wasm_bindgen::prelude::*;

use super::call::{Call, News};
use super::platform::{clock, given_numbers, problem};
use super::run::{BATCH, LIST, Run, STREAM};
use super::table;
use crate::bulk::Limits;
use crate::id_set::IdSet;
use crate::plan;
use crate::retry::Asked;
use crate::run_id::{self, Places, Problem};

/// Begins to fetch the runs that were given, or those of a call's source; of a kind that [`Run`] knows. What happens is told
/// by the number that this one gets. Whether it has begun: it does not where run ids may not be sent, whose problems have
/// been told.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "an object would be read member by member")]
pub fn begin(
    run: usize,
    client: usize,
    kind: u32,
    timeout_ms: f64,
    max_retries: u32,
    deadline_ms: f64,
    concurrency: u32,
) -> bool {
    let Some(ids) = check(kind) else { return false };
    let limits = Limits { concurrency, max_retries, deadline_ms };
    let under_way = Run::new(Call(run), table::pace_of(client), limits, timeout_ms, ids, kind, clock());
    table::keep(run, Box::new(under_way));
    true
}

/// Tells a run of what has happened, see [`News`]. One that is over is forgotten.
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
    if let Some(mut under_way) = table::take(run)
        && under_way.go_on(&news)
    {
        table::keep(run, under_way);
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
    let tell = |found: Problem| {
        let (kind, first, second) = found.numbers();
        problem(kind, first, second);
    };
    match kind {
        BATCH | LIST => run_id::check(&given_numbers(), kind == BATCH, tell),
        STREAM => Some(IdSet::default()),
        _ => {
            tell(Problem::NotAnArray);
            None
        }
    }
}
