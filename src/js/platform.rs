//! What goes to and fro beside a call: clocks, chance, and run ids.

#![allow(missing_docs, reason = "what has no words here has its name")]

use std::cell::RefCell;
use std::mem::take;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Ms on a clock that never goes back.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn clock() -> f64;
    /// The time of day, in ms since 1970.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub fn time_of_day() -> f64;
    /// A random number from 0 up to 1.
    #[wasm_bindgen(js_namespace = Math, js_name = random)]
    pub fn chance() -> f64;
}

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    /// A problem of run ids.
    #[wasm_bindgen(js_name = addProblem)]
    pub fn problem(kind: u32, first: usize, second: usize);
}

thread_local! {
    static NUMBERS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

/// Gives a number that is to be a run id, for what is called next. NaN stands for what is no number.
#[wasm_bindgen]
pub fn give(number: f64) {
    NUMBERS.with_borrow_mut(|numbers| numbers.push(number));
}

/// The numbers that were given.
pub fn given_numbers() -> Vec<f64> {
    NUMBERS.with_borrow_mut(take)
}
