//! Inputs of one surface, generated from its shapes and a seed.

use std::sync::Arc;

use lakehouse_rig::implementation::Transport;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

use super::draft::Draft;
use super::shape::{Builtin, Generator, Member, Shape};
use super::{builtin, damage, steps};

/// The depth of `$any`.
const MAX_DEPTH: usize = 3;

/// An endless sequence of inputs, the same for the same surface and seed.
pub(super) struct Inputs<'a> {
    generator: &'a Generator,
    rng: ChaCha8Rng,
}

impl<'a> Inputs<'a> {
    pub(super) fn new(generator: &'a Generator, surface: &str, seed: u64) -> Inputs<'a> {
        let mut hasher = Sha256::new();
        hasher.update(seed.to_le_bytes());
        hasher.update(surface.as_bytes());
        let rng = ChaCha8Rng::from_seed(hasher.finalize().into());
        Inputs { generator, rng }
    }

    pub(super) fn next(&mut self) -> Vec<u8> {
        let rng = &mut self.rng;
        let mut value = draft(&self.generator.root, rng);
        let is_damaged = rng.random_bool(self.generator.damage);
        if self.generator.steps {
            if is_damaged {
                steps::damage(&mut value, rng);
            }
            steps::render_bodies(&mut value, rng);
            return value.render(rng, true).into_bytes();
        }
        let in_text = is_damaged && rng.random_ratio(1, 8);
        if is_damaged && !in_text {
            for _ in 0..rng.random_range(1..3) {
                damage::value(&mut value, rng);
            }
        }
        let lines = self.generator.transport == Transport::Http;
        let mut input = value.render(rng, lines).into_bytes();
        if in_text {
            damage::bytes(&mut input, rng);
        }
        if !lines {
            input.retain(|byte| *byte != b'\n');
        }
        input
    }
}

/// A random value of a shape.
fn draft(shape: &Shape, rng: &mut ChaCha8Rng) -> Draft {
    match shape {
        Shape::Text(text) => Draft::Text(text.clone()),
        Shape::Json(json) => Draft::Raw(json.clone()),
        Shape::Matching(pattern, _) => Draft::Text(rng.sample(&**pattern)),
        Shape::Repeat(text, [min, max]) => Draft::Text(text.repeat(rng.random_range(*min..=*max))),
        Shape::Integer([min, max]) => Draft::Raw(rng.random_range(*min..=*max).to_string()),
        Shape::One(choices) => draft(choose(choices, rng), rng),
        Shape::Object(members) => object(members, rng),
        Shape::Array(element, [min, max]) => {
            let length = rng.random_range(*min..=*max);
            Draft::Array((0..length).map(|_| draft(element, rng)).collect())
        }
        Shape::Chain(pieces) => {
            let mut all = Vec::new();
            for piece in pieces {
                match draft(piece, rng) {
                    Draft::Array(elements) => all.extend(elements),
                    other => all.push(other),
                }
            }
            Draft::Array(all)
        }
        Shape::Spelled(inner) => Draft::Raw(text(inner, rng)),
        Shape::Join(pieces) => Draft::Text(pieces.iter().map(|piece| text(piece, rng)).collect()),
        Shape::Some(piece, [min, max], separator) => {
            let length = rng.random_range(*min..=*max);
            let pieces: Vec<String> = (0..length).map(|_| text(piece, rng)).collect();
            Draft::Text(pieces.join(separator))
        }
        Shape::Damaged(inner, share) => {
            let mut damaged = draft(inner, rng);
            if rng.random_bool(*share) {
                damage::value(&mut damaged, rng);
            }
            damaged
        }
        Shape::Builtin(Builtin::Hostile) => Draft::Text(builtin::hostile(rng)),
        Shape::Builtin(Builtin::Chaos) => Draft::Text(builtin::chaos(rng)),
        Shape::Builtin(Builtin::Number) => Draft::Raw(builtin::number(rng)),
        Shape::Builtin(Builtin::Scalar) => builtin::scalar(rng),
        Shape::Builtin(Builtin::Any) => builtin::any(rng, MAX_DEPTH),
    }
}

fn text(shape: &Shape, rng: &mut ChaCha8Rng) -> String {
    draft(shape, rng).into_text(rng)
}

/// One of the choices, by weight. Their weights are not all 0.
fn choose<'a>(choices: &'a [(u32, Arc<Shape>)], rng: &mut ChaCha8Rng) -> &'a Shape {
    let sum: u32 = choices.iter().map(|(weight, _)| weight).sum();
    let mut left = rng.random_range(0..sum);
    let mut at = 0;
    while left >= choices[at].0 {
        left -= choices[at].0;
        at += 1;
    }
    &choices[at].1
}

