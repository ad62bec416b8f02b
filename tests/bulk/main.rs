//! Lives of calls, step by step: what is asked for and when, what is tried again, what fails and with whom.

#![expect(clippy::arithmetic_side_effects, clippy::panic, reason = "an overflow, or what is not there, fails the test")]

mod content;
mod deadline;
mod outage;
mod plan;
mod refusals;
mod retries;
mod script;
mod source;
mod stops;
mod table;
mod whole;
