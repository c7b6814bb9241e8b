//! `[gateway]` and `[limits]`.

use std::net::{Ipv4Addr, SocketAddr};

use lakehouse_base::Limits;
use serde::{Deserialize, Serialize};

/// `[gateway]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayConfig {
    /// `gateway.bind`, `--bind`: the loopback address and port to listen on, by default
    /// `127.0.0.1:3110`. Port 0 takes a free one.
    pub bind: SocketAddr,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// `limits.body_bytes`: the largest request body, by default 1048576.
    pub body_bytes: usize,
    /// `limits.request_timeout_ms`: how long a request may take, by default 600000. It has to
    /// leave an iterate run its calls, each of which has a limit of its own.
    pub request_timeout_ms: u64,
    /// `limits.concurrency`: how many requests are served at a time, by default 1024.
    /// Operational routes are not counted.
    pub concurrency: usize,
}

impl LimitsConfig {
    /// The limits on one body.
    pub(crate) fn of_body(&self) -> Limits {
        Limits {
            body_bytes: self.body_bytes,
            ..Limits::CONTRACT
        }
    }
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            bind: (Ipv4Addr::LOCALHOST, 3110).into(),
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            body_bytes: Limits::CONTRACT.body_bytes,
            request_timeout_ms: 600_000,
            concurrency: 1024,
        }
    }
}
