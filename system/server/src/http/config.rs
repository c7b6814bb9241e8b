//! `[gateway]` and `[limits]`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use lakehouse_base::Limits;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use crate::config::{Milliseconds, MustBe, Raw, whole_number};

/// `[gateway]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayConfig {
    /// `gateway.bind`, `--bind`: the loopback address and port to listen on, or the port alone;
    /// by default `127.0.0.1:3110`. Port 0 takes a free one.
    pub bind: LoopbackAddr,
    /// `gateway.hosts`: names beside `localhost` under which the server may be asked, by default
    /// none: the public name of a proxy that passes it on, and the hosts of pages that may send
    /// requests. In the environment, separated by commas.
    pub hosts: HostNames,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// `limits.body_bytes`: the largest request body, by default 1048576.
    pub body_bytes: BodyBytes,
    /// `limits.request_timeout_ms`: how long a request may take, by default 600000. An iterate run
    /// makes several calls within it, each with a limit of its own.
    pub request_timeout_ms: Milliseconds,
    /// `limits.concurrency`: how many requests are served at a time, by default 1024.
    /// Operational routes are not counted.
    pub concurrency: Concurrency,
}

/// An address with a port that only this machine can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct LoopbackAddr(SocketAddr);

/// Names of hosts in lower case, without ports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HostNames(Vec<String>);

impl HostNames {
    /// The names.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for HostNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A value that is not JSON is not a name either.
        let names: Option<Vec<_>> = match Value::deserialize(deserializer)? {
            Value::String(names) => names.split(',').map(host_name).collect(),
            Value::Array(names) => names.iter().map(|name| host_name(name.as_str()?)).collect(),
            _ => None,
        };
        names.map(Self).ok_or_else(|| {
            D::Error::custom("a list of names without ports, such as `people.example.com`")
        })
    }
}

fn host_name(text: &str) -> Option<String> {
    let name = text.trim().to_ascii_lowercase();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (!name.is_empty() && name.bytes().all(is_name)).then_some(name)
}

whole_number! {
    /// The size of a request body in bytes, at most 1 GiB.
    BodyBytes: " of bytes", 1..=1_073_741_824;
    /// A number of requests.
    Concurrency: "", 1..=1_000_000;
}

impl LoopbackAddr {
    /// A port of 127.0.0.1.
    pub const fn port(port: u16) -> Self {
        Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }

    /// The address.
    pub fn get(self) -> SocketAddr {
        self.0
    }
}

impl TryFrom<Raw> for LoopbackAddr {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        let text = match raw {
            Raw::Whole(number) => number.to_string(),
            raw => raw.into_text().unwrap_or_default(),
        };
        if let Ok(port) = text.parse() {
            return Ok(Self::port(port));
        }
        match text.parse::<SocketAddr>() {
            Ok(address) if address.ip().is_loopback() => Ok(Self(address)),
            Ok(address) => {
                let port = address.port();
                Err(format!(
                    "a loopback address because this version has no authentication: use \
                     `127.0.0.1:{port}`, and put a proxy in front of it"
                )
                .into())
            }
            Err(_) => Err("a port, or a loopback address such as `127.0.0.1:3110`".into()),
        }
    }
}

impl LimitsConfig {
    /// The limits on one body.
    pub(crate) fn of_body(&self) -> Limits {
        Limits {
            body_bytes: usize::try_from(self.body_bytes.get()).unwrap_or(usize::MAX),
            ..Limits::CONTRACT
        }
    }
}

impl Default for LoopbackAddr {
    fn default() -> Self {
        Self::port(3110)
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            body_bytes: BodyBytes::new(Limits::CONTRACT.body_bytes as u64),
            request_timeout_ms: Milliseconds::new(600_000),
            concurrency: Concurrency::new(1024),
        }
    }
}
