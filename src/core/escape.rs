//! Reads characters that may be escaped in unknown ways: an error may quote a URL within a JSON text.

/// One way to read the first character of a text. `None` if the text breaks off within the character.
pub type Way<'t> = Option<Read<'t>>;

/// A character that was read.
#[derive(Clone, Copy, Debug)]
pub struct Read<'t> {
    /// The decoded character, or the text's own.
    pub character: char,
    /// The text after it.
    pub rest: &'t str,
    /// Whether a backslash is before it. A second one then begins no `\u` or `\x` escape.
    has_backslash: bool,
}

fn read(character: char, rest: &str) -> Way<'_> {
    Some(Read { character, rest, has_backslash: false })
}

type Found<'f, 't> = &'f mut dyn FnMut(Way<'t>);

/// The characters that HTML has to escape.
const ENTITIES: [(&str, char); 5] = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("apos;", '\'')];

/// Returns whether an escape may begin with this character.
pub fn begins_escape(character: u8) -> bool {
    matches!(character, b'%' | b'\\' | b'&')
}

/// Calls `found` with every way to read the first character: as it is, and under up to `layers` escapes.
pub fn each_way<'t>(text: &'t str, layers: u32, found: Found<'_, 't>) {
    // UTF-16 that was read as UTF-8 has a NUL beside every ASCII character.
    let mut characters = text.trim_start_matches('\0').chars();
    let way = characters.next().and_then(|character| read(character, characters.as_str()));
    decoded(way, layers, found);
}

/// Calls `found` with a character and, if it begins an escape, with the decoded one.
fn decoded<'t>(way: Way<'t>, layers: u32, found: Found<'_, 't>) {
    found(way);
    let (Some(Read { character, rest, .. }), Some(inner)) = (way, layers.checked_sub(1)) else { return };
    match character {
        '%' => code(rest, 2, inner, found),
        '&' => entity(rest, &mut |way| decoded(way, inner, found)),
        '\\' => each_way(rest, inner, &mut |way| {
            // Any character may have a backslash before it.
            found(way.map(|read| Read { has_backslash: true, ..read }));
            match way {
                Some(Read { character: 'u', rest, has_backslash: false }) => code(rest, 4, inner, found),
                Some(Read { character: 'x', rest, has_backslash: false }) => code(rest, 2, inner, found),
                _ => {}
            }
        }),
        _ => {}
    }
}

/// Reads the code of a character in this number of hexadecimal digits.
fn code<'t>(text: &'t str, digits: u32, layers: u32, found: Found<'_, 't>) {
    number(text, digits, 0, layers, &mut |way| decoded(way, layers, found));
}

/// Reads a number of this many hexadecimal digits.
fn number<'t>(text: &'t str, digits: u32, so_far: u32, layers: u32, found: Found<'_, 't>) {
    let Some(digits) = digits.checked_sub(1) else {
        if let Some(character) = char::from_u32(so_far) {
            found(read(character, text));
        }
        return;
    };
    each_way(text, layers, &mut |way| match way {
        None => found(None),
        Some(Read { character, rest, .. }) => {
            if let Some(digit) = character.to_digit(16) {
                number(rest, digits, so_far << 4 | digit, layers, found);
            }
        }
    });
}

/// Reads an HTML entity after its `&`.
fn entity<'t>(text: &'t str, found: Found<'_, 't>) {
    for (name, character) in ENTITIES {
        match text.strip_prefix(name) {
            Some(rest) => found(read(character, rest)),
            None if name.starts_with(text) => found(None),
            None => {}
        }
    }
    let Some(text) = text.strip_prefix('#') else { return };
    let (radix, text) = match text.strip_prefix(['x', 'X']) {
        Some(text) => (16, text),
        None => (10, text),
    };
    let end = text.find(|character: char| !character.is_digit(radix));
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    if rest.is_empty() {
        found(None);
    }
    if let Some(character) = u32::from_str_radix(number, radix).ok().and_then(char::from_u32) {
        found(read(character, rest.strip_prefix(';').unwrap_or(rest)));
    }
}
