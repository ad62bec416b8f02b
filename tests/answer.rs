//! What an answer holds of the runs that were asked for, told by the shapes of what stands where they should.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "an overflow, or what is not there, fails the test"
)]

use proptest::prelude::*;
use translation_results::answer::{ABSENT, Reading, SOUND, Shape, code_of, read};
use translation_results::error::Code;
use translation_results::runs::Places;

/// Shapes of malformed runs: null, no texts, texts that are null, and a number among them at the index 3.
const MALFORMED: [Shape; 4] = [10.0, 3.0, 12.0, 237.0];

const NULL: Shape = MALFORMED[0];
const NO_TEXTS: Shape = MALFORMED[1];

/// Reads an answer in which the runs have these shapes, in the order asked.
fn read_of(runs: &[(u32, Shape)]) -> Reading {
    read(Places((1 << runs.len()) - 1), |place| runs[place].1)
}

#[track_caller]
fn assert_read(runs: &[(u32, Shape)], sound: &[u32], missing: &[u32], at_fault: Option<(u32, Shape)>) {
    let place = |number: u32| runs.iter().position(|&(other, _)| other == number).unwrap();
    let some = |numbers: &[u32]| {
        let mut places = Places::default();
        numbers.iter().for_each(|&number| places.add(place(number)));
        places
    };
    let fault = at_fault.map(|(number, shape)| (place(number), shape));
    assert_eq!(read_of(runs), Reading { sound: some(sound), missing: some(missing), fault });
}

#[test]
fn sound_runs_are_told_by_their_places() {
    assert_read(&[(7, SOUND)], &[7], &[], None);
    assert_read(&[(9, SOUND), (7, SOUND), (8, SOUND)], &[9, 7, 8], &[], None);
    assert_read(&[(5, SOUND), (1, SOUND), (4, SOUND), (2, SOUND), (3, SOUND)], &[5, 1, 4, 2, 3], &[], None);
    assert_read(&[(9, SOUND), (7, NULL), (8, SOUND)], &[9, 8], &[], Some((7, NULL)));
}

#[test]
fn lists_every_missing_run_and_the_first_is_at_fault() {
    assert_read(&[(9, ABSENT), (7, ABSENT)], &[], &[9, 7], Some((9, ABSENT)));
    assert_read(&[(9, SOUND), (7, ABSENT), (8, ABSENT)], &[9], &[7, 8], Some((7, ABSENT)));
    assert_read(&[(9, ABSENT), (7, SOUND), (8, ABSENT)], &[7], &[9, 8], Some((9, ABSENT)));
}

#[test]
fn the_first_malformed_run_is_at_fault_even_after_a_missing_one() {
    assert_read(&[(9, ABSENT), (7, NULL)], &[], &[9], Some((7, NULL)));
    assert_read(&[(9, NULL), (7, ABSENT)], &[], &[7], Some((9, NULL)));
    assert_read(&[(9, NO_TEXTS), (7, NULL)], &[], &[], Some((9, NO_TEXTS)));
    let both = [(9, ABSENT), (7, SOUND), (8, NULL), (6, ABSENT), (5, NO_TEXTS)];
    assert_read(&both, &[7], &[9, 6], Some((8, NULL)));
}

#[test]
fn every_shape_of_a_malformed_run_is_a_fault() {
    for shape in MALFORMED {
        assert_read(&[(9, shape), (7, SOUND)], &[7], &[], Some((9, shape)));
    }
}

#[test]
fn only_an_absent_run_is_a_missing_result() {
    assert_eq!(code_of(ABSENT), Code::MissingResult);
    for shape in MALFORMED {
        assert_eq!(code_of(shape), Code::InvalidResponse, "{shape}");
    }
}

fn shape() -> impl Strategy<Value = Shape> {
    // Up to the index 2^48, of which the number is still exact.
    let malformed = (2..=5_u64, 0..8_u64, 0..1_u64 << 48);
    let malformed = malformed.prop_map(|(level, kind, index)| (level + 8 * kind + 64 * index) as f64);
    prop_oneof![3 => Just(SOUND), 2 => Just(ABSENT), 1 => prop::sample::select(&MALFORMED), 1 => malformed]
}

proptest! {
    #[test]
    fn every_run_is_sound_or_missing_or_malformed(
        asked in 0..32_u32,
        shapes in prop::array::uniform5(shape()),
    ) {
        let asked = Places(asked);
        let reading = read(asked, |place| shapes[place]);
        for (place, &shape) in shapes.iter().enumerate() {
            let was_asked_for = asked.has(place);
            prop_assert_eq!(reading.sound.has(place), was_asked_for && shape == SOUND);
            prop_assert_eq!(reading.missing.has(place), was_asked_for && shape == ABSENT);
        }
        prop_assert_eq!((reading.sound.0 | reading.missing.0) >> 5, 0, "places of nobody");
        let first = |is_such: fn(Shape) -> bool| {
            asked.iter().map(|place| (place, shapes[place])).find(|&(_, shape)| is_such(shape))
        };
        let missing = first(|shape| shape == ABSENT);
        let malformed = first(|shape| shape != ABSENT && shape != SOUND);
        prop_assert_eq!(reading.fault, malformed.or(missing));
        prop_assert_eq!(reading.is_of_none(), asked.iter().all(|place| shapes[place] == ABSENT));
        let code = if malformed.is_none() { Code::MissingResult } else { Code::InvalidResponse };
        prop_assert!(reading.fault.is_none_or(|(_, shape)| code_of(shape) == code));
    }
}
