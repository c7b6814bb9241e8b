//! Compares the graphs with hnswlib in one run: the same rows, and alternating slices of searches.
//!
//! `cargo bench -p lakehouse-nearest --bench rivals -- [--rows N] [--plain]`
//!
//! Needs `python3`; `hnswlib` and `numpy` are installed from PyPI into a folder below `target/`.
//! `--plain` leaves the decaying spectrum on the axes, which is harder for short codes.

mod child;
mod data;
mod filters;
mod measure;

use std::sync::Arc;
use std::time::Instant;

use child::Hnswlib;
use data::{DIMENSION, Data};
use lakehouse_nearest::{
    Arena, DEFAULT_EF, Flat, Graph, HnswRs, Metric, Precision, Query, ROWS_PER_CHUNK, StoredRows,
    scan,
};
use measure::{Timings, anonymous_bytes, cpu_seconds, megabytes, queries_per_second, recall};
use tikv_jemalloc_ctl::{Access, AsName};

/// The server's allocator. It aligns vectors to cache lines, which loads of that size need.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const THREADS: usize = 2;
const K: usize = 10;
const ROUNDS: usize = 5;
const SLICE: usize = 100;

struct Engine {
    name: &'static str,
    arena: Arena,
    graph: Arc<dyn Graph>,
    queries: Vec<Query>,
    row: Row,
}

/// The measurements of an engine.
#[derive(Default)]
struct Row {
    build_seconds: f64,
    build_cpu_seconds: f64,
    anonymous_bytes: i64,
    recall: f64,
    timings: Timings,
    queries_per_second: f64,
}

fn main() {
    // Before other threads start, whose arenas are created with this setting.
    for arenas in ["arenas.dirty_decay_ms\0", "arena.0.dirty_decay_ms\0"] {
        arenas.name().write(1000_isize).unwrap();
    }
    let arguments: Vec<String> = std::env::args().collect();
    let rows = arguments
        .iter()
        .position(|argument| argument == "--rows")
        .map_or(100_000, |at| {
            arguments[at + 1].parse().expect("`--rows` takes a number")
        });
    let plain = arguments.iter().any(|argument| argument == "--plain");
    let data = Data::create(rows, plain);
    println!(
        "{rows} x {DIMENSION}, {} queries, seed {}, {}, kernels {}, ef {DEFAULT_EF}, k {K}",
        data.queries().len(),
        data::SEED,
        if plain {
            "spectrum on the axes"
        } else {
            "spectrum rotated"
        },
        lakehouse_nearest::Kernels::detected().name(),
    );

    let mut hnswlib = Hnswlib::start(&data);
    let (mut engines, flat) = build_all(&data, &mut hnswlib);
    let truth = measure_scans(&engines[1].arena, &data);
    for engine in &mut engines {
        let results: Vec<_> = engine
            .queries
            .iter()
            .map(|query| engine.search(query))
            .collect();
        engine.row.recall = recall(&results, &truth);
    }
    hnswlib.row.recall = recall(&hnswlib.labels(), &truth);
    time_in_turn(&mut engines, &mut hnswlib, data.queries().len());
    for engine in &mut engines {
        engine.row.queries_per_second =
            queries_per_second(THREADS, &engine.queries, |query| drop(engine.search(query)));
    }
    hnswlib.row.queries_per_second = hnswlib.queries_per_second();
    print_table(&engines, &hnswlib);
    print_limits(&engines, &flat, &data);
    filters::measure(&engines[0].arena, &*engines[0].graph, &engines[0].queries);
}

impl Engine {
    fn search(&self, query: &Query) -> Vec<u32> {
        let mut found = self
            .graph
            .search(&self.arena, query, K, DEFAULT_EF, &|_| true);
        found.truncate(K);
        found.into_iter().map(|neighbour| neighbour.slot).collect()
    }
}

fn build_all(data: &Data, hnswlib: &mut Hnswlib) -> (Vec<Engine>, [Arc<Flat>; 2]) {
    let flats = [Arc::new(Flat::new()), Arc::new(Flat::new())];
    let short = build("flat i8", data, Precision::I8, |_| flats[0].clone());
    hnswlib.build(THREADS);
    let long = build("flat f32", data, Precision::F32, |_| flats[1].clone());
    let other = build("hnsw_rs i8", data, Precision::I8, |arena| {
        Arc::new(HnswRs::new(arena))
    });
    (vec![short, long, other], flats)
}

