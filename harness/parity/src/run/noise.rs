//! What can be judged although an implementation's answers to one case differ.

use std::collections::BTreeMap;

use super::side::Side;
use crate::comparators::without_digest;
use crate::compare::{Prepared, compare};
use crate::config::{Case, Probe};
use crate::difference::{Difference, DifferenceKind as Kind, generalised};
use crate::outcome::{JudgedDifference, UNSTABLE};

/// The maximum number of paths in a message.
const MAX_PATHS: usize = 5;
/// The shape of a side that has no value.
const NOTHING: &str = "nothing";

/// Removes the differences that a change between two answers of one side explains. Those that stay
/// are between all answers of both sides, at places where each side is stable or only one has a
/// value.
pub(super) fn keep_certain(
    differences: &mut Vec<JudgedDifference>,
    left: &Side,
    right: &Side,
    probe: &Probe,
    case: &Case,
) {
    let mut pairs = Vec::new();
    for left in answers(left) {
        for right in answers(right) {
            pairs.push(compare(left, right, &probe.compare, case.sequence));
        }
    }
    let pairs: Vec<ByPlace<'_>> = pairs.iter().map(|found| by_place(found)).collect();
    // By pattern, because elements of a list may have changed places. True if a value is sometimes
    // absent.
    let mut changes: BTreeMap<String, bool> = BTreeMap::new();
    for side in [left, right] {
        for difference in &side.noise.found {
            *changes.entry(generalised(&difference.path)).or_default() |= is_one_sided(difference);
        }
    }
    differences.retain(|judged| {
        let difference = &judged.difference;
        let is_stable = match changes.get(&generalised(&difference.path)) {
            None => true,
            Some(is_sometimes_absent) => is_one_sided(difference) && !is_sometimes_absent,
        };
        let place = (difference.path.as_str(), difference.kind);
        let is_everywhere = pairs.iter().all(|pair| {
            let there = pair.get(&place);
            there.is_some_and(|there| there.iter().any(|other| is_same(difference, other)))
        });
        is_stable && is_everywhere
    });
}

type ByPlace<'a> = BTreeMap<(&'a str, Kind), Vec<&'a Difference>>;

fn by_place(found: &[Difference]) -> ByPlace<'_> {
    let mut map = ByPlace::new();
    for difference in found {
        map.entry((difference.path.as_str(), difference.kind))
            .or_default()
            .push(difference);
    }
    map
}

/// The different answers of a side.
fn answers(side: &Side) -> impl Iterator<Item = &Prepared> {
    side.prepared.iter().chain(&side.noise.others)
}

/// Whether two differences at one place are the same. Values that only one side has may change.
fn is_same(one: &Difference, other: &Difference) -> bool {
    if matches!(one.kind, Kind::Missing | Kind::Extra | Kind::Type) {
        return true;
    }
    let is_absent = |shape: &String| shape == NOTHING;
    let pairs = [
        (&one.left.shape, &other.left.shape),
        (&one.right.shape, &other.right.shape),
    ];
    if pairs
        .iter()
        .any(|(one, other)| is_absent(one) && is_absent(other))
    {
        return true;
    }
    // The elements of a list may change while their number is the same.
    let is_count = matches!(
        one.kind,
        Kind::Length | Kind::LineCount | Kind::DuplicateKey | Kind::RankingLength | Kind::Dimension
    );
    pairs.iter().all(|(one, other)| match is_count {
        true => without_digest(one) == without_digest(other),
        false => one == other,
    })
}

/// Whether only one side has a value.
fn is_one_sided(difference: &Difference) -> bool {
    is_extra(difference) || is_missing(difference)
}

fn is_extra(difference: &Difference) -> bool {
    difference.kind == Kind::Extra || difference.left.shape == NOTHING
}

fn is_missing(difference: &Difference) -> bool {
    difference.kind == Kind::Missing || difference.right.shape == NOTHING
}

