//! What is a run id, what is a batch, and every problem of a list that is none.

mod util;

use proptest::prelude::*;
use translation_results::id_set::IdSet;
use translation_results::run_id::{BATCH_MAX, BATCH_MIN, Fault, Ids, Problem, RunId, check_batch, distinct};
use util::run_ids;

#[track_caller]
fn assert_id(number: f64, shown: &str) {
    assert_eq!(RunId::from_number(number).map(|id| id.to_string()), Ok(shown.to_owned()));
}

#[track_caller]
fn assert_no_id(number: f64, fault: Fault) {
    assert_eq!(RunId::from_number(number), Err(fault), "{number}");
}

#[track_caller]
fn assert_refused(numbers: &[f64], problems: &[Problem]) {
    assert_eq!(check_batch(numbers).err().unwrap_or_default(), problems);
}

#[test]
fn reads_integers_up_to_the_largest_safe_one() {
    assert_id(1.0, "1");
    assert_id(12_345.0, "12345");
    assert_id(9_007_199_254_740_990.0, "9007199254740990");
    assert_id(9_007_199_254_740_991.0, "9007199254740991");
    assert_eq!(RunId::MAX, 9_007_199_254_740_991);
}

#[test]
fn names_why_a_number_is_no_id() {
    assert_no_id(f64::NAN, Fault::NotAnInteger);
    assert_no_id(f64::INFINITY, Fault::NotAnInteger);
    assert_no_id(f64::NEG_INFINITY, Fault::NotAnInteger);
    assert_no_id(1.5, Fault::NotAnInteger);
    assert_no_id(-1.5, Fault::NotAnInteger);
    assert_no_id(f64::MIN_POSITIVE, Fault::NotAnInteger);
    assert_no_id(4_503_599_627_370_495.5, Fault::NotAnInteger);
    assert_no_id(0.0, Fault::NotPositive);
    assert_no_id(-0.0, Fault::NotPositive);
    assert_no_id(-1.0, Fault::NotPositive);
    assert_no_id(f64::MIN, Fault::NotPositive);
    assert_no_id(9_007_199_254_740_992.0, Fault::TooLarge);
    assert_no_id(f64::MAX, Fault::TooLarge);
}

#[test]
fn names_the_problem_of_one_element() {
    assert_eq!(Problem::of_element(Fault::NotAnInteger, 0), Problem::NotAnInteger { index: 0 });
    assert_eq!(Problem::of_element(Fault::NotPositive, 7), Problem::NotPositive { index: 7 });
    assert_eq!(Problem::of_element(Fault::TooLarge, 9), Problem::TooLarge { index: 9 });
}

#[test]
fn counts_every_problem_with_its_numbers() {
    assert_eq!(Problem::NotAnArray.numbers(), (0, 0, 0));
    assert_eq!(Problem::TooFew { count: 1 }.numbers(), (1, 1, 2));
    assert_eq!(Problem::TooFew { count: 0 }.numbers(), (1, 0, 2));
    assert_eq!(Problem::TooMany { count: 6 }.numbers(), (2, 6, 5));
    assert_eq!(Problem::NotAnInteger { index: 1 }.numbers(), (3, 1, 0));
    assert_eq!(Problem::NotPositive { index: 1 }.numbers(), (4, 1, 0));
    assert_eq!(Problem::TooLarge { index: 1 }.numbers(), (5, 1, 0));
    assert_eq!(Problem::Duplicate { index: 3, first_index: 0 }.numbers(), (6, 3, 0));
    assert_eq!(Problem::Duplicate { index: 4, first_index: 2 }.numbers(), (6, 4, 2));
    assert_eq!((BATCH_MIN, BATCH_MAX), (2, 5));
}

#[test]
fn names_every_problem_of_a_list_once_and_in_order() {
    use Problem::*;
    assert_refused(&[1.0, 2.0], &[]);
    assert_refused(&[5.0, 4.0, 3.0, 2.0, 1.0], &[]);
    assert_refused(&[], &[TooFew { count: 0 }]);
    assert_refused(&[7.0], &[TooFew { count: 1 }]);
    assert_refused(&[0.5], &[TooFew { count: 1 }, NotAnInteger { index: 0 }]);
    assert_refused(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[TooMany { count: 6 }]);
    assert_refused(&[7.0, 7.0], &[Duplicate { index: 1, first_index: 0 }]);

    // A thing that is no id is no repeat either, and a third mention repeats the first one.
    let repeats = [Duplicate { index: 3, first_index: 0 }, Duplicate { index: 4, first_index: 0 }];
    assert_refused(&[7.0, 8.0, 9.0, 7.0, 7.0], &repeats);
    assert_refused(&[-1.0, -1.0], &[NotPositive { index: 0 }, NotPositive { index: 1 }]);
    // Nor does it shift the places of those after it.
    assert_refused(&[0.5, 8.0, 8.0], &[NotAnInteger { index: 0 }, Duplicate { index: 2, first_index: 1 }]);
}

#[test]
fn a_request_has_room_for_five() {
    let ids = run_ids(&[7, 9, 8, 6, 5, 4, 3]);
    for count in 0..=ids.len() {
        let some: Ids = ids[..count].iter().copied().collect();
        assert_eq!(*some, ids[..count.min(5)], "in their order");
        assert_eq!(format!("{some:?}"), format!("{:?}", &ids[..count.min(5)]));
        for (index, id) in ids.iter().enumerate() {
            assert_eq!(some.contains(id), index < count.min(5), "{id} of {some:?}");
        }
    }
    assert_eq!(*Ids::NONE, []);
}

