//! Understanding texts, and learning vocabularies: `cargo bench -p lakehouse-understand`.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lakehouse_understand::{Dictionary, KnownPlace, Lexicon, Understander, Vocabulary};
use serde::Deserialize;

#[derive(Deserialize)]
struct Question {
    q: String,
}

#[derive(Deserialize)]
struct Roles {
    role: Vec<Role>,
}

#[derive(Deserialize)]
struct Role {
    name: String,
}

#[derive(Deserialize)]
struct Cities {
    city: Vec<City>,
}

#[derive(Deserialize)]
struct City {
    name: String,
    state: String,
}

/// The questions of `fixtures/relevance`.
fn questions() -> Vec<String> {
    let folder = fixtures().join("relevance");
    let files = folder.read_dir().unwrap();
    let files = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let question = |line: &str| serde_json::from_str::<Question>(line).unwrap().q;
    let questions = files.map(|file| file.lines().map(question).collect::<Vec<_>>());
    questions.flatten().collect()
}

/// The roles and cities of `fixtures/corpus`.
fn vocabulary() -> Vocabulary {
    let read = |name: &str| std::fs::read_to_string(fixtures().join("corpus").join(name)).unwrap();
    let Roles { role } = toml::from_str(&read("roles.toml")).unwrap();
    let Cities { city } = toml::from_str(&read("cities.toml")).unwrap();
    let place = |city: City| KnownPlace {
        city: city.name,
        state: city.state,
        people: 100,
    };
    Vocabulary {
        roles: role.into_iter().map(|role| role.name).collect(),
        places: city.into_iter().map(place).collect(),
    }
}

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// Words of five to eleven letters that no list has.
fn unknown_words() -> impl Iterator<Item = String> {
    let mut state = 1_u64;
    std::iter::repeat_with(move || {
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize
        };
        let length = 5 + next() % 7;
        (0..length)
            .map(|_| char::from(b'a' + (next() % 26) as u8))
            .collect()
    })
}

fn understand(criterion: &mut Criterion) {
    let dictionary = Arc::new(Dictionary::new(&Lexicon::built_in()));
    let vocabulary = vocabulary();
    let known = Understander::new(Arc::clone(&dictionary), &vocabulary);
    let questions = questions();
    let mut group = criterion.benchmark_group("questions");
    group.throughput(Throughput::Elements(questions.len() as u64));
    group.bench_function("all", |bencher| {
        bencher.iter(|| {
            for question in &questions {
                black_box(known.understand(question));
            }
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("vocabulary");
    group.sample_size(10);
    group.bench_function("of the corpus", |bencher| {
        bencher.iter(|| Understander::new(Arc::clone(&dictionary), &vocabulary));
    });
    let place = |city: String| KnownPlace {
        city,
        state: "MI".to_owned(),
        people: 1,
    };
    let places = unknown_words().step_by(2).take(200_000);
    let large = Vocabulary {
        places: places.map(place).collect(),
        ..vocabulary
    };
    group.bench_function("200,000 cities", |bencher| {
        bencher.iter(|| Understander::new(Arc::clone(&dictionary), &large));
    });
    group.finish();

    let large = Understander::new(dictionary, &large);
    let words: Vec<_> = unknown_words().skip(1).step_by(2).take(300).collect();
    let text: String = words.join(" ").chars().take(2000).collect();
    let mut group = criterion.benchmark_group("2,000 characters of unknown words");
    group.sample_size(10);
    for (what, understander) in [("of the corpus", &known), ("200,000 cities", &large)] {
        group.bench_function(what, |bencher| {
            bencher.iter(|| black_box(understander.understand(&text)));
        });
    }
}

criterion_group!(benches, understand);
criterion_main!(benches);
