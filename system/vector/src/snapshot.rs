//! An index at one version, as one file.
//!
//! # Format
//! A page of 4,096 bytes that begins with `LHVSNAP1`, then the sections one after the other, a
//! table of them in JSON ([`Contents`]), and 16 bytes: the length of the table (`u32`), its
//! CRC-32C (`u32`) and `LHVSNAP1` again. Numbers are little-endian. The sections:
//!
//! | section | holds |
//! |---|---|
//! | `rows` | the vectors as `f32`, row after row, as they are read from there |
//! | `codes` | what is traversed of them, in the arena's format; none in precision `f32` |
//! | `offsets` | where each record begins among the records, and where the last ends, as `u64` |
//! | `records` | ids, metadata and texts |
//! | `dead` | the slots without a live row, as a Roaring bitmap |
//! | `graph` | the graph over the first rows, in its own format; none when there is none |
//!
//! Each section has a CRC-32C for every 65,536 bytes of it, so that damage is told with its place.

mod read;
mod write;

pub(crate) use read::open;
pub(crate) use write::{Written, write};

use serde::{Deserialize, Serialize};

const MAGIC: [u8; 8] = *b"LHVSNAP1";
const PAGE: usize = 4096;
const TRAILER: usize = 16;
const BLOCK: usize = 1 << 16;

/// The table of a snapshot.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    /// The number of the index, in 32 hexadecimal digits.
    index: String,
    version: u64,
    dimension: usize,
    distance: String,
    slots: u32,
    live: u32,
    precision: String,
    graph: Option<GraphContents>,
    sections: Vec<Section>,
}

#[derive(Debug, Serialize, Deserialize)]
struct GraphContents {
    kind: String,
    ef: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Section {
    name: String,
    offset: u64,
    length: u64,
    /// Of each block of [`BLOCK`] bytes.
    crc32c: Vec<u32>,
}

mod section {
    pub(super) const ROWS: &str = "rows";
    pub(super) const CODES: &str = "codes";
    pub(super) const OFFSETS: &str = "offsets";
    pub(super) const RECORDS: &str = "records";
    pub(super) const DEAD: &str = "dead";
    pub(super) const GRAPH: &str = "graph";
}

/// How an index's own number is written.
pub(crate) fn number(index: u128) -> String {
    format!("{index:032x}")
}
