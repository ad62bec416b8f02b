//! Finds the name that a caller meant.

use std::mem;

/// Returns the name that is closest to a misspelt one, if one is close.
pub fn closest<'n>(misspelt: &str, names: &[&'n str]) -> Option<&'n str> {
    let misspelt = letters(misspelt);
    let close = names.iter().filter_map(|&name| Some((difference(&misspelt, &letters(name))?, name)));
    close.min_by_key(|&(difference, _)| difference).map(|(_, name)| name)
}

/// Removes case and separators, in which naming styles differ.
fn letters(name: &str) -> String {
    const MOST: usize = 40;
    name.chars().filter(char::is_ascii_alphanumeric).take(MOST).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Returns how much two names differ, `None` if they have little in common.
fn difference(one: &str, other: &str) -> Option<usize> {
    /// Shorter parts occur in too many names.
    const SHORTEST_PART: usize = 3;
    // `str::contains` is made for long texts, and takes 2 kB.
    let is_part = |part: &str, whole: &str| {
        part.len() >= SHORTEST_PART && whole.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
    };
    if is_part(one, other) || is_part(other, one) {
        return Some(one.len().abs_diff(other.len()).min(1));
    }
    let steps = steps_between(one, other);
    (steps <= one.len().max(other.len()) / 3).then(|| steps.saturating_add(1))
}

/// Returns how many letters have to be added, removed or replaced (the Levenshtein distance).
fn steps_between(one: &str, other: &str) -> usize {
    // The steps from a prefix of `one` to each prefix of `other`.
    let mut row: Vec<usize> = (1..=other.len()).collect();
    for (index, letter) in one.bytes().enumerate() {
        let mut above_left = index;
        let mut left = index.saturating_add(1);
        for (cell, other_letter) in row.iter_mut().zip(other.bytes()) {
            let replaced = above_left.saturating_add(usize::from(letter != other_letter));
            left = replaced.min(left.min(*cell).saturating_add(1));
            above_left = mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or(one.len())
}