/// `` `go` differs from itself: `body:$.n` (number 1 | number 2) ``; none if it does not.
pub(super) fn sentence(side: &Side) -> Option<String> {
    let places = side.noise.places(&side.implementation);
    if places.is_empty() {
        return None;
    }
    let when = match side.noise.by_order {
        true => " when the cases come in another order",
        false => "",
    };
    let paths = listed(places.iter().map(|place| {
        let values = place.values.join(" | ");
        format!("`{}` ({values})", place.path)
    }));
    Some(format!(
        "`{}`{UNSTABLE}{when}: {paths}",
        side.implementation
    ))
}

/// What a reader should know first about unexpected differences that are certain, and about the
/// changes between answers.
pub(super) fn sentences(
    differences: &[JudgedDifference],
    left: &Side,
    right: &Side,
) -> Vec<String> {
    let unexpected = || {
        let unexpected = differences.iter().filter(|judged| judged.pin.is_none());
        unexpected.map(|judged| &judged.difference)
    };
    let paths = |is_wanted: fn(&Difference) -> bool| -> Vec<&str> {
        let wanted = unexpected().filter(|difference| is_wanted(difference));
        wanted.map(|difference| difference.path.as_str()).collect()
    };
    let (extra, missing) = (paths(is_extra), paths(is_missing));
    let mut verbs = Vec::new();
    if !extra.is_empty() {
        verbs.push(format!("has {}", unexpected_parts(&extra)));
    }
    if !missing.is_empty() {
        verbs.push(format!("lacks {}", parts(&missing)));
    }
    if verbs.is_empty() {
        return [left, right].into_iter().filter_map(sentence).collect();
    }
    let first = format!("`{}` {}", right.implementation, verbs.join(" and "));
    let changes = right.noise.places(&right.implementation);
    let is_of_extra = |path: &str| extra.iter().any(|extra| is_at_or_below(path, extra));
    let is_explained = changes.iter().all(|place| is_of_extra(&place.path));
    if changes.is_empty() || !is_explained {
        let rest = [left, right].into_iter().filter_map(sentence);
        return std::iter::once(first).chain(rest).collect();
    }
    let what = match changes.len() {
        1 => "its value also changes",
        _ => "their values also change",
    };
    let when = match right.noise.by_order {
        true => "when the cases come in another order",
        false => "between two identical requests",
    };
    std::iter::once(format!("{first}; {what} {when}"))
        .chain(sentence(left))
        .collect()
}

/// ``an unexpected field `a` ``, ``unexpected headers `a`, `b` ``.
fn unexpected_parts(paths: &[&str]) -> String {
    let (noun, names) = named(paths);
    match paths.len() {
        1 => format!("an unexpected {noun} {names}"),
        _ => format!("unexpected {noun}s {names}"),
    }
}

/// `` `a` ``, ``the headers `a`, `b` ``.
fn parts(paths: &[&str]) -> String {
    match (named(paths), paths.len()) {
        (("field", names), _) => names,
        ((noun, names), 1) => format!("the {noun} {names}"),
        ((noun, names), _) => format!("the {noun}s {names}"),
    }
}

/// What the paths lead to, and its names.
fn named(paths: &[&str]) -> (&'static str, String) {
    const NOUNS: &[(&str, &str)] = &[
        ("body:$.", "field"),
        ("header:", "header"),
        ("trailer:", "trailer"),
        ("file:", "file"),
    ];
    let of_all = NOUNS
        .iter()
        .find(|(prefix, _)| paths.iter().all(|path| path.starts_with(prefix)));
    let (prefix, noun) = of_all.copied().unwrap_or(("", "part"));
    let names = paths
        .iter()
        .map(|path| format!("`{}`", &path[prefix.len()..]));
    (noun, listed(names))
}

