//! Objects by key.