#[test]
fn sets_of_ids_of_a_request_are_one_where_they_hold_the_same() {
    let of = |numbers: &[u32]| run_ids(numbers).into_iter().collect::<Ids>();
    assert_eq!(of(&[1, 2]), of(&[1, 2]));
    assert_ne!(of(&[1, 2]), of(&[2, 1]));
    assert_ne!(of(&[1, 2]), of(&[1, 2, 3]));
    assert_ne!(of(&[1]), Ids::NONE);
}

/// A number, and why it is no run id. Many are the same, so that lists repeat some.
fn number() -> impl Strategy<Value = (f64, Option<Fault>)> {
    let valid = prop_oneof![1..=3_u64, 1..=RunId::MAX].prop_map(|id| (id as f64, None));
    let no_integer = prop_oneof![any::<i32>().prop_map(|whole| f64::from(whole) + 0.5), Just(f64::NAN)];
    let too_large = ((1_u64 << 53)..=u64::MAX).prop_map(|number| number as f64);
    prop_oneof![
        6 => valid,
        1 => no_integer.prop_map(|number| (number, Some(Fault::NotAnInteger))),
        1 => (0..=RunId::MAX).prop_map(|number| (-(number as f64), Some(Fault::NotPositive))),
        1 => too_large.prop_map(|number| (number, Some(Fault::TooLarge))),
    ]
}

fn lists(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(f64, Option<Fault>)>> {
    prop::collection::vec(number(), length)
}

/// The problem of one element of a list of numbers, looked for the slow way.
fn problem_at(index: usize, list: &[(f64, Option<Fault>)]) -> Option<Problem> {
    let (number, fault) = list.get(index)?;
    match fault {
        Some(Fault::NotAnInteger) => Some(Problem::NotAnInteger { index }),
        Some(Fault::NotPositive) => Some(Problem::NotPositive { index }),
        Some(Fault::TooLarge) => Some(Problem::TooLarge { index }),
        None => {
            let first_index = list.iter().position(|(other, _)| other == number)?;
            (first_index < index).then_some(Problem::Duplicate { index, first_index })
        }
    }
}

proptest! {
    #[test]
    fn every_id_is_the_number_that_it_was(number in prop_oneof![1..=RunId::MAX, RunId::MAX - 9..=RunId::MAX]) {
        let id = RunId::from_number(number as f64).unwrap();
        prop_assert_eq!(id.as_number(), number as f64);
        prop_assert_eq!(id.to_string(), number.to_string());
        let name = serde_json::json!(number.to_string());
        prop_assert_eq!(serde_json::from_value::<RunId>(name).unwrap(), id);
    }

    #[test]
    fn nothing_but_an_integer_in_range_is_an_id(number in prop::num::f64::ANY) {
        let in_range = (1.0..=9_007_199_254_740_991.0).contains(&number) && number.trunc() == number;
        prop_assert_eq!(RunId::from_number(number).is_ok(), in_range);
    }

    #[test]
    fn each_fault_is_the_one_that_the_number_has((number, fault) in number()) {
        prop_assert_eq!(RunId::from_number(number).err(), fault);
    }

    #[test]
    fn a_batch_is_two_to_five_distinct_ids(list in prop_oneof![4 => lists(0..9), 1 => lists(9..90)]) {
        let numbers: Vec<_> = list.iter().map(|&(number, _)| number).collect();
        let count = list.len();
        let too_few = (count < 2).then_some(Problem::TooFew { count });
        let too_many = (count > 5).then_some(Problem::TooMany { count });
        let of_elements = (0..count).filter_map(|index| problem_at(index, &list));
        let problems: Vec<_> = too_few.into_iter().chain(too_many).chain(of_elements).collect();

        let checked = check_batch(&numbers).map(|ids| ids.iter().map(|id| id.as_number()).collect());
        prop_assert_eq!(checked, if problems.is_empty() { Ok(numbers) } else { Err(problems) });
    }

    #[test]
    fn distinct_ids_keep_the_order_of_first_mention(list in lists(0..40)) {
        // Half of the lists as they come, with what is no id; half of them without.
        let list: Vec<_> = list.iter().filter(|(_, fault)| fault.is_none() || list.len() % 2 == 0).copied().collect();
        let numbers: Vec<_> = list.iter().map(|&(number, _)| number).collect();
        let (mut firsts, mut problems) = (Vec::new(), Vec::new());
        for (index, &number) in numbers.iter().enumerate() {
            match problem_at(index, &list) {
                None => firsts.push(number),
                Some(Problem::Duplicate { .. }) => {}
                Some(problem) => problems.push(problem),
            }
        }

        let ids = distinct(&numbers).map(|ids| ids.iter().map(|id| id.as_number()).collect());
        prop_assert_eq!(ids, if problems.is_empty() { Ok(firsts) } else { Err(problems) });
    }

    #[test]
    fn a_set_tells_where_an_id_was_first(
        numbers in prop::collection::vec(prop_oneof![2 => 1..=60_u64, 1 => 1..=RunId::MAX], 0..400),
    ) {
        let ids: Vec<_> = numbers.iter().map(|&number| RunId::from_number(number as f64).unwrap()).collect();
        let (mut set, mut firsts) = (IdSet::default(), Vec::new());
        for &id in &ids {
            let place = firsts.iter().position(|first| *first == id);
            prop_assert_eq!(set.insert(id), place);
            if place.is_none() {
                firsts.push(id);
            }
            prop_assert_eq!(&*set, &firsts);
        }
        prop_assert_eq!(&*ids.into_iter().collect::<IdSet>(), &firsts);
    }
}
