//! The server: its routes without a socket, and its binary from outside.

mod config;
mod durability;
mod help;
mod http;
mod ingest;
mod never_5xx;
mod routes;
mod service;
mod wire;
