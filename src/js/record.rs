//! Plain JavaScript from what the core says.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::platform::list;
use crate::run_id::RunId;

/// A value of ours as plain JavaScript. All that we have to say is numbers that fit, texts, and lists and maps of them,
/// which never fail.
///
/// Maps and not derived structs: for the names of a struct's fields the serializer keeps a hash table of JavaScript
/// strings, which is larger than all of them.
pub fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    value.serialize(&serializer).unwrap_or_default()
}

/// Run ids as a list of the numbers that they were.
pub fn list_of(ids: &[RunId]) -> JsValue {
    list(&numbers_of(ids))
}

/// Run ids as the numbers that they were.
#[inline(never)]
pub fn numbers_of(ids: &[RunId]) -> Vec<f64> {
    ids.iter().map(|id| id.as_number()).collect()
}
