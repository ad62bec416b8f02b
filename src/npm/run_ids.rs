//! Reads run ids from JavaScript.

use js_sys::{Array, Symbol};
use wasm_bindgen::prelude::*;

use super::error;
use super::event::to_js;
use crate::core::batch::{Batch, distinct};
use crate::core::invalid_run_ids::{InvalidRunIds, RunIdProblem};
use crate::core::plan;
use crate::core::run_id::RunId;
use crate::web::describe::{in_words, is_array};
use crate::web::iterator::method;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Array, js_name = from, catch)]
    pub(super) fn array_from(iterable: &JsValue) -> Result<Array, JsValue>;
}

/// Masks a caller's text before it is shown: the caller may have passed the key in place of a run id.
pub type Shown<'a> = &'a dyn Fn(&str) -> String;

/// Reads one run id. Fails with `InvalidRunIdsError`.
pub fn single(given: &JsValue, shown: Shown<'_>) -> Result<RunId, JsValue> {
    let refused = |problem| error::of_input(InvalidRunIds::single(problem, in_words(given, shown)).into());
    RunId::from_number(number(given)).map_err(refused)
}

/// Reads the two to five run ids of a batch. Fails with `InvalidRunIdsError`, or with the value that an access throws.
pub fn batch(given: &JsValue, shown: Shown<'_>) -> Result<Batch, JsValue> {
    let values = if is_array(given)? { array_from(given)? } else { return Err(not_a_list("an array", given, shown)) };
    Batch::from_numbers(numbers(&values)).map_err(|invalid| refused(invalid, &values, shown))
}

/// Reads any number of run ids from an iterable. Repeats count once.
pub fn list(given: &JsValue, shown: Shown<'_>) -> Result<Vec<RunId>, JsValue> {
    let is_iterable = method(given, &Symbol::iterator())?.is_function();
    let values = if is_iterable { array_from(given)? } else { return Err(not_a_list("an iterable", given, shown)) };
    distinct(numbers(&values)).map_err(|invalid| refused(invalid, &values, shown))
}

/// Returns a value as a number, or NaN if it is not one.
pub fn number(value: &JsValue) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Makes the error of a value that is not a list of run ids.
pub fn not_a_list(expected: &'static str, given: &JsValue, shown: Shown<'_>) -> JsValue {
    error::of_input(InvalidRunIds::not_a_list(expected, in_words(given, shown)).into())
}

fn refused(invalid: InvalidRunIds, values: &Array, shown: Shown<'_>) -> JsValue {
    let invalid = invalid.with_values(|index| in_words(&values.get(index as u32), shown));
    error::of_input(invalid.into())
}

fn numbers(values: &Array) -> impl Iterator<Item = f64> {
    values.iter().map(|value| number(&value))
}

/// Returns the problems that `getResults` would find in a list, as `RunIdProblem`s.
#[wasm_bindgen(js_name = checkRunIds)]
pub fn check_run_ids(run_ids: &JsValue) -> Result<JsValue, JsValue> {
    let checked = match is_array(run_ids)? {
        true => Batch::from_numbers(numbers(&array_from(run_ids)?)),
        false => Err(RunIdProblem::NotAnArray.into()),
    };
    let problems = checked.err().map_or(vec![], |invalid| invalid.problems);
    Ok(to_js(&problems))
}

/// Splits run ids into balanced batches.
#[wasm_bindgen(js_name = planBatches)]
pub fn plan_batches(run_ids: &JsValue) -> Result<Array, JsValue> {
    let batches = plan::split(&list(run_ids, &str::to_owned)?);
    Ok(batches.into_iter().map(array_of).collect())
}

/// Returns run ids as an array of numbers.
pub fn array_of(run_ids: impl IntoIterator<Item = RunId>) -> Array {
    run_ids.into_iter().map(|run_id| JsValue::from(run_id.as_number())).collect()
}
