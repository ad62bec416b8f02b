//! Plain JavaScript objects from what the core says.

use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use super::platform::list;
use crate::run_id::RunId;

/// A plain object to be: names and values, in this order.
///
/// A map and not a derived struct: for the names of a struct's fields the serializer keeps a hash table of JavaScript
/// strings, which is larger than all of them.
pub struct Record<'a>(pub &'a [(&'static str, Value<'a>)]);

/// The value of a member.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Value<'a> {
    Number(f64),
    Text(&'a str),
    #[serde(serialize_with = "numbers")]
    RunIds(&'a [RunId]),
    /// The object lacks this member.
    Absent,
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let there = self.0.iter().filter(|(_, value)| !matches!(value, Value::Absent));
        serializer.collect_map(there.map(|(name, value)| (name, value)))
    }
}

fn numbers<S: Serializer>(ids: &[RunId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(|id| id.as_number()))
}

/// A value of ours as plain JavaScript. All that we have to say is numbers that fit, texts, and lists and records of
/// them, which never fail.
pub fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    value.serialize(&serializer).unwrap_or_default()
}

/// Run ids as the numbers that they were.
pub fn list_of(ids: &[RunId]) -> JsValue {
    list(&numbers_of(ids))
}

pub fn numbers_of(ids: &[RunId]) -> Vec<f64> {
    ids.iter().map(|id| id.as_number()).collect()
}
