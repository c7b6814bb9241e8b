//! The parts in which two observations differ, compared without the comparators.

use crate::observation::{Observation, Step};

/// The parts that differ byte by byte: `body`, `file:a.jsonl`, with the step's number in front.
pub(super) fn changed_parts(left: &Observation, right: &Observation) -> Vec<String> {
    let mut found = Vec::new();
    if left.steps.len() != right.steps.len() {
        found.push("steps".to_owned());
    }
    for (index, (left, right)) in left.steps.iter().zip(&right.steps).enumerate() {
        let here = step(left, right);
        found.extend(here.into_iter().map(|part| format!("{index}:{part}")));
    }
    found
}

fn step(left: &Step, right: &Step) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |differs: bool, part: &str| {
        if differs {
            found.push(part.to_owned());
        }
    };
    add(left.status != right.status, "status");
    add(left.body != right.body, "body");
    add(left.upstream != right.upstream, "upstream");
    add(left.script != right.script, "script");
    add(left.exit != right.exit, "exit");
    add(left.failure != right.failure, "failure");
    for (part, left, right) in [
        ("header", &left.headers, &right.headers),
        ("trailer", &left.trailers, &right.trailers),
    ] {
        for name in left.keys().chain(right.keys()) {
            if left.get(name) != right.get(name) {
                found.push(format!("{part}:{name}"));
            }
        }
    }
    for name in left.files.keys().chain(right.files.keys()) {
        if left.files.get(name) != right.files.get(name) {
            found.push(format!("file:{name}"));
        }
    }
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::changed_parts;
    use crate::observation::{Observation, Step};

    #[test]
    fn changed_parts_are_named() {
        let base = Step {
            status: Some(200),
            body: b"x".to_vec(),
            ..Step::default()
        };
        let changed = Step {
            body: b"y".to_vec(),
            files: [("a".to_owned(), Vec::new())].into(),
            ..base.clone()
        };
        let (base, changed) = (Observation::single(base), Observation::single(changed));
        assert!(changed_parts(&base, &base).is_empty());
        assert_eq!(changed_parts(&base, &changed), ["0:body", "0:file:a"]);
        assert_eq!(changed_parts(&base, &Observation::default()), ["steps"]);
    }
}
