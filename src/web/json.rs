//! Parses JSON with the engine's own parser, and checks the values.

use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;

use crate::core::answer::{JsonType, RunFault};
use crate::core::run_id::RunId;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse_text(text: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn get(object: &JsValue, name: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set(object: &JsValue, name: &JsValue, value: &JsValue) -> bool;

    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set_named(object: &JsValue, name: &str, value: &JsValue) -> bool;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["Function", "prototype"], js_name = call)]
    static CALL: Function;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["String", "prototype"], js_name = valueOf)]
    static VALUE_OF_STRING: Function;

    type Values;

    #[wasm_bindgen(method, js_name = forEach, catch)]
    fn for_each(this: &Values, visit: &Function) -> Result<(), JsValue>;
}

thread_local! {
    static TEXTS: JsValue = JsValue::from_str("texts");

    /// Throws if a value is not a string: `String.prototype.valueOf`, called on its first argument.
    static EXPECT_STRING: Function = CALL.with(|call| VALUE_OF_STRING.with(|value_of| call.bind0(value_of)));
}

/// Parses a JavaScript string. Returns `None` if it is not JSON.
pub fn parse(text: &JsValue) -> Option<JsValue> {
    parse_text(text).ok()
}

/// Returns the type of a value that `JSON.parse` has made.
pub fn type_of(value: &JsValue) -> JsonType {
    if value.is_object() {
        if Array::is_array(value) { JsonType::Array } else { JsonType::Object }
    } else if value.is_string() {
        JsonType::String
    } else if value.is_null() {
        JsonType::Null
    } else if value.as_bool().is_some() {
        JsonType::Boolean
    } else {
        JsonType::Number
    }
}

/// Returns a member of an object that `JSON.parse` has made. Members of `Object.prototype` do not count.
pub fn own(object: &JsValue, name: &JsValue) -> Option<JsValue> {
    Object::has_own(object.unchecked_ref::<Object>(), name).then(|| get(object, name))
}

/// A plain object of our own, made member by member.
#[derive(Debug)]
pub struct Members(JsValue);

impl Default for Members {
    fn default() -> Self {
        Self(Object::new().into())
    }
}

impl Members {
    /// Starts without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a member.
    pub fn set(&self, name: &str, value: &JsValue) {
        set_named(&self.0, name, value);
    }

    /// Adds a member.
    #[must_use]
    pub fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        self.set(name, &value.into());
        self
    }

    /// Adds a member, if there is a value.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Into<JsValue>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl AsRef<JsValue> for Members {
    fn as_ref(&self) -> &JsValue {
        &self.0
    }
}

impl From<Members> for JsValue {
    fn from(members: Members) -> Self {
        members.0
    }
}

/// Makes an object of runs by their ids.
pub fn by_id(runs: &[(RunId, JsValue)]) -> JsValue {
    let object = Object::new().into();
    for (run_id, run) in runs {
        set_run(&object, *run_id, run);
    }
    object
}

/// Sets the value of a run in an object by run id.
pub fn set_run(runs: &JsValue, run_id: RunId, value: &JsValue) {
    set(runs, &name_of(run_id), value);
}

/// Returns the name of a run in an answer. It is a number, so that no text is copied.
pub fn name_of(run_id: RunId) -> JsValue {
    run_id.as_number().into()
}

/// Returns the run of an answer if it is `{"texts": [strings]}`, else its fault.
pub fn run(runs: &JsValue, run_id: RunId) -> Result<JsValue, RunFault> {
    let run = own(runs, &name_of(run_id)).ok_or(RunFault::Missing)?;
    match type_of(&run) {
        JsonType::Object => {}
        JsonType::Null => return Err(RunFault::Null),
        other => return Err(RunFault::NotAnObject(other)),
    }
    let texts = texts_of(&run).ok_or(RunFault::NoTexts)?;
    if !Array::is_array(&texts) {
        return Err(RunFault::TextsNotAnArray(type_of(&texts)));
    }
    let texts: Array = texts.unchecked_into();
    match first_not_a_string(&texts) {
        Some((index, value)) => Err(RunFault::NotAString { index: index as usize, received: type_of(&value) }),
        None => Ok(run),
    }
}

fn first_not_a_string(values: &Array) -> Option<(u32, JsValue)> {
    // The engine visits all values in one call. A call from Rust for each would take longer than parsing them.
    let visited = EXPECT_STRING.with(|expect_string| values.unchecked_ref::<Values>().for_each(expect_string));
    if visited.is_ok() {
        return None;
    }
    (0..values.length()).map(|index| (index, values.get(index))).find(|(_, value)| !value.is_string())
}

/// Returns the texts of a run.
pub fn texts_of(run: &JsValue) -> Option<JsValue> {
    TEXTS.with(|name| own(run, name))
}

/// Copies a checked run.
pub fn copy_of(run: &JsValue) -> JsValue {
    let texts: Array = texts_of(run).unwrap_or_default().unchecked_into();
    run_with(&texts.slice(0, texts.length()))
}

/// Makes a run that has these texts and nothing else.
pub fn run_with(texts: &JsValue) -> JsValue {
    let run = Object::new().into();
    TEXTS.with(|name| set(&run, name, texts));
    run
}
