//! Fetches the finished texts of translation runs: two to five with one `POST /translation-results`, checked before it is
//! sent, tried again where that helps, and read strictly; any number with as many requests as they take, paced to the
//! service, where one bad run never costs another. Compiled to WebAssembly, it is the npm package `translation-results`.
//!
//! # The house
//!
//! A pure core decides and a thin rim does. The core takes time, randomness and outcomes as values, so it runs and is
//! tested anywhere; only the rim, `js`, knows that JavaScript exists.
//!
//! ```text
//! getResults(ids)   getAllResults(ids)   streamResults(source)
//!        └───────────────────┼──────────────────┘
//!   options.js ◀─ options ───┤                  each read once, checked, refused by name
//!   js::client ◀─ numbers ───┘──▶ run_id                    which may be run ids, and what is wrong with the others
//!        │
//!   js::run      ◀─ Step ──── bulk ◀───── plan, retry     read, send, wait or finish
//!     │  ▲       ── Outcome ─▶    ◀─────▶ pace            how fast the service was seen to accept
//!     │  │
//!     │  └─ News ── js::reply ──▶ answer                  which runs are as documented, or the fault
//!     ▼
//!   js::call     call.js: requests under way (exchange.js), the outcome or the stream (bulk.js), errors (errors.js)
//! ```
//!
//! | Module | Its one duty |
//! |---|---|
//! | [`run_id`] | what a run id and a batch are, and what is wrong with what is none |
//! | [`runs`] | which runs of a call, by their places |
//! | [`plan`] | how many runs each request asks for |
//! | [`retry`] | status → code, and again or not; how long to wait |
//! | [`bulk`] | a call's life: which runs to ask for next, what becomes of what came |
//! | [`pace`] | how fast a client sends |
//! | [`answer`] | which requested runs a body holds, and which is at fault |
//! | [`error`] | what can go wrong, by the codes that callers see |
//! | `js` | wasm32 only: what goes to JavaScript and comes from it, in numbers |
//!
//! What JavaScript does better than any code that is sent along it does: its engine parses bodies, URLs, numbers and dates,
//! its types and patterns say whether an option is as it must be, it keeps texts. It is asked for facts; what follows from
//! them is decided here: which run ids may be sent and in which requests, what came of each, what is tried again, when, and
//! how fast. What a caller reads of an error is worded in `pkg-template/errors.js`.

pub mod answer;
pub mod bulk;
pub mod error;
pub mod pace;
pub mod plan;
pub mod retry;
pub mod run_id;
pub mod runs;

#[cfg(target_arch = "wasm32")]
pub mod js;
