//! Embedders and their cache against upstreams that are made here; corpora, their search and the
//! playbook over an engine of their own.

mod cache;
mod embedding;
mod hash;
mod matrix;
mod providers;
mod roles;
mod sql_filter;
mod upstream;
