//! Chat providers against upstreams that are made here.

mod ollama;
