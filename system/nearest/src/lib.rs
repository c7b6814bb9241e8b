//! Nearest neighbours over slots.
