//! Integration tests.

mod model_server;
