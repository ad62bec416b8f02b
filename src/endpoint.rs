//! What may go to the endpoint: the base URL, the API key and the caller's headers, each by rules that it must keep.
//!
//! A rule is a pattern, which the engine matches, as it parses JSON: in the package that is JavaScript's `RegExp`. So
//! patterns keep to what all regular expressions have in common, and match whole ASCII texts. Whatever is wrong is said as
//! what the option must be, never with the value itself: it may be the key.

/// The service's own base URL.
pub const DEFAULT_BASE_URL: &str = "https://client.camb.ai/apis";

/// What a text must or must not match, and what is said of one that breaks it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// A regular expression.
    pub pattern: &'static str,
    /// Whether the text must match it.
    pub holds: bool,
    /// What an option must be.
    pub must: &'static str,
}

/// What the first rule that a text breaks says.
pub fn broken(rules: &[Rule], matches: impl Fn(&str) -> bool) -> Option<&'static str> {
    rules.iter().find(|rule| matches(rule.pattern) != rule.holds).map(|rule| rule.must)
}

const fn must(pattern: &'static str, must: &'static str) -> Rule {
    Rule { pattern, holds: true, must }
}

const fn must_not(pattern: &'static str, must: &'static str) -> Rule {
    Rule { pattern, holds: false, must }
}

/// A base URL as a URL parser wrote it, nothing where it could not.
pub const BASE_URL: [Rule; 2] = [
    must("^.", "must be a URL, and may be relative in a page only"),
    must("^https?://[^/?#@]+(/[^?#]*)?$", "must be an http or https URL without user, password, query and fragment"),
];

/// A base URL that requests with a key go to. Only hosts that never leave the machine may be plain http (RFC 6761 section
/// 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3): a URL parser has turned every spelling of an IPv4 address
/// into four decimal numbers, and no name starts so.
pub const BASE_URL_WITH_KEY: [Rule; 1] = [must(
    r"^(https:|http://(127\.[0-9.]+|([^/]*\.)?localhost|\[::1\])(:[0-9]+)?(/|$))",
    "must be https where there is an apiKey, which http would send in the clear (loopback hosts may be http)",
)];

/// An API key: what the service's studio hands out, and all that a header takes unchanged.
pub const API_KEY: [Rule; 1] =
    [must("^[!-~]+$", "must be visible ASCII characters without spaces, as the service's studio shows it")];

/// The name of a header that a caller adds (RFC 9110 section 5.1).
///
/// Neither name nor value is repeated: either may be a header as a whole, with the key in it.
pub const HEADER_NAME: [Rule; 3] = [
    must("^[!#-'*+.0-9A-Z^-z|~-]+$", "must have names of letters, digits and !#$%&'*+-.^_`|~"),
    must_not("^[xX]-[aA][pP][iI]-[kK][eE][yY]$", "must not have x-api-key, which is set from apiKey"),
    must_not(
        "^[cC][oO][nN][tT][eE][nN][tT]-[tT][yY][pP][eE]$",
        "must not have content-type, which is always application/json",
    ),
];

/// The value of a header that a caller adds (RFC 9110 section 5.5).
pub const HEADER_VALUE: [Rule; 1] =
    [must("^[\\t -~\u{a0}-\u{ff}]*$", "must have values of Latin-1 characters, without controls but tabs")];
