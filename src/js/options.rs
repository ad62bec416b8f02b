//! Options in: refused by name where one is not as it must be.
//!
//! `given` of `platform.js` has read each of them once, into a list by their places among the names. What they are is asked
//! by place; serde's way from JavaScript to Rust would be larger than the rest of the module.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::error::Fault;
use super::platform::{ARRAY, BOOLEAN, Connection, Direct, FUNCTION, NUMBER, OBJECT, STRING};
use crate::bulk::Limits;
use crate::endpoint::{self, DEFAULT_BASE_URL, Rule, broken};
use crate::pace::Pace;

/// What a client is made of.
pub struct Config {
    pub connection: Connection,
    /// What the bulk calls share, so that they do not fight.
    pub pace: RefCell<Pace>,
    /// What a call has that has no options of its own.
    pub call: CallOptions,
}

/// What one call has of its own, beside what only `wire.js` needs.
#[derive(Clone, Copy)]
pub struct CallOptions {
    pub limits: Limits,
    /// Time for one attempt.
    pub timeout_ms: f64,
}

/// What an option must be.
struct Must {
    /// By type and not by class: a function of another frame or of a test's own realm is one too.
    of_type: u32,
    /// Where it is a number, the least and the most, and whether it must be whole.
    numbers: (f64, f64, bool),
    /// What is said of one that is not so.
    words: &'static str,
}

const fn of_type(of_type: u32, words: &'static str) -> Must {
    Must { of_type, numbers: (0.0, 0.0, false), words }
}

const fn integer(least: f64, most: f64, words: &'static str) -> Must {
    Must { of_type: NUMBER, numbers: (least, most, true), words }
}

const A_FUNCTION: Must = of_type(FUNCTION, "must be a function");
const MS: Must = Must {
    of_type: NUMBER,
    numbers: (1.0, 2_147_483_647.0, false),
    words: "must be a number of milliseconds from 1 to 2147483647",
};

/// Every option, in the order of the names in `platform.js`.
static OPTIONS: [Must; 14] = [
    of_type(STRING, "must be a string"),
    of_type(STRING, "must be a string or a URL"),
    of_type(BOOLEAN, "must be a boolean"),
    A_FUNCTION,
    A_FUNCTION,
    integer(1.0, 9_007_199_254_740_991.0, "must be an integer from 1 to 9007199254740991"),
    of_type(ARRAY, "must be a plain object of strings"),
    MS,
    integer(0.0, 20.0, "must be an integer from 0 to 20"),
    of_type(OBJECT, "must be an AbortSignal"),
    MS,
    integer(1.0, 64.0, "must be an integer from 1 to 64"),
    A_FUNCTION,
    A_FUNCTION,
];

const API_KEY: u32 = 0;
const BASE_URL: u32 = 1;
const ALLOW_BROWSER: u32 = 2;
const MAX_RESPONSE_BYTES: u32 = 5;
const HEADERS: u32 = 6;
const TIMEOUT_MS: u32 = 7;
const MAX_RETRIES: u32 = 8;
const DEADLINE_MS: u32 = 10;
const CONCURRENCY: u32 = 11;
/// After them all: the name of an option that is none of these.
const UNKNOWN: u32 = 14;
/// The options themselves.
const ALL: u32 = 15;

