//! The routes without a socket, and the binary as a process.

mod config;
mod damage;
mod durability;
mod errors;
mod help;
mod http;
mod ingest;
mod never_5xx;
mod pipes;
mod process;
mod routes;
mod senders;
mod service;
mod wire;
