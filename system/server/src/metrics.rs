//! What is counted, in Prometheus' text format.
//!
//! The recorder belongs to one `App`: two of them in one process do not mix their numbers.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use lakehouse_models::embed::CacheStats;
use lakehouse_vector::IndexStats;
use metrics::{
    Counter, Histogram, counter, describe_counter, describe_gauge, describe_histogram, gauge,
    histogram, with_local_recorder,
};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

const REQUESTS: &str = "lakehouse_http_requests_total";
const REQUEST_SECONDS: &str = "lakehouse_http_request_duration_seconds";
const CACHE_HITS: &str = "lakehouse_embed_cache_hits_total";
const CACHE_MISSES: &str = "lakehouse_embed_cache_misses_total";
const CACHE_BYTES: &str = "lakehouse_embed_cache_bytes";
const CACHE_ENTRIES: &str = "lakehouse_embed_cache_entries";
const SEARCH_CACHE_HITS: &str = "lakehouse_search_cache_hits_total";
const SEARCH_CACHE_MISSES: &str = "lakehouse_search_cache_misses_total";
const SEARCH_CACHE_BYTES: &str = "lakehouse_search_cache_bytes";
const SEARCH_CACHE_ENTRIES: &str = "lakehouse_search_cache_entries";
const VALIDATIONS: &str = "lakehouse_validations_total";
const ITERATIONS: &str = "lakehouse_iterations_total";
const SEARCHES: &str = "lakehouse_searches_total";
const ITEMS_WRITTEN: &str = "lakehouse_items_written_total";
const INDEXES: &str = "lakehouse_indexes";
const INDEX_ITEMS: &str = "lakehouse_index_items";
const INDEX_TOMBSTONES: &str = "lakehouse_index_tombstones";
const INDEX_OWNED_BYTES: &str = "lakehouse_index_owned_bytes";
const INDEX_MAPPED_BYTES: &str = "lakehouse_index_mapped_bytes";
const INDEX_LOG_BYTES: &str = "lakehouse_index_log_bytes";

/// From a tenth of a millisecond, where cached answers are, to a minute, where models are.
const SECONDS_BUCKETS: [f64; 12] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25, 1.0, 5.0, 20.0, 60.0,
];

/// The numbers of one process.
pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    /// The series of requests by route: every request needs its own, and finding it here is
    /// several times cheaper than asking the recorder for it by its labels.
    requests: RwLock<HashMap<Box<str>, HashMap<RequestLabels, RequestSeries>>>,
    /// By [`Surface`].
    searches: [Counter; 2],
    /// By [`Change`].
    items_written: [Counter; 2],
}

/// What is searched.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Surface {
    /// An index, by a vector.
    Vectors,
    /// Corpora, by a text.
    Matrix,
}

/// What is done to items.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    /// Put in, or replaced.
    Upserted,
    /// Taken out.
    Deleted,
}

