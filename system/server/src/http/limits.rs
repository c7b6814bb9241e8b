//! The limits on the time of one request and on the number of concurrent requests.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use lakehouse_base::ErrorCode;
use tokio::sync::Semaphore;

use crate::http::{config::LimitsConfig, problem::Problem};

/// The time limit of one request, and the number of concurrent requests.
#[derive(Debug, Clone)]
pub struct RequestLimits {
    timeout: Duration,
    concurrency: usize,
    permits: Arc<Semaphore>,
}

impl RequestLimits {
    /// The limits of a configuration.
    pub fn new(config: &LimitsConfig) -> Self {
        let concurrency = config.concurrency.get() as usize;
        Self {
            timeout: config.request_timeout_ms.duration(),
            concurrency,
            permits: Arc::new(Semaphore::new(concurrency)),
        }
    }
}

/// Rejects a request beyond the limit on concurrent requests, and ends one that takes too long.
pub async fn limit(State(limits): State<RequestLimits>, request: Request, next: Next) -> Response {
    let Ok(_permit) = limits.permits.try_acquire() else {
        let concurrency = limits.concurrency;
        let detail = format!("too many requests at a time, the limit is {concurrency}");
        return Problem::new(ErrorCode::Overloaded, detail).into_response();
    };
    match tokio::time::timeout(limits.timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let limit_ms = limits.timeout.as_millis();
            let detail = format!("request took longer than {limit_ms} ms");
            Problem::new(ErrorCode::TimedOut, detail).into_response()
        }
    }
}
