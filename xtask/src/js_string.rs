//! Bytes as a JavaScript string of one character each.

use std::fmt::Write;

/// A string literal whose character codes are the bytes. A page reads it with `charCodeAt`; after brotli it costs a few
/// per cent more than the bytes themselves, where base64 costs a third.
pub fn literal(bytes: &[u8]) -> String {
    let mut literal = String::with_capacity(bytes.len() * 3);
    literal.push('"');
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => literal.extend(['\\', byte.into()]),
            b' '..=b'~' => literal.push(byte.into()),
            // Writing to a string cannot fail.
            _ => drop(write!(literal, "\\x{byte:02x}")),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[track_caller]
    fn case(bytes: &[u8], expected: &str) {
        assert_eq!(literal(bytes), expected);
    }

    #[test]
    fn printable_characters_stay() {
        case(b"", r#""""#);
        case(b"asm ~`${'", r#""asm ~`${'""#);
    }

    #[test]
    fn quote_and_backslash_are_escaped() {
        case(br#"a"b\c"#, r#""a\"b\\c""#);
    }

    #[test]
    fn the_rest_is_hexadecimal() {
        case(&[0x00, b'1', 0x0a, 0x1f, 0x7f, 0x80, 0xff], r#""\x001\x0a\x1f\x7f\x80\xff""#);
    }

    #[test]
    fn every_byte_has_a_form_of_its_own() {
        let forms: std::collections::BTreeSet<_> = (0..=u8::MAX).map(|byte| literal(&[byte])).collect();
        assert_eq!(forms.len(), 256);
    }
}
