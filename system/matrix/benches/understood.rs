//! What it costs to understand queries: `cargo bench -p lakehouse-matrix`.
//!
//! The questions of `fixtures/relevance`, file by file, are searched for among 10,000 people, with
//! `understand` off and on in turn. Each line has the processor time of a search, and the ratio of the
//! two, as the median of all rounds. For a quick run: `-- --documents 2000 --rounds 3`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lakehouse_base::SystemClock;
use lakehouse_json::{MAX_DEPTH, parse};
use lakehouse_matrix::{
    CorpusName, Document, Matrix, MatrixParts, MatrixQuery, judge::Rules, playbook::PlaybookConfig,
};
use lakehouse_models::embed::{EmbedCache, Embedders};
use lakehouse_understand::{Dictionary, Lexicon};
use lakehouse_vector::{Engine, EngineOptions, Metadata};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;

const CORPUS: &str = "people";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let documents = argument("--documents").unwrap_or(10_000);
    let rounds = argument("--rounds").unwrap_or(9);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let engine = engine(folder.path()).await;
    // Without and with results that are kept from earlier searches.
    let fresh = matrix(&engine, 0);
    let kept = matrix(&engine, 64 << 20);
    fill(&fresh, documents).await;
    // Background work is not part of a search.
    engine.get(CORPUS).unwrap().settle().await.unwrap();
    let questions = questions();
    let all: Vec<_> = questions.values().flatten().cloned().collect();
    println!(
        "{documents} documents, {} questions, {rounds} rounds",
        all.len()
    );
    println!("{:<28}{:>10}{:>10}{:>8}", "", "off", "on", "ratio");
    for (file, questions) in &questions {
        compare(file, &fresh, questions, rounds).await;
    }
    compare("all", &fresh, &all, rounds).await;
    compare("all, searched before", &kept, &all, rounds).await;
    engine.close().await;
}

fn argument(name: &str) -> Option<usize> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)?.parse().ok()
}

async fn engine(folder: &Path) -> Arc<Engine> {
    let store = lakehouse_store::open("memory://", &folder.join("cache")).unwrap();
    let mut options = EngineOptions::new(folder.join("vectors"), store);
    Matrix::configure(&mut options);
    Engine::open(options).await.unwrap()
}

fn matrix(engine: &Arc<Engine>, cache_bytes: u64) -> Matrix {
    Matrix::new(MatrixParts {
        engine: Arc::clone(engine),
        embedders: Embedders::built_in(EmbedCache::new(64 << 20)),
        clock: Arc::new(SystemClock),
        judge: Arc::new(Rules),
        role_reader: None,
        config: PlaybookConfig::default(),
        dictionary: Arc::new(Dictionary::new(&Lexicon::built_in())),
        looks_up: true,
        cache_bytes,
    })
}

/// Searches for the questions in rounds and prints the medians.
async fn compare(what: &str, matrix: &Matrix, questions: &[String], rounds: usize) {
    let (mut off, mut on, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=rounds {
        let times = [
            search_all(matrix, questions, false).await,
            search_all(matrix, questions, true).await,
        ];
        // The first round fills the caches.
        if round > 0 {
            let [of_off, of_on] = times.map(|time| time.as_secs_f64() * 1e6);
            let count = questions.len() as f64;
            off.push(of_off / count);
            on.push(of_on / count);
            ratios.push(of_on / of_off);
        }
    }
    let [off, on, ratio] = [off, on, ratios].map(median);
    println!("{what:<28}{off:>7.0} µs{on:>7.0} µs{ratio:>8.2}");
}

/// The processor time of all threads.
async fn search_all(matrix: &Matrix, questions: &[String], understand: bool) -> Duration {
    let before = processor_time();
    for question in questions {
        let query = MatrixQuery {
            understand,
            ..MatrixQuery::new(question, vec![CORPUS])
        };
        matrix.search(query).await.unwrap();
    }
    processor_time() - before
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// The questions by file.
fn questions() -> BTreeMap<String, Vec<String>> {
    let question = |line: &str| {
        let json = parse(line, MAX_DEPTH).expect("a line of JSON");
        let question = json.as_object().and_then(|line| line.get("q"));
        question
            .and_then(|q| q.as_str())
            .expect("a question")
            .to_owned()
    };
    let files = fixtures().join("relevance").read_dir().unwrap();
    let files = files.map(|file| {
        let path = file.unwrap().path();
        let lines = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, lines.lines().map(question).collect())
    });
    files.collect()
}

#[derive(Deserialize)]
struct Roles {
    role: Vec<Role>,
}

#[derive(Deserialize)]
struct Role {
    name: String,
    skills: Vec<String>,
    related: Vec<String>,
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

/// Fills the corpus with people of the roles and cities of `fixtures/corpus`.
async fn fill(matrix: &Matrix, count: usize) {
    let read = |name: &str| std::fs::read_to_string(fixtures().join("corpus").join(name)).unwrap();
    let Roles { role: roles } = toml::from_str(&read("roles.toml")).unwrap();
    let Cities { city: cities } = toml::from_str(&read("cities.toml")).unwrap();
    let name = CorpusName::parse(CORPUS).unwrap();
    matrix.create_corpus(&name, None).await.unwrap();
    let mut ingestion = matrix.ingest(&name).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for at in 0..count {
        let person = person(at, &mut random, &roles, &cities);
        ingestion.add(at + 1, person).await.unwrap();
    }
    ingestion.finish().await.unwrap();
}

fn person(at: usize, random: &mut ChaCha8Rng, roles: &[Role], cities: &[City]) -> Document {
    let (role, city) = (roles.choose(random), cities.choose(random));
    let (role, city) = (role.expect("a role"), city.expect("a city"));
    let skills: Vec<_> = role.skills.sample(random, 3).map(String::as_str).collect();
    let skills = skills.join(", ");
    let shift = ["days", "nights", "evenings", "weekends"][random.random_range(0..4)];
    let (available, years) = (random.random_bool(0.85), random.random_range(0..20));
    let rate = random.random_range(15..40);
    let second = role.related.choose(random).filter(|_| at.is_multiple_of(3));
    let second = second.map_or_else(String::new, |role| format!(r#""second_role":"{role}","#));
    let metadata = format!(
        r#"{{"name":"Person Number{at}","role":"{}",{second}"city":"{}","state":"{}","skills":"{skills}","cert_osha_10":{},"available":{available},"shift":"{shift}","weekends":{},"years":{years},"rate":{rate},"phone":"313-555-{:04}","email":"person.{at}@example.com"}}"#,
        role.name,
        city.name,
        city.state,
        random.random_bool(0.3),
        random.random_bool(0.2),
        at % 10_000,
    );
    let text = format!(
        "{}, {}: {}, {years} years. Knows {skills}. Works {shift}.",
        city.name, city.state, role.name
    );
    let metadata = Metadata::parse(&metadata).unwrap();
    Document::new(format!("w-{at}"), text, metadata).unwrap()
}
