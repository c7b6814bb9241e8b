//! Starts programs under test and gives them what they need: shared by the parity harness, the
//! load tests and the tests of the system.
//!
//! [`implementation`] reads `fixtures/implementations/<name>.toml`, [`process`] starts and stops
//! what such a file describes, [`port`] allocates free ports, [`model_server`] is a scripted
//! Ollama, [`output`] prints to readers that may be gone, [`text`] shows foreign bytes safely on
//! terminals and pages, and [`file`] writes files that are whole or absent. This crate knows nothing
//! of cases, judging or load.

pub mod error;
pub mod file;
pub mod implementation;
pub mod model_server;
pub mod output;
pub mod port;
pub mod process;
pub mod source;
pub mod template;
pub mod text;
