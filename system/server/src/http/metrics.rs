//! The recorder of metrics, in Prometheus' text format, and the counting of requests.
//!
//! A recorder belongs to one composition: two of them in one process do not mix their numbers.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use metrics::{
    Counter, Histogram, counter, describe_counter, describe_histogram, histogram,
    with_local_recorder,
};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

const REQUESTS: &str = "lakehouse_http_requests_total";
const REQUEST_SECONDS: &str = "lakehouse_http_request_duration_seconds";

/// From a tenth of a millisecond, where cached answers are, to a minute, where models are.
const SECONDS_BUCKETS: [f64; 12] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25, 1.0, 5.0, 20.0, 60.0,
];

/// The recorder; clones share it.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    /// The series of requests by route. Every request looks its series up; that is several times
    /// faster here than by labels in the recorder.
    requests: RwLock<HashMap<Box<str>, HashMap<RequestLabels, RequestSeries>>>,
}

/// A request's method and status.
type RequestLabels = (&'static str, u16);

/// The series of requests with the same labels.
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
    /// A recorder without any numbers.
    ///
    /// # Errors
    /// When the exporter rejects the buckets.
    pub fn new() -> Result<Self, BuildError> {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), &SECONDS_BUCKETS)?
            .build_recorder();
        with_local_recorder(&recorder, || {
            describe_counter!(REQUESTS, "Requests answered.");
            describe_histogram!(REQUEST_SECONDS, "Seconds that requests took.");
        });
        let handle = recorder.handle();
        Ok(Self(Arc::new(Inner {
            recorder,
            handle,
            requests: RwLock::default(),
        })))
    }

    /// Runs `record`, whose macros of the crate `metrics` use this recorder.
    pub fn with<T>(&self, record: impl FnOnce() -> T) -> T {
        with_local_recorder(&self.0.recorder, record)
    }

    /// Counts one request; `route` is the pattern that it matched.
    pub(crate) fn count_request(
        &self,
        method: &Method,
        route: Option<&str>,
        status: StatusCode,
        took: Duration,
    ) {
        let route = route.unwrap_or("unmatched");
        let labels = (method_label(method), status.as_u16());
        let requests = &self.0.requests;
        let known = requests.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = known
            .get(route)
            .and_then(|by_labels| by_labels.get(&labels))
        {
            return series.count(took);
        }
        drop(known);
        let series = self.request_series(route, labels);
        series.count(took);
        let mut known = requests.write().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(route.into())
            .or_default()
            .insert(labels, series);
    }

    fn request_series(&self, route: &str, (method, status): RequestLabels) -> RequestSeries {
        let (route, status) = (route.to_owned(), status.to_string());
        self.with(|| RequestSeries {
            total: counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status),
            seconds: histogram!(REQUEST_SECONDS, "route" => route),
        })
    }

    /// All numbers as text.
    pub(crate) fn render(&self) -> String {
        self.0.handle.render()
    }

    /// Adds the recorded times to their buckets. Without this call they accumulate until the next
    /// [`render`](Self::render), which may never come.
    pub(crate) fn upkeep(&self) {
        self.0.handle.run_upkeep();
    }
}

/// A client may send any method; only the known ones are labels, so that their number is bounded.
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
