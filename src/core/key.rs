//! The API key: validates it, and masks it in every text that is shown.

use std::borrow::Cow;
use std::fmt;

use crate::core::error::Error;
use crate::core::escape::{Read, begins_escape, each_way};

/// Replaces the key. It has no ASCII and a key has nothing else, so it can neither hold nor complete a key.
const MASK: &str = "•••";

/// The most nested escapes under which the key is found. JSON in JSON in JSON has seven backslashes before a quote.
const LAYERS: u32 = 8;

/// An API key. It is never printed, and masks itself in texts that may echo it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Checks that the key is visible ASCII without spaces. The error does not repeat the key.
    pub fn new(key: &str) -> Result<Self, Error> {
        const RULE: &str = "must be visible ASCII characters without spaces, as shown in the service's studio";
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        if is_key { Ok(Self(key.to_owned())) } else { Err(Error::invalid_option("apiKey", RULE)) }
    }

    /// Returns the key itself, for the header.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the text without the key. The text is borrowed if it does not hold the key.
    ///
    /// Every character of the key may be written as it is or escaped: as in JSON, in a URL or in HTML.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.masked(text, false)
    }

    /// Masks like [`mask`](Self::mask), in a text that may break off within the key.
    pub fn mask_cut_off<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.masked(text, true)
    }

    /// Masks the key. If the text may break off, drops a beginning of the key at its end.
    fn masked<'t>(&self, text: &'t str, may_break_off: bool) -> Cow<'t, str> {
        let mut masked = String::new();
        let mut left = text;
        while let Some((before, start)) = self.find(left, may_break_off) {
            masked.push_str(before);
            let Start::Key(after) = start else { return masked.into() };
            masked.push_str(MASK);
            left = after;
        }
        if masked.is_empty() {
            return left.into();
        }
        masked.push_str(left);
        masked.into()
    }

    /// Returns the text before the key, and the start of the rest.
    fn find<'t>(&self, text: &'t str, may_break_off: bool) -> Option<(&'t str, Start<'t>)> {
        let own_first = self.0.bytes().next();
        let may_start = |first| Some(first) == own_first || begins_escape(first);
        text.bytes().enumerate().filter(|(_, first)| may_start(*first)).find_map(|(at, _)| {
            let (before, text) = text.split_at_checked(at)?;
            match self.start_of(text) {
                Start::Other => None,
                Start::CutOff if !may_break_off => None,
                start => Some((before, start)),
            }
        })
    }

    fn start_of<'t>(&self, text: &'t str) -> Start<'t> {
        let mut breaks_off = false;
        // Returns the possible remaining texts after one more character of the key.
        let mut after = |texts: &[&'t str], wanted: char| {
            let mut rests: Vec<&'t str> = vec![];
            for text in texts {
                each_way(text, LAYERS, &mut |way| match way {
                    None => breaks_off = true,
                    Some(Read { character, rest, .. }) => {
                        let is_known = || rests.iter().any(|other| other.len() == rest.len());
                        if character == wanted && !is_known() {
                            rests.push(rest);
                        }
                    }
                });
            }
            rests
        };
        let mut key = self.0.chars();
        let mut rests = key.next().map_or(vec![], |first| after(&[text], first));
        for wanted in key {
            rests = after(&rests, wanted);
        }
        // The longest match: no part of an escape may stay behind.
        match rests.into_iter().min_by_key(|rest| rest.len()) {
            Some(rest) => Start::Key(rest),
            None if breaks_off => Start::CutOff,
            None => Start::Other,
        }
    }
}

/// The start of a text.
enum Start<'t> {
    /// The key. This text follows it.
    Key(&'t str),
    /// A beginning of the key, at which the text ends.
    CutOff,
    /// Anything else.
    Other,
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}