/// The first few texts, and the number of the others.
fn listed(texts: impl ExactSizeIterator<Item = String>) -> String {
    let more = texts.len().saturating_sub(MAX_PATHS);
    let mut shown: Vec<String> = texts.take(MAX_PATHS).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

fn is_at_or_below(path: &str, other: &str) -> bool {
    let rest = path.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':']))
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::source::Source;

    use super::*;
    use crate::compare::prepare;
    use crate::observation::{Observation, Step};

    fn probe() -> Probe {
        let source = Source {
            name: "probe.toml".to_owned(),
            text: "about = \"\"\ntransports = [\"line\"]\n[compare]\nkey_order = true\n".to_owned(),
        };
        Probe::read("s", &source).expect("it is valid")
    }

    fn case() -> Case {
        Case {
            name: "c".to_owned(),
            why: None,
            transports: None,
            files: BTreeMap::new(),
            steps: Vec::new(),
            sequence: false,
            fresh: false,
            repeats: 1,
        }
    }

    fn body(body: &str) -> Step {
        Step {
            body: body.as_bytes().to_vec(),
            ..Step::default()
        }
    }

    fn with_headers(headers: &[(&str, &str)]) -> Step {
        let headers = headers.iter();
        Step {
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), vec![value.as_bytes().to_vec()]))
                .collect(),
            ..body("{}")
        }
    }

    /// A side with these answers, in the order in which they came.
    fn side(implementation: &str, answers: &[Step]) -> Side {
        let probe = probe();
        let prepared = |step: &Step| prepare(&Observation::single(step.clone()), &probe, None);
        let mut side = Side {
            implementation: implementation.to_owned(),
            prepared: Some(prepared(&answers[0])),
            ..Side::default()
        };
        for answer in &answers[1..] {
            let found = compare(
                &prepared(&answers[0]),
                &prepared(answer),
                &probe.compare,
                false,
            );
            if !found.is_empty() {
                side.noise.add(found, prepared(answer));
            }
        }
        side
    }

    /// The differences that are certain, and the sentences about them.
    fn judged_steps(left: &[Step], right: &[Step]) -> (Vec<String>, Vec<String>) {
        let (left, right) = (side("rust", left), side("js", right));
        let (Some(one), Some(other)) = (&left.prepared, &right.prepared) else {
            unreachable!("both have answers");
        };
        let (probe, case) = (probe(), case());
        let mut differences: Vec<JudgedDifference> = compare(one, other, &probe.compare, false)
            .into_iter()
            .map(|difference| JudgedDifference {
                difference,
                pin: None,
            })
            .collect();
        keep_certain(&mut differences, &left, &right, &probe, &case);
        let sentences = sentences(&differences, &left, &right);
        let shown = differences
            .iter()
            .map(|judged| format!("{} {}", judged.difference.path, judged.difference.kind));
        (shown.collect(), sentences)
    }

    /// The same for answers that only have bodies.
    fn judged(left: &[&str], right: &[&str]) -> (Vec<String>, Vec<String>) {
        let steps = |bodies: &[&str]| -> Vec<Step> { bodies.iter().map(|it| body(it)).collect() };
        judged_steps(&steps(left), &steps(right))
    }

    #[test]
    fn members_of_one_side_are_differences_although_they_change() {
        let (certain, sentences) = judged(
            &[r#"{"a":1,"elapsed_ms":0.1}"#],
            &[
                r#"{"a":1,"elapsedMs":0.098}"#,
                r#"{"a":1,"elapsedMs":0.087}"#,
            ],
        );
        assert_eq!(
            certain,
            ["body:$.elapsed_ms missing", "body:$.elapsedMs extra"]
        );
        assert_eq!(
            sentences,
            [
                "`js` has an unexpected field `elapsedMs` and lacks `elapsed_ms`; its value also changes between two identical requests"
            ]
        );
    }

    #[test]
    fn elements_and_whole_values_of_one_side_are_differences_although_they_change() {
        for (left, right, expected) in [
            ("[1]", ["[1,2]", "[1,3]"], "body:$ length"),
            (
                "{}",
                [r#"{"a":{"t":1}}"#, r#"{"a":{"t":2}}"#],
                "body:$.a extra",
            ),
            (
                r#"{"a":5}"#,
                [r#"{"a":{"t":1}}"#, r#"{"a":{"t":2}}"#],
                "body:$.a type",
            ),
        ] {
            assert_eq!(judged(&[left], &right).0, [expected], "{left}");
        }
    }

    #[test]
    fn stable_places_are_judged_beside_one_that_changes() {
        let (certain, sentences) = judged(
            &[r#"{"a":1,"n":1}"#],
            &[r#"{"a":2,"n":5}"#, r#"{"a":2,"n":6}"#],
        );
        assert_eq!(certain, ["body:$.a value"]);
        assert_eq!(
            sentences,
            ["`js` differs from itself: `body:$.n` (number 5 | number 6)"]
        );
    }

    #[test]
    fn places_that_change_are_not_judged() {
        for (left, right) in [
            // A value, on either side.
            (&[r#"{"n":1}"#][..], &[r#"{"n":5}"#, r#"{"n":6}"#][..]),
            (&[r#"{"n":5}"#, r#"{"n":6}"#], &[r#"{"n":1}"#]),
            // A member that is sometimes absent.
            (&[r#"{"n":1}"#], &["{}", r#"{"n":1}"#]),
            (&["{}"], &[r#"{"n":1}"#, "{}"]),
            // Elements in random order, of which the first is the same by chance.
            (
                &[r#"["a","b","c"]"#],
                &[r#"["b","a","c"]"#, r#"["b","c","a"]"#],
            ),
            // A list of random length.
            (&["[1]"], &["[1,2]", "[1,2,3]"]),
            // A value that is sometimes another one.
            (
                &[r#"{"a":{"b":1}}"#],
                &[r#"{"a":{"b":2}}"#, r#"{"a":null}"#],
            ),
            // A member that is sometimes absent in another element of the list.
            (&["[{},{}]"], &[r#"[{"x":1},{"x":2}]"#, r#"[{"x":1},{}]"#]),
            // The order of keys that are not always the same.
            (
                &[r#"{"a":1,"b":1}"#],
                &[r#"{"b":1,"a":1}"#, r#"{"b":1,"a":1,"c":1}"#],
            ),
        ] {
            assert_eq!(judged(left, right).0, [""; 0], "{left:?} {right:?}");
        }
    }

    #[test]
    fn headers_of_one_side_are_differences_although_they_change() {
        let none = with_headers(&[]);
        let values = ["1", "2"].map(|value| with_headers(&[("x", value)]));
        assert_eq!(
            judged_steps(std::slice::from_ref(&none), &values),
            (
                vec!["header:x header".to_owned()],
                vec![
                    "`js` has an unexpected header `x`; its value also changes between two identical requests"
                        .to_owned()
                ]
            )
        );
        assert_eq!(
            judged_steps(&values, &[none]),
            (
                vec!["header:x header".to_owned()],
                vec![
                    "`js` lacks the header `x`".to_owned(),
                    "`rust` differs from itself: `header:x` (\"1\" | \"2\")".to_owned()
                ]
            )
        );
    }

    #[test]
    fn changes_at_other_places_have_their_own_sentence() {
        for (left, right, expected) in [
            (
                &[r#"{"n":1}"#, r#"{"n":2}"#][..],
                &[r#"{"n":1,"x":1}"#][..],
                &[
                    "`js` has an unexpected field `x`",
                    "`rust` differs from itself: `body:$.n` (number 1 | number 2)",
                ][..],
            ),
            (
                &[r#"{"x2":1}"#],
                &[r#"{"x":1,"x2":1}"#, r#"{"x":1,"x2":2}"#],
                &[
                    "`js` has an unexpected field `x`",
                    "`js` differs from itself: `body:$.x2` (number 1 | number 2)",
                ],
            ),
            (
                &["[0,0,0,0,0,0,0]"],
                &["[0,0,0,0,0,0,0]", "[1,1,1,1,1,1,1]"],
                &[
                    "`js` differs from itself: `body:$[0]` (number 0 | number 1), `body:$[1]` (number 0 | number 1), `body:$[2]` (number 0 | number 1), `body:$[3]` (number 0 | number 1), `body:$[4]` (number 0 | number 1), 2 more",
                ],
            ),
        ] {
            assert_eq!(judged(left, right).1, expected, "{left:?} {right:?}");
        }
    }

    #[test]
    fn places_have_all_their_values() {
        let answers = ["[1]", "[2]", "[1]", "[3]"].map(body);
        let places = side("js", &answers).noise.places("js");
        assert_eq!(places.len(), 1);
        assert_eq!(places[0].path, "body:$[0]");
        assert_eq!(places[0].values, ["number 1", "number 2", "number 3"]);
    }
}
