//! Fetches the finished texts of translation runs: two to five with one `POST /translation-results`, any number with as many
//! requests as they take. Run ids are checked before they are sent, answers are checked before they are returned,
//! transient failures are retried, and requests are paced to what the server accepts. One bad run never costs another.
//!
//! The crate is the client. Rust applications for wasm32 use [`Client`]; the npm package `translation-results` is the same
//! client behind JavaScript classes.
//!
//! ```ignore
//! let client = Client::new(ClientOptions::new().base_url("/translations"))?;
//! let batch = Batch::try_from([RunId::try_from(12345)?, RunId::try_from(6789)?])?;
//! for (run_id, result) in client.get_results(batch).await? {
//!     log::info!("{run_id}: {:?}", result.texts);
//! }
//! ```
//!
//! ```js
//! const client = new TranslationResultsClient({ baseUrl: "/translations" });
//! const results = await client.getResults([12345, 6789]);
//! console.log(results[12345].texts);
//! ```
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
//! The schedule decides, and the drive does: it sends requests, waits, and hands each run to a `client::drive::Sink`, which
//! collects the results.
//!
//! | Module | Its one duty |
//! |---|---|
//! | [`core`] | everything that is decided, without a platform: tested on the host |
//! | [`core::run_id`], [`core::plan`] | which run ids may be asked for, and in which batches |
//! | [`core::options`], [`core::key`], [`core::escape`] | options and their rules; the key, which is never shown, however it is written |
//! | [`core::schedule`] | one call as a state machine: what to send next, what fails with whom |
//! | [`core::pace`], [`core::line`] | how fast a client sends; which of its calls is next |
//! | [`core::callers`] | who waits for which single run |
//! | [`core::retry`], [`core::http_date`] | what a status means; how long to wait |
//! | [`core::answer`], [`core::error`] | what is wrong with an answer; every error and its message |
//! | [`core::event`], [`core::outcome`] | what listeners hear; what bulk calls give |
//! | `options` | the options that Rust applications give |
//! | `web` | wasm32: the platform as futures and guards, foreign values are accessed with `catch` |
//! | `client` | wasm32: the client, and the one loop that drives every call |
//! | `npm` | wasm32, feature `npm`: the JavaScript classes |

pub mod core;
mod options;

#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(all(target_arch = "wasm32", feature = "npm"))]
pub mod npm;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(target_arch = "wasm32")]
pub use crate::client::Client;
pub use crate::core::answer::{PathPart, TranslationResult};
pub use crate::core::error::{Code, Error, FieldError};
pub use crate::core::event::{BulkProgress, ClientEvent, RequestOutcome};
pub use crate::core::outcome::{BulkOutcome, RunFailure, Stopped, StreamItem, TranslationResults};
pub use crate::core::plan::plan_batches;
pub use crate::core::run_id::{Batch, InvalidRunIds, NotARunId, RunId, RunIdProblem};
pub use crate::options::{BulkOptions, CallOptions, ClientOptions};
