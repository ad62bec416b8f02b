//! What is a run id, what is a batch, and every problem of a list that is none.

use proptest::prelude::*;
use translation_results::run_id::{BATCH_MAX, BATCH_MIN, Batch, Fault, Problem, RunId, distinct};

const DECLARATIONS: &str = include_str!("../pkg-template/index.d.ts");

#[track_caller]
fn assert_id(number: f64, shown: &str) {
    assert_eq!(RunId::from_number(number).map(|id| id.to_string()), Ok(shown.to_owned()));
}

#[track_caller]
fn assert_no_id(number: f64, fault: Fault) {
    assert_eq!(RunId::from_number(number), Err(fault), "{number}");
}

#[track_caller]
fn assert_problem(problem: Problem, message: &str, json: &str) {
    assert_eq!(problem.to_string(), message);
    assert_eq!(serde_json::to_string(&problem).ok().as_deref(), Some(json));
    assert!(DECLARATIONS.contains(&declaration(json)), "index.d.ts lacks {:?}", declaration(json));
}

/// The line of `RunIdProblem` that a problem belongs to: positions and counts vary, bounds do not.
fn declaration(json: &str) -> String {
    let field = |field: &str| match field.replace('"', "").split_once(':') {
        Some((name @ ("index" | "firstIndex" | "count"), _)) => format!("{name}: number"),
        Some(("problem", name)) => format!("problem: \"{name}\""),
        Some((name, value)) => format!("{name}: {value}"),
        None => field.to_owned(),
    };
    let fields: Vec<_> = json.trim_matches(['{', '}']).split(',').map(field).collect();
    format!("\n  | {{ {} }}", fields.join("; "))
}

#[track_caller]
fn assert_refused(numbers: &[f64], messages: &[&str]) {
    let problems = Batch::check(numbers).err().unwrap_or_default();
    assert_eq!(problems.iter().map(Problem::to_string).collect::<Vec<_>>(), messages);
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
fn says_and_serialises_every_problem() {
    assert_problem(Problem::NotAnArray, "not an array", r#"{"problem":"not_an_array"}"#);

    let too_few = Problem::TooFew { count: 1, min: BATCH_MIN };
    assert_problem(too_few, "1 id where 2 to 5 are needed", r#"{"problem":"too_few","count":1,"min":2}"#);

    let empty = Problem::TooFew { count: 0, min: BATCH_MIN };
    assert_problem(empty, "0 ids where 2 to 5 are needed", r#"{"problem":"too_few","count":0,"min":2}"#);

    let too_many = Problem::TooMany { count: 6, max: BATCH_MAX };
    assert_problem(too_many, "6 ids where 2 to 5 are needed", r#"{"problem":"too_many","count":6,"max":5}"#);

    let fraction = Problem::NotAnInteger { index: 1 };
    assert_problem(fraction, "the id at index 1 is not an integer", r#"{"problem":"not_an_integer","index":1}"#);

    let negative = Problem::NotPositive { index: 1 };
    assert_problem(negative, "the id at index 1 is not positive", r#"{"problem":"not_positive","index":1}"#);

    let too_large = Problem::TooLarge { index: 1 };
    assert_problem(too_large, "the id at index 1 is above 9007199254740991", r#"{"problem":"too_large","index":1}"#);

    let repeated = Problem::Duplicate { index: 3, first_index: 0 };
    let json = r#"{"problem":"duplicate","index":3,"firstIndex":0}"#;
    assert_problem(repeated, "the id at index 3 repeats the one at index 0", json);

    assert_eq!(DECLARATIONS.matches("\n  | { problem: ").count(), 7, "a problem of index.d.ts that is not tried here");
}

#[test]
fn names_every_problem_of_a_list_once_and_in_order() {
    assert_refused(&[1.0, 2.0], &[]);
    assert_refused(&[5.0, 4.0, 3.0, 2.0, 1.0], &[]);
    assert_refused(&[], &["0 ids where 2 to 5 are needed"]);
    assert_refused(&[7.0], &["1 id where 2 to 5 are needed"]);
    assert_refused(&[0.5], &["1 id where 2 to 5 are needed", "the id at index 0 is not an integer"]);
    assert_refused(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &["6 ids where 2 to 5 are needed"]);
    assert_refused(&[7.0, 7.0], &["the id at index 1 repeats the one at index 0"]);

    // A thing that is no id is no repeat either, and a third mention repeats the first one.
    let repeats = ["the id at index 3 repeats the one at index 0", "the id at index 4 repeats the one at index 0"];
    assert_refused(&[7.0, 8.0, 9.0, 7.0, 7.0], &repeats);
    assert_refused(&[-1.0, -1.0], &["the id at index 0 is not positive", "the id at index 1 is not positive"]);
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
        prop_assert_eq!(serde_json::to_string(&id).unwrap(), number.to_string());
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
    fn a_batch_is_two_to_five_distinct_ids(list in prop::collection::vec(number(), 0..9)) {
        let numbers: Vec<_> = list.iter().map(|&(number, _)| number).collect();
        let count = list.len();
        let too_few = (count < 2).then_some(Problem::TooFew { count, min: 2 });
        let too_many = (count > 5).then_some(Problem::TooMany { count, max: 5 });
        let of_elements = (0..count).filter_map(|index| problem_at(index, &list));
        let problems: Vec<_> = too_few.into_iter().chain(too_many).chain(of_elements).collect();

        let checked = Batch::check(&numbers).map(|batch| batch.ids().iter().map(|id| id.as_number()).collect());
        prop_assert_eq!(checked, if problems.is_empty() { Ok(numbers) } else { Err(problems) });
    }

    #[test]
    fn distinct_ids_keep_the_order_of_first_mention(list in prop::collection::vec(number(), 0..40)) {
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
}
