//! What every request passes through, from the outside in: the trace id, the measuring, the guard
//! against panics, the check of hosts and origins, the routing, and the limits on time and number. Beside that, what all surfaces
//! share: problems, bodies, lines of bodies, the OpenAPI document.

pub mod config;
pub mod limits;
pub mod measure;
pub mod metrics;
pub mod panic;
pub mod problem;
pub mod route;
pub mod router;
pub mod trace;

pub(crate) mod answer;
pub(crate) mod bare;
pub(crate) mod body;
pub(crate) mod hosts;

pub(crate) mod ndjson;
pub(crate) mod openapi;
pub(crate) mod path;
