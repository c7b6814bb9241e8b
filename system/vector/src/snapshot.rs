//! An index at one version, as one file.
//!
//! # Format
//! A page of 4,096 bytes that begins with `LHVSNAP1`, then the sections one after the other, a
//! table of them in JSON ([`Contents`]), and 16 bytes: the length of the table (`u32`), its
//! CRC-32C (`u32`) and `LHVSNAP1` again. Numbers are little-endian. The sections:
//!
//! | section | holds |
//! |---|---|
//! | `rows` | the vectors as `f32`, row by row |
//! | `codes` | the quantized vectors in the arena's format; absent in precision `f32` |
//! | `offsets` | the start of each record among the records, and the end of the last, as `u64` |
//! | `records` | ids, metadata and texts |
//! | `dead` | the slots without a live row, as a Roaring bitmap |
//! | `graph` | the graph over the first rows, in its own format; absent if there is none |
//!
//! Each section has a CRC-32C for every 65,536 bytes, so that errors can name the damaged offset.

mod read;
mod salvage;
mod write;

pub(crate) use read::open;
pub(crate) use salvage::Remains;
pub(crate) use write::{Written, write};

use serde::{Deserialize, Serialize};

const MAGIC: [u8; 8] = *b"LHVSNAP1";
const PAGE: usize = 4096;
const TRAILER: usize = 16;
const BLOCK: usize = 1 << 16;

/// The table of contents.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    /// The index's number, in 32 hexadecimal digits.
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
    /// One checksum for each block of [`BLOCK`] bytes.
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

/// The text form of an index's number.
pub(crate) fn number(index: u128) -> String {
    format!("{index:032x}")
}
