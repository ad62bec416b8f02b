//! The API key: what it may be, and how it is kept out of everything that is shown.

use std::fmt;

use crate::core::error::Error;

/// Stands where the key stood. None of it is ASCII and all of a key is, so it can neither hold a key nor complete one.
const MASK: &str = "•••";

/// An API key. It is never printed, and masks itself in texts that may echo it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Checks that the key is visible ASCII without spaces. The error does not repeat it.
    pub fn new(key: &str) -> Result<Self, Error> {
        const RULE: &str = "must be visible ASCII characters without spaces, as the service's studio shows it";
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        if is_key { Ok(Self(key.to_owned())) } else { Err(Error::invalid_option("apiKey", RULE)) }
    }

    /// Returns the key itself, for the header.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the text without the key, in whichever of its two forms it stands there: as it is, or escaped as in JSON.
    pub fn mask(&self, text: &str) -> String {
        replace_all(&replace_all(text, &self.0), &self.escaped())
    }

    /// As [`mask`](Self::mask), for a text that may break off in the middle of the key.
    pub fn mask_cut_off(&self, text: &str) -> String {
        let mut masked = self.mask(text);
        for form in [&self.0, &self.escaped()] {
            let cut_off =
                (1..form.len()).rev().find(|&length| form.get(..length).is_some_and(|start| masked.ends_with(start)));
            masked.truncate(masked.len().saturating_sub(cut_off.unwrap_or(0)));
        }
        masked
    }

    /// Returns the key as `JSON.stringify` writes it: of visible ASCII, only these two characters are escaped.
    fn escaped(&self) -> String {
        let mut escaped = String::with_capacity(self.0.len());
        for character in self.0.chars() {
            if matches!(character, '"' | '\\') {
                escaped.push('\\');
            }
            escaped.push(character);
        }
        escaped
    }
}

/// As `str::replace`, which brings a general search along: 1 kB of the package after brotli.
fn replace_all(mut text: &str, key: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    while let Some(character) = text.chars().next() {
        if let Some(rest) = text.strip_prefix(key) {
            masked.push_str(MASK);
            text = rest;
        } else {
            masked.push(character);
            text = text.get(character.len_utf8()..).unwrap_or_default();
        }
    }
    masked
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}
