//! Fetches the finished texts of translation runs: one `POST /translation-results` for two to five run ids, checked
//! before it is sent, tried again where that helps, and read strictly. Compiled to WebAssembly, it is the npm package
//! `translation-results`.
//!
//! # The house
//!
//! A pure core decides and a thin rim does. The core takes time, randomness and outcomes as values, so it runs and is
//! tested anywhere; only the rim, `js`, knows that JavaScript exists.
//!
//! ```text
//! getResults(ids)
//!   js::client   ── options ──▶ js::options ─▶ endpoint   base URL, key and headers checked
//!        │       ── ids ──────▶ run_id                    a Batch, or every problem of the list
//!        ▼
//!   js::call     ◀─ Action ──── attempt ◀────── retry     send, sleep or finish
//!        │       ── Event ────▶
//!        ▼
//!   js::fetch    ── body ─────▶ answer                    the runs, in place, or the fault
//!        │
//!        ▼
//!   js::error    ◀───────────── error                     a code and a message become an Error
//! ```
//!
//! | Module | Its one duty |
//! |---|---|
//! | [`run_id`] | what a run id and a batch are; every problem of a list, with its index |
//! | [`plan`] | a list of any length → balanced batches |
//! | [`endpoint`] | where requests go, what they carry, what of it is refused |
//! | [`retry`] | status → code, and again or not; how long to wait |
//! | [`attempt`] | one call's life: what happened → what to do |
//! | [`http_date`] | an HTTP date → seconds since 1970 |
//! | [`answer`] | which requested runs a body holds, and what is wrong with it |
//! | [`error`] | one error over a closed kind, with the codes and phrases that callers see |
//! | [`text`] | texts put together without the standard library's formatter |
//! | `js` | wasm32 only: `fetch`, timers, signals, options in, results and errors out |

pub mod answer;
pub mod attempt;
pub mod endpoint;
pub mod error;
pub mod http_date;
pub mod plan;
pub mod retry;
pub mod run_id;
pub mod text;

#[cfg(target_arch = "wasm32")]
pub mod js;
