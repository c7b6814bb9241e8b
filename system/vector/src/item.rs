//! Items, searches and hits.

use lakehouse_nearest::Neighbour;

use crate::filter::Filter;
use crate::metadata::Metadata;

/// A vector with its id, metadata and text.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The item's id, 1 to 256 bytes; unique within an index.
    pub id: Box<str>,
    /// The vector. Returned vectors have length 1 under cosine; otherwise they are as given.
    pub vector: Vec<f32>,
    /// The metadata that filters match and hits carry.
    pub metadata: Metadata,
    /// A text that is stored with the vector and never searched.
    pub text: Option<Box<str>>,
}

/// One of the nearest items.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The item's id.
    pub id: Box<str>,
    /// The distance from the query; smaller is nearer.
    pub distance: f64,
    /// The item's metadata.
    pub metadata: Metadata,
    /// The place of its tier among those of the search; 0 if there are none.
    pub tier: usize,
}

/// The result of a search in a compact form for caches: rows of the index at that time.
#[derive(Debug, Clone)]
pub struct Found {
    pub(crate) generation: u64,
    pub(crate) version: u64,
    pub(crate) rows: Box<[FoundRow]>,
}

/// A row that was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundRow {
    pub(crate) slot: u32,
    pub(crate) tier: u32,
    pub(crate) distance: f64,
}

impl FoundRow {
    pub(crate) fn of_tier(tier: u32, row: Neighbour) -> Self {
        Self {
            slot: row.slot,
            tier,
            distance: row.distance,
        }
    }
}

impl Found {
    /// The memory in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.rows)
    }
}

/// A search for the `k` items nearest to `vector`.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The query vector, of the index's dimension.
    pub vector: &'a [f32],
    /// The maximum number of hits.
    pub k: usize,
    /// A filter on the items' metadata.
    pub filter: Option<&'a Filter>,
    /// Ids of items to leave out; unknown ids are ignored.
    pub exclude_ids: &'a [&'a str],
    /// If given, only items with these ids are considered.
    pub only_ids: Option<&'a [&'a str]>,
    /// What divides the items into tiers. An item is in the first tier whose filter it passes, and is no
    /// hit if it passes none; the hits of a tier come before those of the next. Without tiers, the
    /// distance alone orders the hits.
    pub tiers: &'a [&'a Filter],
    /// The largest distance of a hit.
    pub max_distance: Option<f64>,
    /// The search width in a graph; `None` for the index's default.
    pub ef: Option<usize>,
}

impl<'a> Search<'a> {
    /// A search for the `k` nearest of all items.
    pub fn new(vector: &'a [f32], k: usize) -> Self {
        Self {
            vector,
            k,
            filter: None,
            exclude_ids: &[],
            only_ids: None,
            tiers: &[],
            max_distance: None,
            ef: None,
        }
    }
}
