//! Measures the engine's goals: `cargo bench -p lakehouse-vector`.
//!
//! Goals that depend on the machine are compared with a measurement of the same run. For a quick run:
//! `-- --rows 20000`.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lakehouse_vector::{
    Engine, EngineOptions, Filter, Index, IndexConfig, IndexName, Item, Metadata, Metric, Scalar,
    Search,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tikv_jemalloc_ctl::{Access, AsName};

/// The server's allocator, which returns freed memory to the system.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const DIMENSION: usize = 768;
const CLUSTERS: usize = 2000;
const WRITERS: usize = 8;

fn main() {
    // Before other threads start, whose arenas are created with this setting.
    for arenas in ["arenas.dirty_decay_ms\0", "arena.0.dirty_decay_ms\0"] {
        arenas.name().write(1000_isize).unwrap();
    }
    measure();
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn measure() {
    let arguments: Vec<String> = std::env::args().collect();
    let rows = arguments.iter().position(|a| a == "--rows");
    let rows = rows.map_or(100_000, |at| {
        arguments[at + 1].parse().expect("a number of rows")
    });
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let options = options(folder.path());
    let data = Data::new();
    let queries: Vec<Vec<f32>> = (0..500).map(|at| data.vector(10_000_000 + at)).collect();
    println!("{rows} rows × {DIMENSION}");
    // The memory of the bench itself and of the runtime, which the engine does not count.
    let own = anonymous_kib();

    let engine = Engine::open(options.clone()).await.unwrap();
    let config = IndexConfig {
        dimension: DIMENSION,
        distance: Metric::Cosine,
        space: None,
    };
    let name = IndexName::parse("bench").unwrap();
    let (index, _) = engine.create(&name, config).await.unwrap();

    // An index without background work, whose search times show the machine's own stalls.
    let name = IndexName::parse("at-rest").unwrap();
    let (at_rest, _) = engine.create(&name, index.config().clone()).await.unwrap();
    let items = (0..2000).map(|at| data.item(20_000_000 + at));
    at_rest.upsert(items.collect()).await.unwrap();

    let searching = Searching::start(&index, &queries);
    let searching_at_rest = Searching::start(&at_rest, &queries);
    drop(at_rest);
    let started = Instant::now();
    for from in (0..rows).step_by(1000) {
        let items = (from..rows.min(from + 1000)).map(|at| data.item(at));
        index.upsert(items.collect()).await.unwrap();
    }
    line("filled, with searches", started.elapsed());
    let started = Instant::now();
    index.settle().await.unwrap();
    line("graph and folding afterwards", started.elapsed());
    println!(
        "V8 searches during filling      {}  (goal: max 20 ms)",
        searching.end()
    );
    println!(
        "V8 searches of an index at rest {}",
        searching_at_rest.end()
    );
    engine.drop_index("at-rest").await.unwrap();

    index.upsert(vec![data.item(0)]).await.unwrap();
    let searching = Searching::start(&index, &queries);
    let started = Instant::now();
    index.save().await.unwrap();
    line("save", started.elapsed());
    println!(
        "V8 searches while saving        {}  (goal: max 20 ms)",
        searching.end()
    );
    let stats = index.stats();
    println!("{stats:?}");
    print_memory("V3 anonymous memory", own).await;
    drop(index);
    engine.close().await;
    drop(engine);
    let (engine, elapsed) = reopen(&options, &queries[0]).await;
    println!(
        "V7 open and answer              {:>9.1} ms (goal 1000)",
        ms(elapsed)
    );
    print_memory("V3 anonymous memory, opened", own).await;
    let index = engine.get("bench").unwrap();

    let idle = search_all(&index, &queries, 4);
    println!("search, idle                    {idle}");
    print_memory("V3 the same, after searches", own).await;
    filters(&index, &queries);
    durable_upserts(&index, &queries, &data, rows, folder.path()).await;

    // 10,000 rows in the log, and a crash.
    index.save().await.unwrap();
    for from in (0..10_000).step_by(1000) {
        let items = (from..from + 1000).map(|at| data.item(at));
        index.upsert(items.collect()).await.unwrap();
    }
    drop((index, engine));
    let (engine, elapsed) = reopen(&options, &queries[0]).await;
    println!(
        "V7 open with 10,000 in the log  {:>9.1} ms (goal 2000)",
        ms(elapsed)
    );
    engine.close().await;
}

fn options(folder: &Path) -> EngineOptions {
    let location = folder.join("store");
    let store = lakehouse_store::open(&location.to_string_lossy(), &folder.join("cache")).unwrap();
    EngineOptions::new(folder.join("root"), store)
}

async fn reopen(options: &EngineOptions, query: &[f32]) -> (Arc<Engine>, Duration) {
    loop {
        let started = Instant::now();
        match Engine::open(options.clone()).await {
            Ok(engine) => {
                let index = engine.get("bench").unwrap();
                assert_eq!(
                    index
                        .search_blocking(&Search::new(query, 10))
                        .unwrap()
                        .len(),
                    10
                );
                return (engine, started.elapsed());
            }
            Err(lakehouse_vector::VectorError::Locked(_)) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// V5 within the engine, including the evaluation of the filter.
fn filters(index: &Index, queries: &[Vec<f32>]) {
    for share in [2, 10, 100, 1000] {
        let filter = Filter::Eq {
            field: format!("of_{share}").into(),
            value: Scalar::from(true),
        };
        let mut times = Vec::new();
        for query in &queries[..100] {
            let started = Instant::now();
            let search = Search {
                filter: Some(&filter),
                ..Search::new(query, 10)
            };
            assert_eq!(index.search_blocking(&search).unwrap().len(), 10);
            times.push(started.elapsed());
        }
        println!(
            "V5 search, filter 1/{share:<12}{}  (goal p50 3 ms)",
            Times::new(times)
        );
    }
}

/// V6: the rate of upserts of single items by concurrent writers, compared with the rate of appends that
/// are synced one by one; and search times during upserts, at the required rate and at the maximum.
async fn durable_upserts(
    index: &Arc<Index>,
    queries: &[Vec<f32>],
    data: &Data,
    rows: usize,
    folder: &Path,
) {
    let items: Arc<Vec<Item>> = Arc::new((0..500).map(|at| data.item(rows / 2 + at)).collect());
    let appends = append_rate(folder);
    let idle_searches = Searching::start(index, queries);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = idle_searches.end();
    println!("V6 search, idle                 {idle}");
    for max_rate in [Some(appends / 3.0), None] {
        let (rate, busy) = write_and_search(index, queries, &items, max_rate).await;
        let what = match max_rate {
            Some(_) => "at a third of that rate",
            None => "as fast as they can",
        };
        println!(
            "V6 durable upserts, {WRITERS} writers    {rate:>9.0} /s {what}; synced appends {appends:.0} /s: {:.2} × (goal 0.33)",
            rate / appends
        );
        println!(
            "V6 search while writing         {busy}  p99 {:.2} × idle (goal 1.5)",
            busy.p99.as_secs_f64() / idle.p99.as_secs_f64()
        );
        index.settle().await.unwrap();
    }
}

/// Searches during upserts, of which there are at most `max_rate` per second. Returns the rate of upserts
/// and the search times.
async fn write_and_search(
    index: &Arc<Index>,
    queries: &[Vec<f32>],
    items: &Arc<Vec<Item>>,
    max_rate: Option<f64>,
) -> (f64, Times) {
    let is_over = Arc::new(AtomicBool::new(false));
    let started = Instant::now();
    let writers = (0..WRITERS).map(|writer| {
        let (index, is_over) = (Arc::clone(index), Arc::clone(&is_over));
        let items = Arc::clone(items);
        tokio::spawn(async move {
            let mut count = 0;
            while !is_over.load(Ordering::Relaxed) {
                if let Some(max_rate) = max_rate {
                    let due = (count * WRITERS + writer) as f64 / max_rate;
                    tokio::time::sleep_until((started + Duration::from_secs_f64(due)).into()).await;
                }
                let item = items[(writer + count * WRITERS) % items.len()].clone();
                index.upsert(vec![item]).await.unwrap();
                count += 1;
            }
            count
        })
    });
    let writers: Vec<_> = writers.collect();
    let searching = Searching::start(index, queries);
    tokio::time::sleep(Duration::from_secs(4)).await;
    is_over.store(true, Ordering::Relaxed);
    let mut count = 0;
    for writer in writers {
        count += writer.await.unwrap();
    }
    let rate = count as f64 / started.elapsed().as_secs_f64();
    (rate, searching.end())
}

/// The number of synced appends per second, each of an item's size.
fn append_rate(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("appends")).unwrap();
    let bytes = vec![7; DIMENSION * 4 + 200];
    let started = Instant::now();
    let mut count = 0;
    while started.elapsed() < Duration::from_secs(1) {
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}

fn search_all(index: &Index, queries: &[Vec<f32>], rounds: usize) -> Times {
    let mut times = Vec::new();
    for query in (0..rounds).flat_map(|_| queries) {
        let started = Instant::now();
        index.search_blocking(&Search::new(query, 10)).unwrap();
        times.push(started.elapsed());
    }
    Times::new(times)
}

/// A thread that searches until [`end`](Self::end) is called.
struct Searching {
    is_over: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<Vec<Duration>>,
}

impl Searching {
    fn start(index: &Arc<Index>, queries: &[Vec<f32>]) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (index, queries, over) = (Arc::clone(index), queries.to_vec(), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || {
            let mut times = Vec::new();
            for query in queries.iter().cycle() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let started = Instant::now();
                index.search_blocking(&Search::new(query, 10)).unwrap();
                times.push(started.elapsed());
                std::thread::sleep(Duration::from_micros(500));
            }
            times
        });
        Self { is_over, thread }
    }

    fn end(self) -> Times {
        self.is_over.store(true, Ordering::Relaxed);
        Times::new(self.thread.join().unwrap())
    }
}

struct Times {
    p50: Duration,
    p99: Duration,
    max: Duration,
}

impl Times {
    fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        Self {
            p50: at(0.5),
            p99: at(0.99),
            max: at(1.0),
        }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { p50, p99, max } = self;
        write!(
            f,
            "p50 {:.3}  p99 {:.3}  max {:.3} ms",
            ms(*p50),
            ms(*p99),
            ms(*max)
        )
    }
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn line(what: &str, elapsed: Duration) {
    println!("{what:<32}{:>9.2} s", elapsed.as_secs_f64());
}

async fn print_memory(what: &str, own: u64) {
    // Freed memory returns to the system within a second.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mb = |kib: u64| kib as f64 / 1024.0;
    let all = anonymous_kib();
    println!(
        "{what:<32}{:>9.1} MB (goal 115), plus {:.1} of the bench itself",
        mb(all.saturating_sub(own)),
        mb(own)
    );
}

/// The anonymous memory of this process.
fn anonymous_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let line = line.unwrap_or_default().trim().trim_end_matches(" kB");
    line.parse().unwrap_or(0)
}

/// Uneven clusters with a decaying spectrum, from fixed seeds.
struct Data {
    centres: Vec<Vec<f32>>,
}

impl Data {
    fn new() -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let centre = |_| {
            (0..DIMENSION)
                .map(|d| scale(d) * normal(&mut rng))
                .collect()
        };
        Self {
            centres: (0..CLUSTERS).map(centre).collect(),
        }
    }

    fn vector(&self, at: usize) -> Vec<f32> {
        let mut rng = ChaCha8Rng::seed_from_u64(2 + at as u64);
        let cluster = (CLUSTERS as f64 * rng.random::<f64>().powi(2)) as usize;
        let centre = self.centres[cluster].iter().enumerate();
        let near = centre.map(|(d, value)| value + 0.5 * scale(d) * normal(&mut rng));
        near.collect()
    }

    fn item(&self, at: usize) -> Item {
        let share = [2, 10, 100, 1000].map(|n| format!("\"of_{n}\":{}", at.is_multiple_of(n)));
        let metadata = format!(
            r#"{{"name":"Worker {at}","role":"role {}","city":"city {}",{}}}"#,
            at % 40,
            at % 200,
            share.join(",")
        );
        Item {
            id: format!("w-{at}").into(),
            vector: self.vector(at),
            metadata: Metadata::parse(&metadata).unwrap(),
            text: None,
        }
    }
}

fn scale(dimension: usize) -> f32 {
    1.0 / (1.0 + dimension as f32 / 32.0)
}

/// Nearly normal: the sum of four uniform numbers, with variance 1.
fn normal(rng: &mut ChaCha8Rng) -> f32 {
    let sum: f32 = (0..4).map(|_| rng.random::<f32>() - 0.5).sum();
    sum * 3f32.sqrt()
}
