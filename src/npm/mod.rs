//! The JavaScript classes of the npm package, over [`client`](crate::client).
//!
//! The package's entries wrap them: see `pkg-template/api.js` for the names that users import, and `pkg-template/instance.js`
//! for what happens when the module runs out of memory.

pub mod client;
mod error;
mod event;
mod options;
mod outcome;
mod promise;
pub mod run_ids;
mod source;
pub mod stream;

use js_sys::{Function, Set};
use wasm_bindgen::prelude::*;

use crate::web::fetch::under_way;

/// Allocates and frees in constant time, and is 1.8 kB smaller than the default allocator.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Sets up an instance of the module. `make_error` is `makeError` of `pkg-template/errors.js`. The shell uses the sets
/// after a trap: they hold the function that rejects each pending promise, and each request's controller.
#[wasm_bindgen(js_name = setUp)]
pub fn set_up(make_error: Function, pending: Set, requests: Set) {
    error::set_up(make_error);
    promise::set_up(pending);
    under_way::set_up(requests);
}
