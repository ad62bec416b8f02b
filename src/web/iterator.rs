//! JavaScript iterators. Every access may throw.

use js_sys::{Reflect, Symbol};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Object(value)`: has the methods of a primitive value, too.
    #[wasm_bindgen(js_name = Object)]
    fn to_object(value: &JsValue) -> JsValue;

    /// The members of functions and iterators that this crate uses.
    type Foreign;

    #[wasm_bindgen(method, catch)]
    fn call(this: &Foreign, this_value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn next(this: &Foreign) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, js_name = return, catch)]
    fn return_method(this: &Foreign) -> Result<JsValue, JsValue>;

    /// The result of an iterator's `next()` or of a stream reader's `read()`.
    type IteratorResult;

    #[wasm_bindgen(method, getter, catch)]
    fn done(this: &IteratorResult) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn value(this: &IteratorResult) -> Result<JsValue, JsValue>;
}

/// An iterator, asynchronous or not.
#[derive(Clone, Debug)]
pub struct ForeignIterator(JsValue);

impl ForeignIterator {
    /// Opens an iterable with its method of `Symbol.iterator` or `Symbol.asyncIterator`. Returns `None` if that is not
    /// a function. Fails with the value that it throws.
    pub fn open(iterable: &JsValue, method: &JsValue) -> Result<Option<Self>, JsValue> {
        let is_function = method.is_function();
        is_function.then(|| method.unchecked_ref::<Foreign>().call(iterable).map(Self)).transpose()
    }

    fn foreign(&self) -> &Foreign {
        self.0.unchecked_ref()
    }

    /// Calls `next()`. An asynchronous iterator returns a promise.
    pub fn next(&self) -> Result<JsValue, JsValue> {
        self.foreign().next()
    }

    /// Calls `return()`, if there is one.
    pub fn close(&self) -> Result<Option<JsValue>, JsValue> {
        let close = self.foreign().return_method()?;
        let is_function = close.is_function();
        is_function.then(|| close.unchecked_ref::<Foreign>().call(&self.0)).transpose()
    }
}

/// Returns a value's method with this symbol, or `undefined`. Fails with the value that a getter throws.
pub fn method(value: &JsValue, symbol: &Symbol) -> Result<JsValue, JsValue> {
    Reflect::get(&to_object(value), symbol)
}

/// Returns the value of an iterator's result, or `None` at its end. Fails with the value that a getter throws.
pub fn next_value(result: &JsValue) -> Result<Option<JsValue>, JsValue> {
    let result: &IteratorResult = result.unchecked_ref();
    if result.done()?.is_truthy() { Ok(None) } else { result.value().map(Some) }
}