impl Config {
    /// Checks `ClientOptions`. Fails with an `InvalidOptionsError`.
    pub fn read(list: &Array) -> Result<Self, JsValue> {
        let given = Given::checked(list)?;
        if !given.has(BASE_URL) {
            list.set(BASE_URL, DEFAULT_BASE_URL.into());
        }
        keeps(BASE_URL, list, BASE_URL, &endpoint::BASE_URL)?;
        if given.has(API_KEY) {
            keeps(API_KEY, list, API_KEY, &endpoint::API_KEY)?;
            if !list.get(ALLOW_BROWSER).is_truthy() && Direct::in_browser() {
                let must = "must not be in a page, where every visitor can read it: send requests through a proxy that \
                            adds it, or set dangerouslyAllowBrowser if each visitor brings a key of their own";
                return Err(refused(API_KEY, must));
            }
            keeps(BASE_URL, list, BASE_URL, &endpoint::BASE_URL_WITH_KEY)?;
        }
        Ok(Self {
            connection: Connection::new(list, given.number(MAX_RESPONSE_BYTES, 67_108_864.0)),
            pace: RefCell::default(),
            call: CallOptions {
                limits: Limits {
                    concurrency: 6,
                    max_retries: given.number(MAX_RETRIES, 3.0) as u32,
                    deadline_ms: f64::INFINITY,
                },
                timeout_ms: given.number(TIMEOUT_MS, 60_000.0),
            },
        })
    }
}

impl CallOptions {
    /// Checks `RequestOptions` or `BulkOptions`. Fails with an `InvalidOptionsError`.
    pub fn read(list: &Array, config: &Config) -> Result<Self, JsValue> {
        let mut call = config.call;
        if !list.is_undefined() {
            let given = Given::checked(list)?;
            let limits = &mut call.limits;
            limits.concurrency = given.number(CONCURRENCY, limits.concurrency.into()) as u32;
            limits.max_retries = given.number(MAX_RETRIES, limits.max_retries.into()) as u32;
            limits.deadline_ms = given.number(DEADLINE_MS, limits.deadline_ms);
            call.timeout_ms = given.number(TIMEOUT_MS, call.timeout_ms);
        }
        Ok(call)
    }
}

/// Options that are as they must be.
struct Given<'a> {
    list: &'a Array,
    /// See [`Direct::types_of`].
    types: u64,
}

impl<'a> Given<'a> {
    fn checked(list: &'a Array) -> Result<Self, JsValue> {
        let given = Self { list, types: Direct::types_of(list) as u64 };
        for (index, must) in (0..).zip(&OPTIONS) {
            if given.has(index) && !given.keeps(index, must) {
                return Err(refused(index, must.words));
            }
        }
        if given.has(HEADERS) {
            let headers: Array = list.get(HEADERS).unchecked_into();
            // Names and values in turn.
            for index in 0..headers.length() {
                let rules: &[Rule] = if index & 1 == 0 { &endpoint::HEADER_NAME } else { &endpoint::HEADER_VALUE };
                keeps(HEADERS, &headers, index, rules)?;
            }
        }
        if given.has(ALL) {
            return Err(refused(ALL, "must be a plain object"));
        }
        if given.has(UNKNOWN) { Err(Fault::option(&list.get(UNKNOWN), "is not an option")) } else { Ok(given) }
    }

    fn type_of(&self, index: u32) -> u32 {
        (self.types >> index.wrapping_mul(3)) as u32 & 7
    }

    fn has(&self, index: u32) -> bool {
        self.type_of(index) > 0
    }

    fn keeps(&self, index: u32, must: &Must) -> bool {
        let (least, most, whole) = must.numbers;
        let type_of = self.type_of(index);
        let number = Direct::number_at(self.list, index);
        type_of == must.of_type
            && (type_of != NUMBER || number >= least && number <= most && !(whole && number.fract() != 0.0))
    }

    /// Fractions are rounded up, where they are taken: times are often worked out from a clock that has them.
    fn number(&self, index: u32, default: f64) -> f64 {
        if self.has(index) { Direct::number_at(self.list, index).ceil() } else { default }
    }
}

/// Refuses an option whose text breaks a rule.
fn keeps(option: u32, texts: &Array, index: u32, rules: &[Rule]) -> Result<(), JsValue> {
    match broken(rules, |pattern| Direct::matches_at(texts, index, pattern)) {
        Some(must) => Err(refused(option, must)),
        None => Ok(()),
    }
}

fn refused(option: u32, must: &str) -> JsValue {
    Fault::option(&option.into(), must)
}
