//! HTTP dates, compared with the crate `httpdate`.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an overflow or a missing value fails the test"
)]

use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use translation_results::core::http_date::parse;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `Fri, 31 Dec 9999 23:59:59 GMT`, in seconds since 1970.
const LAST: u64 = 253_402_300_799;

/// The end of 2069, the last year that two digits can name.
const LAST_OF_TWO_DIGITS: u64 = 3_155_759_999;

/// Writes a time as in `Sun, 06 Nov 1994 08:49:37 GMT`.
fn fixdate(seconds: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Writes a time as in `Sunday, 06-Nov-94 08:49:37 GMT`.
fn rfc850(seconds: u64) -> String {
    let fixdate = fixdate(seconds);
    let [weekday, day, month, year, time, zone] = fixdate.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{fixdate}")
    };
    let weekday = DAYS.into_iter().find(|name| name[..3] == weekday[..3]).unwrap();
    format!("{weekday}, {day}-{month}-{} {time} {zone}", &year[2..])
}

/// Writes a time as in `Sun Nov  6 08:49:37 1994`.
fn asctime(seconds: u64) -> String {
    let fixdate = fixdate(seconds);
    let [weekday, day, month, year, time, _] = fixdate.split(' ').collect::<Vec<_>>()[..] else { panic!("{fixdate}") };
    let day = day.strip_prefix('0').map_or(day.to_owned(), |digit| format!(" {digit}"));
    format!("{} {month} {day} {time} {year}", &weekday[..3])
}

/// Returns a date in its three forms. The one with a year of two digits is left out where two digits are not enough.
fn forms(seconds: u64) -> Vec<String> {
    let with_two_digits = (seconds <= LAST_OF_TWO_DIGITS).then(|| rfc850(seconds));
    [fixdate(seconds), asctime(seconds)].into_iter().chain(with_two_digits).collect()
}

#[track_caller]
fn assert_reads(seconds: u64) {
    for text in forms(seconds) {
        assert_eq!(parse(&text), Some(seconds * 1_000), "{text}");
    }
}

#[test]
fn the_three_forms_of_the_example_are_one_time() {
    let example = 784_111_777;
    let texts = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sunday, 06-Nov-94 08:49:37 GMT"];
    assert_eq!(forms(example), texts);
    assert_reads(example);
}

#[test]
fn the_first_and_the_last_date_are_read() {
    assert_reads(0);
    assert_reads(LAST);
    assert_eq!(fixdate(LAST), "Fri, 31 Dec 9999 23:59:59 GMT");
}

#[test]
fn a_year_of_two_digits_is_one_from_1970_to_2069() {
    for (text, date) in [
        ("Thursday, 31-Dec-70 00:00:00 GMT", "Thu, 31 Dec 1970 00:00:00 GMT"),
        ("Friday, 31-Dec-99 00:00:00 GMT", "Fri, 31 Dec 1999 00:00:00 GMT"),
        ("Sunday, 31-Dec-00 00:00:00 GMT", "Sun, 31 Dec 2000 00:00:00 GMT"),
        ("Tuesday, 31-Dec-30 00:00:00 GMT", "Tue, 31 Dec 2030 00:00:00 GMT"),
        ("Tuesday, 31-Dec-69 00:00:00 GMT", "Tue, 31 Dec 2069 00:00:00 GMT"),
    ] {
        assert_eq!(parse(text), parse(date));
        assert!(parse(text).is_some(), "{text}");
    }
}

#[test]
fn every_day_of_130_years_is_read() {
    // 1970 to 2100: leap years and other years, all weekdays, days of one digit and of two.
    for day in 0..47_847 {
        assert_reads(day * 86_400 + day);
    }
}

/// Returns the time of a date in any of the three forms. `httpdate` must read its fixdate, and write it in the same
/// words.
fn reference(text: &str) -> Option<u64> {
    let fixdate = as_fixdate(text).unwrap_or_else(|| text.to_owned());
    let seconds = httpdate::parse_http_date(&fixdate).ok()?.duration_since(UNIX_EPOCH).ok()?.as_secs();
    (self::fixdate(seconds) == fixdate).then_some(seconds * 1_000)
}

/// Rewrites a date of the two other forms as a fixdate.
fn as_fixdate(text: &str) -> Option<String> {
    match text.split(' ').collect::<Vec<_>>()[..] {
        [weekday, date, time, "GMT"] => {
            let weekday = DAYS.into_iter().find(|name| weekday == format!("{name},"))?;
            let [day, month, year] = date.split('-').collect::<Vec<_>>()[..] else { return None };
            let is_year = year.len() == 2 && year.bytes().all(|digit| digit.is_ascii_digit());
            let century = if year < "70" { 20 } else { 19 };
            is_year.then(|| format!("{}, {day} {month} {century}{year} {time} GMT", &weekday[..3]))
        }
        [weekday, month, "", day, time, year] if day.len() == 1 => {
            Some(format!("{weekday}, 0{day} {month} {year} {time} GMT"))
        }
        [weekday, month, day, time, year] => Some(format!("{weekday}, {day} {month} {year} {time} GMT")),
        _ => None,
    }
}

fn seconds() -> impl Strategy<Value = u64> {
    prop_oneof![0..=LAST, 0..=LAST_OF_TWO_DIGITS]
}

/// Makes a text that differs from a date by one or two characters.
fn almost_a_date() -> impl Strategy<Value = String> {
    let character = prop::sample::select("0123456789 :,-GMTSunMonFebNov+".chars().collect::<Vec<_>>());
    let change = (any::<prop::sample::Index>(), prop::option::of(character), any::<bool>());
    (seconds(), any::<prop::sample::Index>(), prop::collection::vec(change, 1..=2)).prop_map(
        |(seconds, form, changes)| {
            let mut text: Vec<char> = form.get(&forms(seconds)).chars().collect();
            for (place, character, inserts) in changes {
                let place = place.index(text.len());
                text.splice(place..place + usize::from(!inserts), character);
            }
            text.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_date_is_read_in_each_form(seconds in seconds()) {
        assert_reads(seconds);
    }

    #[test]
    fn a_text_that_is_almost_a_date_is_read_only_if_it_is_one(text in almost_a_date()) {
        prop_assert_eq!(parse(&text), reference(&text), "{}", text);
    }
}
