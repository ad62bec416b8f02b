//! Fetches the finished texts of translation runs: two to five with one `POST /translation-results`, any number with as many
//! requests as they take. Run ids are checked before they are sent, answers are checked before they are returned,
//! transient failures are retried, and requests are paced to what the server accepts. One bad run never costs another.
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
//! # The house
//!
//! A call goes one way, whichever language it comes from:
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
//! The schedule decides, and the drive does: it sends requests, waits, and hands each run to a `client::call::Sink`, which
//! collects the results.
//!
//! | Module | Its one duty |
//! |---|---|
//! | `core` | everything that is decided, without a platform: tested on the host |
//! | `core::run_id`, `core::batch`, `core::plan` | which run ids may be asked for, and in which batches |
//! | `core::invalid_run_ids` | what is wrong with lists of run ids |
//! | `core::options`, `core::key`, `core::escape` | options and their rules; the key, which is never shown, however it is written |
//! | `core::schedule` | one call as a state machine: what to send next, what fails with whom |
//! | `core::pace`, `core::line` | how fast a client sends; which of its calls is next |
//! | `core::callers` | who waits for which single run |
//! | `core::retry`, `core::http_date` | what a status means; how long to wait |
//! | `core::answer`, `core::code`, `core::error` | what is wrong with an answer; every error as data |
//! | `core::message`, `core::spelling` | the messages of errors; the option that a misspelt one was meant to be |
//! | `core::event`, `core::outcome` | what listeners hear; what bulk calls give |
//! | `options` | the options that Rust applications give |
//! | `web` | wasm32: the platform as futures and guards, foreign values are accessed with `catch` |
//! | `client` | wasm32: the client, and the one loop that drives every call |
//! | `npm` | wasm32, feature `npm`: the JavaScript classes |

#![warn(missing_docs)]
// `Client` exists on wasm32 only, where the documentation is made. Links to it are checked there.
#![cfg_attr(not(target_arch = "wasm32"), allow(rustdoc::broken_intra_doc_links))]

// The modules are open to the crate's own tests. The public surface is what is re-exported below, and nothing else.
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

/// The examples in Rust of the README and the guide are compiled with those of the documentation.
#[cfg(all(doctest, target_arch = "wasm32"))]
mod guides {
    #[doc = include_str!("../README.md")]
    struct Readme;

    #[doc = include_str!("../docs/rust.md")]
    struct Rust;
}
