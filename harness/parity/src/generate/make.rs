//! Inputs from shapes: a `proptest` strategy whose dice are seeded.

use lakehouse_rig::implementation::Transport;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};

use super::made::Made;
use super::shape::{Built, Generator, Shape};
use super::{atoms, damage, steps};

/// How deep `$any` nests.
const DEPTH: usize = 3;

/// The inputs of one surface, the same for the same seed.
pub(super) struct Inputs<'a> {
    generator: &'a Generator,
    runner: TestRunner,
}

impl<'a> Inputs<'a> {
    pub(super) fn new(generator: &'a Generator, surface: &str, seed: u64) -> Inputs<'a> {
        let mut hasher = Sha256::new();
        hasher.update(seed.to_le_bytes());
        hasher.update(surface.as_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &hasher.finalize());
        let runner = TestRunner::new_with_rng(Config::default(), rng);
        Inputs { generator, runner }
    }

    pub(super) fn next(&mut self) -> Vec<u8> {
        // Making never rejects.
        match self.generator.new_tree(&mut self.runner) {
            Ok(tree) => tree.current(),
            Err(_) => Vec::new(),
        }
    }
}

/// An input. What fails is shrunk by its structure and against the live pair, in `shrink`, not by
/// retracing the dice.
#[derive(Debug)]
pub(super) struct Input(Vec<u8>);

impl ValueTree for Input {
    type Value = Vec<u8>;

    fn current(&self) -> Vec<u8> {
        self.0.clone()
    }

    fn simplify(&mut self) -> bool {
        false
    }

    fn complicate(&mut self) -> bool {
        false
    }
}

impl Strategy for Generator {
    type Tree = Input;
    type Value = Vec<u8>;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut made = make(&self.root, runner);
        let damaged = runner.rng().random_bool(self.damage);
        if self.steps {
            if damaged {
                steps::damage(&mut made, runner);
            }
            steps::spell(&mut made, runner);
            return Ok(Input(made.render(runner.rng(), true).into_bytes()));
        }
        let in_text = damaged && runner.rng().random_ratio(1, 8);
        if damaged && !in_text {
            for _ in 0..runner.rng().random_range(1..3) {
                damage::value(&mut made, runner);
            }
        }
        let lines = self.transport == Transport::Http;
        let mut input = made.render(runner.rng(), lines).into_bytes();
        if in_text {
            damage::bytes(&mut input, runner);
        }
        if !lines {
            input.retain(|byte| *byte != b'\n');
        }
        Ok(Input(input))
    }
}

