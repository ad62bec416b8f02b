//! Every decision, independent of the platform: no JavaScript, no clock, no randomness, no socket.
//!
//! Time, random samples and outcomes come in as values, so this module compiles and is tested on any target.

pub mod answer;
pub mod batch;
pub mod callers;
pub mod code;
pub mod error;
pub mod escape;
pub mod event;
pub mod http_date;
pub mod invalid_run_ids;
pub mod key;
pub mod line;
pub mod message;
pub mod options;
pub mod outcome;
pub mod pace;
pub mod plan;
pub mod retry;
pub mod run_id;
pub mod schedule;
pub mod spelling;
pub mod trial;