/// A request's method and status.
type RequestLabels = (&'static str, u16);

/// What is counted of requests with the same labels.
struct RequestSeries {
    total: Counter,
    seconds: Histogram,
}

impl RequestSeries {
    fn count(&self, took: Duration) {
        self.total.increment(1);
        self.seconds.record(took.as_secs_f64());
    }
}

impl Metrics {
    /// Numbers that all begin at 0.
    ///
    /// # Errors
    /// When the exporter refuses the buckets.
    pub(crate) fn new() -> Result<Self, BuildError> {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), &SECONDS_BUCKETS)?
            .build_recorder();
        with_local_recorder(&recorder, describe);
        let searches = with_local_recorder(&recorder, || {
            ["vectors", "matrix"].map(|surface| counter!(SEARCHES, "surface" => surface))
        });
        let items_written = with_local_recorder(&recorder, || {
            ["upserted", "deleted"].map(|change| counter!(ITEMS_WRITTEN, "change" => change))
        });
        let handle = recorder.handle();
        Ok(Self {
            recorder,
            handle,
            requests: RwLock::default(),
            searches,
            items_written,
        })
    }

    /// One request; `route` is the pattern that it matched.
    pub(crate) fn request(
        &self,
        method: &Method,
        route: Option<&str>,
        status: StatusCode,
        took: Duration,
    ) {
        let route = route.unwrap_or("unmatched");
        let labels = (method_label(method), status.as_u16());
        let known = self.requests.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = known
            .get(route)
            .and_then(|by_labels| by_labels.get(&labels))
        {
            return series.count(took);
        }
        drop(known);
        let series = self.request_series(route, labels);
        series.count(took);
        let mut known = self
            .requests
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        known
            .entry(route.into())
            .or_default()
            .insert(labels, series);
    }

    fn request_series(&self, route: &str, (method, status): RequestLabels) -> RequestSeries {
        let (route, status) = (route.to_owned(), status.to_string());
        with_local_recorder(&self.recorder, || RequestSeries {
            total: counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status),
            seconds: histogram!(REQUEST_SECONDS, "route" => route),
        })
    }

    /// One validation; `verdict` is `passed` or the failed stage.
    pub(crate) fn validation(&self, kind: &'static str, verdict: &'static str) {
        with_local_recorder(&self.recorder, || {
            counter!(VALIDATIONS, "kind" => kind, "verdict" => verdict).increment(1);
        });
    }

    /// One iterate run.
    pub(crate) fn iteration(&self, verdict: &'static str) {
        with_local_recorder(&self.recorder, || {
            counter!(ITERATIONS, "verdict" => verdict).increment(1);
        });
    }

    /// One search that was answered.
    pub(crate) fn search(&self, surface: Surface) {
        self.searches[surface as usize].increment(1);
    }

    /// Items that a write was acknowledged for.
    pub(crate) fn written(&self, change: Change, count: usize) {
        self.items_written[change as usize].increment(count as u64);
    }

    /// All of it as text; the caches are that of vectors and that of answers to searches.
    pub(crate) fn render(
        &self,
        vectors: CacheStats,
        searches: CacheStats,
        indexes: &[IndexStats],
    ) -> String {
        let sum = |figure: fn(&IndexStats) -> u64| indexes.iter().map(figure).sum::<u64>() as f64;
        with_local_recorder(&self.recorder, || {
            counter!(CACHE_HITS).absolute(vectors.hits);
            counter!(CACHE_MISSES).absolute(vectors.misses);
            gauge!(CACHE_BYTES).set(vectors.bytes as f64);
            gauge!(CACHE_ENTRIES).set(vectors.entries as f64);
            counter!(SEARCH_CACHE_HITS).absolute(searches.hits);
            counter!(SEARCH_CACHE_MISSES).absolute(searches.misses);
            gauge!(SEARCH_CACHE_BYTES).set(searches.bytes as f64);
            gauge!(SEARCH_CACHE_ENTRIES).set(searches.entries as f64);
            gauge!(INDEXES).set(indexes.len() as f64);
            gauge!(INDEX_ITEMS).set(sum(|stats| stats.items as u64));
            gauge!(INDEX_TOMBSTONES).set(sum(|stats| stats.tombstones as u64));
            gauge!(INDEX_OWNED_BYTES).set(sum(|stats| stats.owned_bytes as u64));
            gauge!(INDEX_MAPPED_BYTES).set(sum(|stats| stats.mapped_bytes as u64));
            gauge!(INDEX_LOG_BYTES).set(sum(|stats| stats.wal_bytes));
        });
        self.handle.render()
    }

    /// Folds the recorded times into their buckets. Without it they pile up until the next
    /// [`render`](Self::render), which nobody may ask for.
    pub(crate) fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}

fn describe() {
    describe_counter!(REQUESTS, "Requests answered.");
    describe_histogram!(REQUEST_SECONDS, "How long requests took.");
    describe_counter!(CACHE_HITS, "Texts whose vector was in the cache.");
    describe_counter!(CACHE_MISSES, "Texts whose vector was not in the cache.");
    describe_gauge!(CACHE_BYTES, "What the cache of vectors takes.");
    describe_gauge!(CACHE_ENTRIES, "How many vectors are in the cache.");
    describe_counter!(
        SEARCH_CACHE_HITS,
        "Searches of a corpus whose answer was kept."
    );
    describe_counter!(
        SEARCH_CACHE_MISSES,
        "Searches of a corpus whose answer was not kept, or of what the corpus was before."
    );
    describe_gauge!(SEARCH_CACHE_BYTES, "What the kept answers take.");
    describe_gauge!(SEARCH_CACHE_ENTRIES, "How many answers are kept.");
    describe_counter!(VALIDATIONS, "Artifacts validated.");
    describe_counter!(ITERATIONS, "Iterate runs ended.");
    describe_counter!(SEARCHES, "Searches answered.");
    describe_counter!(
        ITEMS_WRITTEN,
        "Items put into indexes or taken out of them."
    );
    describe_gauge!(INDEXES, "How many indexes there are.");
    describe_gauge!(INDEX_ITEMS, "How many items all indexes have.");
    describe_gauge!(
        INDEX_TOMBSTONES,
        "How many places of items that are gone they keep."
    );
    describe_gauge!(INDEX_OWNED_BYTES, "What the indexes take of memory.");
    describe_gauge!(
        INDEX_MAPPED_BYTES,
        "What the indexes keep in files, mapped or read row by row."
    );
    describe_gauge!(
        INDEX_LOG_BYTES,
        "What is in their logs and in no snapshot yet."
    );
}

/// A client may send any method; the label takes the known ones only, so that their number is
/// bounded.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
