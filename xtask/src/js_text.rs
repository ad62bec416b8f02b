//! Bytes as a JavaScript text, which `pkg-template/bytes.js` reads.

/// Added to a byte to get its character: above the quote, so that most bytes of a module are one visible character.
const ABOVE: u8 = 35;
/// Bytes below this are one character.
const SINGLE: u8 = 92;

/// Returns a string literal for the bytes, in ASCII, as a page may be in any encoding. After brotli it is 3 % larger
/// than the bytes; JavaScript's escapes cost 7 to 14 %, base64 31 %.
pub fn literal(bytes: &[u8]) -> String {
    let mut literal = String::with_capacity(bytes.len() * 2);
    literal.push('"');
    for &byte in bytes {
        match byte / SINGLE {
            0 => {}
            1 => literal.push(' '),
            _ => literal.push('!'),
        }
        let character = byte % SINGLE + ABOVE;
        if character == b'\\' {
            literal.push('\\');
        }
        literal.push(character.into());
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
    fn most_bytes_are_one_character() {
        case(&[], r#""""#);
        case(&[0, 1, 32, 91], r##""#$C~""##);
    }

    #[test]
    fn larger_bytes_have_a_mark_before_them() {
        case(&[92, 183, 184, 255], r##"" # ~!#!j""##);
    }

    #[test]
    fn the_backslash_is_escaped() {
        case(&[57, 92 + 57], r#""\\ \\""#);
    }

    #[test]
    fn every_byte_has_a_form_of_its_own() {
        let forms: std::collections::BTreeSet<_> = (0..=u8::MAX).map(|byte| literal(&[byte])).collect();
        assert_eq!(forms.len(), 256);
    }
}
