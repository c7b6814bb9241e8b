//! Integration tests.

mod implementation;
mod model_server;
mod process;
