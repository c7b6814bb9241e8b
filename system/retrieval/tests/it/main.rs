//! Embedders and their cache, against upstreams that are made here.

mod cache;
mod embedding;
mod hash;
mod providers;
mod upstream;