fn object(members: &[Member], rng: &mut ChaCha8Rng) -> Draft {
    let mut present = Vec::new();
    for member in members {
        if !member.optional || rng.random_bool(0.5) {
            present.push((member.name.clone(), draft(&member.shape, rng)));
        }
    }
    if present.len() > 1 && rng.random_ratio(1, 4) {
        let [one, other] = [(); 2].map(|()| rng.random_range(0..present.len()));
        present.swap(one, other);
    }
    Draft::Object(present)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};
    use std::path::Path;

    use lakehouse_rig::source::Source;

    use super::super::{shape, steps};
    use super::*;
    use crate::json::parse;

    /// Enough inputs for all kinds of damage.
    const COUNT: usize = 200;

    fn generator(name: &str, text: String) -> Generator {
        let name = name.to_owned();
        match shape::read(&Source { name, text }) {
            Ok(generator) => generator,
            Err(error) => panic!("{:?}", miette::Report::new(error)),
        }
    }

    fn inputs(generator: &Generator, seed: u64) -> Vec<Vec<u8>> {
        let mut inputs = Inputs::new(generator, "s", seed);
        (0..COUNT).map(|_| inputs.next()).collect()
    }

    fn is_json(input: &[u8]) -> bool {
        parse(input).is_ok()
    }

    fn values(root: &str) -> Vec<serde_json::Value> {
        let text = format!("transport = \"http\"\nroot = {root}\n");
        let inputs = inputs(&generator("generate.toml", text), 1);
        let read = |input: &Vec<u8>| serde_json::from_slice(input).expect("it is JSON");
        inputs.iter().map(read).collect()
    }

    #[test]
    fn a_seed_reproduces_its_inputs() {
        let text = "transport = \"line\"\ndamage = 0.5\nroot = { object = { a = \"$any\", b = \"$chaos\" } }\n";
        let generator = generator("generate.toml", text.to_owned());
        assert_eq!(inputs(&generator, 1), inputs(&generator, 1));
        assert_ne!(inputs(&generator, 1), inputs(&generator, 2));
    }

    #[test]
    fn patterns_ranges_and_weights_are_respected() {
        for value in values("{ matching = \"[0-9]{3}-(a|bc)?\" }") {
            let text = value.as_str().expect("it is a text");
            let (digits, rest) = text.split_once('-').expect("it has a dash");
            assert!(digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()));
            assert!(["", "a", "bc"].contains(&rest), "{text}");
        }
        let numbers = values("{ integer = [-1, 1] }");
        let distinct: BTreeSet<_> = numbers.iter().map(serde_json::Value::as_i64).collect();
        assert_eq!(distinct, BTreeSet::from([Some(-1), Some(0), Some(1)]));
        let chosen = values("{ one = [{ weight = 0, json = \"1\" }, { json = \"2\" }] }");
        assert!(chosen.iter().all(|value| value == 2), "{chosen:?}");
    }

    #[test]
    fn lines_contain_no_newline() {
        let text = "transport = \"line\"\ndamage = 1.0\nroot = { array = \"$any\" }\n";
        let generator = generator("generate.toml", text.to_owned());
        let all = inputs(&generator, 1);
        assert!(all.iter().all(|input| !input.contains(&b'\n')));
    }

    #[test]
    fn every_generator_of_this_repository_is_usable() {
        let probes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/probes");
        let mut generators = 0;
        let mut malformed = 0;
        for entry in std::fs::read_dir(probes).expect("the probes are there") {
            let path = entry
                .expect("it can be listed")
                .path()
                .join("generate.toml");
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let name = path.display().to_string();
            malformed += check(&name, &generator(&name, text));
            generators += 1;
        }
        assert!(generators > 0);
        assert!(malformed > 5, "{malformed} of all inputs are not JSON");
    }

    /// Checks a generator's inputs and returns how many are not JSON.
    fn check(name: &str, generator: &Generator) -> usize {
        let inputs = inputs(generator, 1);
        let distinct: HashSet<&Vec<u8>> = inputs.iter().collect();
        assert!(distinct.len() > COUNT / 2, "{name}: {}", distinct.len());
        let json = inputs.iter().filter(|input| is_json(input)).count();
        assert!(json >= COUNT / 2, "{name}: {json} are JSON");
        if generator.steps {
            let all: Vec<_> = inputs.iter().filter_map(|one| steps::read(one)).collect();
            assert_eq!(all.len(), COUNT, "{name}: all can be sent");
            let bodies = all.iter().flatten().filter_map(|step| step.input.as_ref());
            let (good, bad): (Vec<_>, Vec<_>) = bodies.partition(|body| is_json(body));
            assert!(good.len() > 200, "{name}: {} are JSON", good.len());
            assert!(bad.len() > 2, "{name}: {} are not JSON", bad.len());
        }
        COUNT - json
    }
}
