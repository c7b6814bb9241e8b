//! Logs on real files.

mod json_lines;
mod segments;