fn make(shape: &Shape, runner: &mut TestRunner) -> Made {
    match shape {
        Shape::Text(text) => Made::Text(text.clone()),
        Shape::Json(json) => Made::Raw(json.clone()),
        Shape::Matching(strategy) => {
            let tree = strategy.new_tree(runner);
            Made::Text(tree.map_or_else(|_| String::new(), |tree| tree.current()))
        }
        Shape::Repeat(text, times) => {
            let times = runner.rng().random_range(times[0]..=times[1]);
            Made::Text(text.repeat(times))
        }
        Shape::Integer([from, to]) => Made::Raw(runner.rng().random_range(*from..=*to).to_string()),
        Shape::One(choices) => {
            let sum: u32 = choices.iter().map(|(weight, _)| weight).sum();
            let mut left = runner.rng().random_range(0..sum);
            for (weight, choice) in choices {
                if left < *weight {
                    return make(choice, runner);
                }
                left -= weight;
            }
            Made::Raw("null".to_owned())
        }
        Shape::Object(members) => {
            let mut made = Vec::new();
            for (name, optional, shape) in members {
                if !*optional || runner.rng().random_bool(0.5) {
                    made.push((name.clone(), make(shape, runner)));
                }
            }
            if made.len() > 1 && runner.rng().random_ratio(1, 4) {
                let (one, other) = (
                    runner.rng().random_range(0..made.len()),
                    runner.rng().random_range(0..made.len()),
                );
                made.swap(one, other);
            }
            Made::Object(made)
        }
        Shape::Array(element, length) => {
            let length = runner.rng().random_range(length[0]..=length[1]);
            Made::Array((0..length).map(|_| make(element, runner)).collect())
        }
        Shape::Chain(pieces) => {
            let mut all = Vec::new();
            for piece in pieces {
                match make(piece, runner) {
                    Made::Array(elements) => all.extend(elements),
                    other => all.push(other),
                }
            }
            Made::Array(all)
        }
        Shape::Spelled(inner) => {
            let made = make(inner, runner);
            Made::Raw(made.into_text(runner.rng()))
        }
        Shape::Join(pieces) => {
            let mut text = String::new();
            for piece in pieces {
                let made = make(piece, runner);
                text.push_str(&made.into_text(runner.rng()));
            }
            Made::Text(text)
        }
        Shape::Some(piece, length, between) => {
            let length = runner.rng().random_range(length[0]..=length[1]);
            let mut text = String::new();
            for index in 0..length {
                if index > 0 {
                    text.push_str(between);
                }
                let made = make(piece, runner);
                text.push_str(&made.into_text(runner.rng()));
            }
            Made::Text(text)
        }
        Shape::Damaged(inner, share) => {
            let mut made = make(inner, runner);
            if runner.rng().random_bool(*share) {
                damage::value(&mut made, runner);
            }
            made
        }
        Shape::Built(built) => match built {
            Built::Hostile => Made::Text(atoms::hostile(runner)),
            Built::Chaos => Made::Text(atoms::chaos(runner)),
            Built::Number => Made::Raw(atoms::number(runner)),
            Built::Scalar => atoms::scalar(runner),
            Built::Any => atoms::any(runner, DEPTH),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use lakehouse_rig::implementation::Transport;
    use lakehouse_rig::source::Source;

    use super::super::{shape, steps};
    use super::Inputs;
    use crate::json::parse;

    #[test]
    fn the_shapes_of_this_repository_make_what_they_should() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut broken = 0;
        for surface in [
            "audit_baselines",
            "embed",
            "extract_json",
            "iterate",
            "matrix_search",
            "playbook",
            "session_log",
            "validate",
            "vector_search",
        ] {
            let name = format!("fixtures/probes/{surface}/generate.toml");
            let source = Source::read(&root, &name).expect("it is there");
            let generator = shape::read(&source).expect("it is right");
            let make = |seed| {
                let mut inputs = Inputs::new(&generator, surface, seed);
                (0..200).map(|_| inputs.next()).collect::<Vec<_>>()
            };
            let made = make(1);
            assert_eq!(made, make(1), "{surface}");
            assert_ne!(made, make(2), "{surface}");
            let distinct: HashSet<&Vec<u8>> = made.iter().collect();
            assert!(distinct.len() > 100, "{surface}: {}", distinct.len());
            let json = made.iter().filter(|input| parse(input).is_ok()).count();
            assert!(json >= 100, "{surface}: {json} are JSON");
            broken += made.len() - json;
            if generator.steps {
                let all: Vec<_> = made.iter().filter_map(|input| steps::read(input)).collect();
                assert_eq!(all.len(), made.len(), "{surface}: all can be sent");
                let bodies = all.iter().flatten().filter_map(|step| step.input.as_ref());
                let (good, bad): (Vec<_>, Vec<_>) = bodies.partition(|body| parse(body).is_ok());
                assert!(good.len() > 200, "{surface}: {} are JSON", good.len());
                assert!(bad.len() > 2, "{surface}: {} are not JSON", bad.len());
            }
            if generator.transport == Transport::Line {
                assert!(
                    made.iter().all(|input| !input.contains(&b'\n')),
                    "{surface}"
                );
            }
        }
        assert!(broken > 5, "{broken} of all inputs are not JSON");
    }
}