fn build(
    name: &'static str,
    data: &Data,
    precision: Precision,
    graph: impl FnOnce(&Arena) -> Arc<dyn Graph>,
) -> Engine {
    let before = anonymous_bytes();
    let arena = Arena::new(DIMENSION, Metric::Cosine, precision);
    for row in data.rows() {
        arena.push(row);
    }
    if precision != Precision::F32 {
        store_rows(&arena, data);
    }
    let graph = graph(&arena);
    let (begin, cpu) = (Instant::now(), cpu_seconds());
    graph.extend(&arena, arena.len(), THREADS);
    let (build_seconds, build_cpu_seconds) = (begin.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let queries = data
        .queries()
        .iter()
        .map(|query| Query::new(&arena, query))
        .collect();
    let anonymous_bytes = anonymous_bytes() - before;
    println!("built {name} in {build_seconds:.1} s, {build_cpu_seconds:.1} s of processor");
    let row = Row {
        build_seconds,
        build_cpu_seconds,
        anonymous_bytes,
        ..Row::default()
    };
    Engine {
        name,
        arena,
        graph,
        queries,
        row,
    }
}

/// Moves the rows of full chunks to a file, as in a saved index.
fn store_rows(arena: &Arena, data: &Data) {
    let path = data.folder().join("rows.f32");
    let mut file = std::fs::File::create(&path).expect("a file for the rows");
    arena
        .write_rows(0..arena.len(), &mut file)
        .expect("rows written");
    let file = Arc::new(std::fs::File::open(&path).expect("the file of rows"));
    let values = ROWS_PER_CHUNK * DIMENSION;
    for chunk in 0..arena.len() as usize / ROWS_PER_CHUNK {
        let offset = (chunk * values * 4) as u64;
        let rows = StoredRows::new(file.clone(), offset, values).expect("a chunk's rows");
        arena.replace_chunk(chunk, rows).expect("a full chunk");
    }
}

/// Measures exact scans, and returns their results.
fn measure_scans(arena: &Arena, data: &Data) -> Vec<Vec<u32>> {
    let short = arena.with_precision(Precision::I8);
    println!("\nexact scan, 1 thread, ms: rows, f32 p50 / p99, i8 p50 / p99");
    for rows in [1_000, 5_000, 10_000, 20_000, 100_000u32] {
        if rows > arena.len() {
            continue;
        }
        let mut timings = [Timings::default(), Timings::default()];
        for query in data.queries().iter().take(200) {
            for (arena, timings) in [arena, &short].into_iter().zip(&mut timings) {
                let query = Query::new(arena, query);
                timings.time(|| scan(arena, &query, 0..rows, K));
            }
        }
        let [long, short] = &mut timings;
        println!(
            "{rows:>8}   {}   {}",
            long.milliseconds(),
            short.milliseconds()
        );
    }
    let truth = data.queries().into_iter().map(|query| {
        let found = scan(&short, &Query::new(&short, query), 0..short.len(), K);
        found.into_iter().map(|neighbour| neighbour.slot).collect()
    });
    truth.collect()
}

fn time_in_turn(engines: &mut [Engine], hnswlib: &mut Hnswlib, queries: usize) {
    for _ in 0..ROUNDS {
        for from in (0..queries).step_by(SLICE) {
            let slice = from..(from + SLICE).min(queries);
            for engine in engines.iter_mut() {
                let mut timings = std::mem::take(&mut engine.row.timings);
                for query in &engine.queries[slice.clone()] {
                    timings.time(|| engine.search(query));
                }
                engine.row.timings = timings;
            }
            hnswlib.time(slice);
        }
    }
}

fn print_table(engines: &[Engine], hnswlib: &Hnswlib) {
    let rival = &hnswlib.row;
    let (rival_p50, rival_p99) = (rival.timings.quantile(0.5), rival.timings.quantile(0.99));
    println!(
        "\n| engine | build s (ratio) | processor s (ratio) | anonymous MB | recall@10 | p50 ms (ratio) | p99 ms (ratio) | {THREADS} threads q/s |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let ours = engines.iter().map(|engine| (engine.name, &engine.row));
    for (name, row) in std::iter::once(("hnswlib", rival)).chain(ours) {
        let (p50, p99) = (row.timings.quantile(0.5), row.timings.quantile(0.99));
        println!(
            "| {name} | {:.1} ({:.2}) | {:.1} ({:.2}) | {:.0} | {:.4} | {p50:.3} ({:.2}) | {p99:.3} ({:.2}) | {:.0} |",
            row.build_seconds,
            row.build_seconds / rival.build_seconds,
            row.build_cpu_seconds,
            row.build_cpu_seconds / rival.build_cpu_seconds,
            megabytes(row.anonymous_bytes),
            row.recall,
            p50 / rival_p50,
            p99 / rival_p99,
            row.queries_per_second,
        );
    }
}

/// Compares a search with its lower bound: a sequential read of the rows that it computes.
fn print_limits(engines: &[Engine], flats: &[Arc<Flat>; 2], data: &Data) {
    println!("\nphysical limit: rows computed a query x bytes / streaming bandwidth");
    for ((engine, flat), bytes) in engines.iter().zip(flats).zip([DIMENSION, DIMENSION * 4]) {
        let before = flat.rows_computed();
        engine
            .queries
            .iter()
            .for_each(|query| drop(engine.search(query)));
        let computed = (flat.rows_computed() - before) as f64 / engine.queries.len() as f64;
        let bandwidth = measure::bandwidth(data.rows());
        let limit = computed * bytes as f64 / bandwidth * 1e3;
        let p50 = engine.row.timings.quantile(0.5);
        println!(
            "{}: {computed:.0} rows x {bytes} B at {:.1} GB/s = {limit:.3} ms; p50 is {:.2} of it",
            engine.name,
            bandwidth / 1e9,
            p50 / limit,
        );
    }
}
