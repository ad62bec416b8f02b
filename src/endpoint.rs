//! Where requests go and what they carry: the base URL, the API key, the headers and the body.
//!
//! Whatever is wrong is said as what the option must be, never with the value itself: it may be the key.

use crate::text::{find, push};

/// The service's own base URL.
pub const DEFAULT_BASE_URL: &str = "https://client.camb.ai/apis";

/// The header that carries the API key.
pub const KEY_HEADER: &str = "x-api-key";

/// The header that says what the body is.
pub const CONTENT_TYPE_HEADER: &str = "content-type";

/// What stands where the API key stood. No part of it is ASCII and all of a key is, so it can neither hold a key nor
/// make one with what stands around it.
pub const MASK: &str = "•••";

const MUST_BE_A_BASE: &str = "must be an http or https URL without user, password, query and fragment";
const MUST_BE_ENCRYPTED: &str = "must be https where there is an apiKey, which http would send in the clear \
                                 (loopback hosts may be http)";

/// Checks a base URL as the platform's URL parser wrote it, and gives it without a slash at the end.
pub fn check_base_url(href: &str, has_key: bool) -> Result<&str, &'static str> {
    let after_http = href.strip_prefix("http://");
    let rest = after_http.or_else(|| href.strip_prefix("https://")).ok_or(MUST_BE_A_BASE)?;
    let authority = before(rest, b'/');
    if has(authority, b'@') || has(rest, b'?') || has(rest, b'#') {
        return Err(MUST_BE_A_BASE);
    }
    if has_key && after_http.is_some() && !is_loopback(host(authority)) {
        return Err(MUST_BE_ENCRYPTED);
    }
    let mut href = href;
    while let Some(shorter) = href.strip_suffix('/') {
        href = shorter;
    }
    Ok(href)
}

/// What stands before an ASCII character, all of it where there is none.
fn before(text: &str, ascii: u8) -> &str {
    let end = text.bytes().position(|byte| byte == ascii);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn has(text: &str, ascii: u8) -> bool {
    text.bytes().any(|byte| byte == ascii)
}

/// The host of an authority: without the port, with the brackets of an IPv6 address.
fn host(authority: &str) -> &str {
    // Digits at the end are a port after a colon, and else a part of the host.
    let mut rest = authority;
    while let Some(shorter) = rest.strip_suffix(|char: char| char.is_ascii_digit()) {
        rest = shorter;
    }
    rest.strip_suffix(':').unwrap_or(authority)
}

/// Whether a host, as URL parsers write it, never leaves the machine (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3,
/// RFC 4291 section 2.5.3).
fn is_loopback(host: &str) -> bool {
    // A URL parser has turned every spelling of an IPv4 address into four decimal numbers, and no name starts so.
    let ipv4 =
        host.strip_prefix("127.").is_some_and(|rest| rest.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit()));
    ipv4 || host == "localhost" || host.ends_with(".localhost") || host == "[::1]"
}

/// Checks an API key: visible ASCII without spaces, which is what the service's studio hands out and all that a header
/// takes unchanged.
pub fn check_api_key(key: &str) -> Result<(), &'static str> {
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err("must be visible ASCII characters without spaces, as the service's studio shows it")
    }
}

/// Checks a header that a caller adds (RFC 9110 sections 5.1 and 5.5). The name may be of any case.
///
/// Neither name nor value is repeated: either may be a header as a whole, with the key in it.
pub fn check_header(name: &str, value: &str) -> Result<(), &'static str> {
    let token = |byte: u8| {
        let mark = matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
        mark || byte.is_ascii_alphanumeric()
    };
    let allowed = |char: char| matches!(char, '\t' | ' '..='~' | '\u{a0}'..='\u{ff}');
    if name.is_empty() || !name.bytes().all(token) {
        Err("must have names of letters, digits and !#$%&'*+-.^_`|~")
    } else if name.eq_ignore_ascii_case(KEY_HEADER) {
        Err("must not have x-api-key, which is set from apiKey")
    } else if name.eq_ignore_ascii_case(CONTENT_TYPE_HEADER) {
        Err("must not have content-type, which is always application/json")
    } else if !value.chars().all(allowed) {
        Err("must have values of Latin-1 characters, without controls but tabs")
    } else {
        Ok(())
    }
}

/// A text without the API key.
pub fn mask(text: String, key: Option<&str>) -> String {
    let Some(key) = key else { return text };
    let mut masked = String::new();
    let mut rest = text.as_str();
    while let Some(start) = find(rest, key) {
        push(&mut masked, rest.get(..start).unwrap_or_default());
        push(&mut masked, MASK);
        rest = rest.get(start.saturating_add(key.len())..).unwrap_or_default();
    }
    push(&mut masked, rest);
    masked
}
