//! What is counted, in Prometheus' text format.
//!
//! The recorder belongs to one `App`: two of them in one process do not mix their numbers.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use lakehouse_retrieval::CacheStats;
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
const VALIDATIONS: &str = "lakehouse_validations_total";
const ITERATIONS: &str = "lakehouse_iterations_total";

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
        let handle = recorder.handle();
        Ok(Self {
            recorder,
            handle,
            requests: RwLock::default(),
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

    /// All of it as text.
    pub(crate) fn render(&self, cache: CacheStats) -> String {
        with_local_recorder(&self.recorder, || {
            counter!(CACHE_HITS).absolute(cache.hits);
            counter!(CACHE_MISSES).absolute(cache.misses);
            gauge!(CACHE_BYTES).set(cache.bytes as f64);
            gauge!(CACHE_ENTRIES).set(cache.entries as f64);
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
    describe_counter!(VALIDATIONS, "Artifacts validated.");
    describe_counter!(ITERATIONS, "Iterate runs ended.");
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
