//! The routes without a socket, and the binary as a process.

mod config;
mod damage;
mod durability;
mod errors;
mod help;
mod http;
mod ingest;
#[expect(
    dead_code,
    reason = "only the tests of the models change the files of a folder"
)]
#[path = "../../../models/tests/it/model_folder.rs"]
mod model_folder;
mod never_5xx;
mod pipes;
mod process;
mod routes;
mod senders;
mod service;
mod wire;
