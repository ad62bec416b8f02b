//! Texts put together by hand.
//!
//! The standard library's formatter, its searchers of strings and its readers of numbers would each be a twentieth of
//! the module, for texts of a few words.

use crate::run_id::RunId;

/// Appends to a text. Not inlined, as a message has many parts.
#[inline(never)]
pub fn push(text: &mut String, part: &str) {
    text.push_str(part);
}

/// Appends a number in decimal digits.
pub fn push_number(text: &mut String, number: u64) {
    if number > 9 {
        push_number(text, number / 10);
    }
    let digit = (number % 10) as u8;
    text.push(char::from(b'0'.saturating_add(digit)));
}

/// Appends a count or a position.
pub fn push_count(text: &mut String, count: usize) {
    push_number(text, count as u64);
}

/// Where a text has another one first. An empty one is nowhere.
pub fn find(text: &str, part: &str) -> Option<usize> {
    let length = part.len().max(1);
    text.as_bytes().windows(length).position(|window| window == part.as_bytes())
}

/// A run id as the key of an object.
pub fn key_of(id: RunId) -> String {
    let mut key = String::new();
    push_number(&mut key, id.as_integer());
    key
}
