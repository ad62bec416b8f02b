//! Fetches the finished texts of translation runs: two to five runs with one `POST /translation-results`, any number
//! with several requests. Run ids are checked before they are sent, answers are checked before they are returned,
//! transient failures are retried, and requests are paced to the rate that the server accepts. A bad run fails alone.
//!
//! The crate is the client. Rust applications for wasm32 use [`Client`]; the npm package `translation-results` is the same
//! client behind JavaScript classes.
//!
//! ```no_run
//! # #[cfg(target_arch = "wasm32")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use translation_results::{Batch, Client, ClientOptions, RunId};
//!
//! let client = Client::new(ClientOptions::new().base_url("/api/translations"))?;
//! let batch = Batch::try_from([RunId::try_from(12345)?, RunId::try_from(6789)?])?;
//! for (run_id, result) in client.get_results(batch).await? {
//!     println!("{run_id}: {:?}", result.texts);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! ```js
//! const client = new TranslationResultsClient({ baseUrl: "/api/translations" });
//! const results = await client.getResults([12345, 6789]);
//! console.log(results[12345].texts);
//! ```
//!
//! # What an application gets
//!
//! `Client` exists on wasm32; everything else compiles on any target, so that run ids, options and errors can be tested on the
//! host. The crate adds no exports, no allocator and no JavaScript file to an application, and links with every target of
//! wasm-bindgen. Feature `npm` is for the build of the npm package only.
//!
//! # Architecture
//!
//! Calls from both languages take the same path:
//!
//! ```text
//! JS getResults ──▶ npm::client ─┐
//!                                ├─▶ client::drive ◀──▶ core::schedule ◀──▶ core::pace
//! Rust get_results().await ──────┘      │  ▲
//!                                  Send │  │ Reply
//!                                       ▼  │
//!                          client::exchange ─▶ web::fetch ─▶ web::body ─▶ JSON.parse ─▶ core::answer
//! ```
//!
//! The schedule decides and the drive acts: it sends requests, waits, and passes each run to a `client::call::Sink`,
//! which collects the results.
//!
//! | Module | Duty |
//! |---|---|
//! | `core` | every decision, independent of the platform; tested on the host |
//! | `core::run_id`, `core::batch`, `core::plan` | valid run ids, and their division into batches |
//! | `core::invalid_run_ids` | the problems of a list of run ids |
//! | `core::options`, `core::key`, `core::escape` | options and their rules; masks the key in every spelling |
//! | `core::schedule` | one call as a state machine: the next request, and which runs fail |
//! | `core::pace`, `core::trial`, `core::line` | the rate of a client's requests; the order of its calls |
//! | `core::callers` | the callers that wait for each single run |
//! | `core::retry`, `core::http_date` | the meaning of a status; the wait before a retry |
//! | `core::answer`, `core::code`, `core::error` | the faults of an answer; every error as data |
//! | `core::message`, `core::spelling` | error messages; suggestions for misspelt options |
//! | `core::event`, `core::outcome` | the events for listeners; the outcomes of bulk calls |
//! | `options` | the options of Rust applications |
//! | `web` | wasm32: the platform as futures and guards; foreign values are accessed with `catch` |
//! | `client` | wasm32: the client, and the one loop that drives every call |
//! | `npm` | wasm32, feature `npm`: the JavaScript classes |

#![warn(missing_docs)]
// `Client` exists on wasm32 only. Links to it are checked in the documentation for wasm32.
#![cfg_attr(not(target_arch = "wasm32"), allow(rustdoc::broken_intra_doc_links))]

// The modules are public for the crate's own tests only. The public API is the re-exports below.
#[doc(hidden)]
pub mod core;
mod options;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod client;
#[cfg(all(target_arch = "wasm32", feature = "npm"))]
#[doc(hidden)]
pub mod npm;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod web;

#[cfg(target_arch = "wasm32")]
pub use crate::client::Client;
pub use crate::core::answer::{PathPart, TranslationResult};
pub use crate::core::batch::Batch;
pub use crate::core::code::Code;
pub use crate::core::error::{Error, FieldError};
pub use crate::core::event::{BulkProgress, ClientEvent, RequestOutcome};
pub use crate::core::invalid_run_ids::{InvalidRunIds, RunIdProblem};
pub use crate::core::outcome::{BulkOutcome, RunFailure, Stopped, StreamItem, TranslationResults};
pub use crate::core::plan::plan_batches;
pub use crate::core::run_id::{NotARunId, RunId};
pub use crate::options::{BulkOptions, CallOptions, ClientOptions};

/// Compiles the Rust examples of the README and the guide as doc tests.
#[cfg(all(doctest, target_arch = "wasm32"))]
mod guides {
    #[doc = include_str!("../README.md")]
    struct Readme;

    #[doc = include_str!("../docs/rust.md")]
    struct Rust;
}
