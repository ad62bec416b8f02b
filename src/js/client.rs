//! What the entries call. They have read the arguments, so that a caller may change these afterwards; which numbers may be
//! run ids is decided here, options are checked in `options.js`, as these are of JavaScript's types.

use wasm_bindgen::prelude::*;

use super::call::{Call, News};
use super::platform::clock;
use super::run::Run;
use super::table;
use crate::bulk::Limits;
use crate::plan;
use crate::retry::Asked;
use crate::run_id::{Problem, problem_of_batch, problem_of_element};
use crate::runs::Places;

/// Begins to fetch so many distinct runs, or those of a call's source; of a kind that [`Run`] knows. What happens is told by
/// the number that this one gets.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "an object would be read member by member")]
pub fn begin(
    run: usize,
    client: usize,
    kind: u32,
    count: usize,
    timeout_ms: f64,
    max_retries: u32,
    deadline_ms: f64,
    concurrency: u32,
) {
    let limits = Limits { concurrency, max_retries, deadline_ms };
    let under_way = Run::new(Call(run as i32), client, limits, timeout_ms, count, kind, clock());
    table::keep(run, under_way);
}

/// Tells a run of what has happened, see [`News`]. One that is over is forgotten.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "an object would be read member by member")]
pub fn tell(
    run: usize,
    is_all: bool,
    what: u32,
    which: usize,
    value: f64,
    in_ms: f64,
    in_seconds: f64,
    until: f64,
    named: u32,
) {
    let news = News { is_all, what, which, value, asked: Asked { in_ms, in_seconds, until }, named: Places(named) };
    if let Some(mut under_way) = table::take(run)
        && under_way.go_on(&news)
    {
        table::keep(run, under_way);
    }
}

/// What is wrong with a batch of so many run ids, as [`Problem`] counts it; 0 for nothing.
#[wasm_bindgen(js_name = problemOfBatch)]
pub fn of_batch(count: usize) -> i32 {
    number_of(problem_of_batch(count))
}

/// What is wrong with a number that is to be a run id, NaN for what is none; 0 for nothing.
#[wasm_bindgen(js_name = problemOfElement)]
pub fn of_element(number: f64, is_repeat: bool) -> i32 {
    number_of(problem_of_element(number, is_repeat))
}

fn number_of(problem: Option<Problem>) -> i32 {
    problem.map_or(0, |problem| problem as i32)
}

/// How many of so many run ids the first of the requests for them asks for.
#[wasm_bindgen(js_name = firstBatch)]
pub fn first_batch(count: usize) -> i32 {
    plan::first_batch(count) as i32
}
