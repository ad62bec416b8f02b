//! The platform as futures and guards.
//!
//! A foreign value may throw at every access, even if the standards say that it cannot: it may be a test double, a
//! proxy, or come from another realm. An exception that passes through Rust runs no destructors and leaves promises
//! that never settle. So every access to a value from callers or their `fetch` is an import of ours with `catch`.
//! Objects that the platform makes for us are used through web-sys and js-sys.
//!
//! Dropping a guard cancels its work: `fetch::Sending`, the pieces in `body`, `timer::Timer` and `abort::Signal` are guards.

pub mod abort;
pub mod body;
pub mod callback;
pub mod describe;
pub mod fetch;
pub mod host;
pub mod iterator;
pub mod json;
pub mod promise;
pub mod response;
pub mod slot;
pub mod timer;
pub mod url;
