//! What goes into an index, what is asked of it, and what comes out.

use lakehouse_nearest::Neighbour;

use crate::filter::Filter;
use crate::metadata::Metadata;

/// One vector with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it is called, 1 to 256 bytes; unique within an index.
    pub id: Box<str>,
    /// Its components. What an index gives back is of length 1 under cosine, otherwise as given.
    pub vector: Vec<f32>,
    /// What filters look at, and what every hit carries.
    pub metadata: Metadata,
    /// A text that is kept beside it and never searched.
    pub text: Option<Box<str>>,
}

/// One of the nearest items.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The item's id.
    pub id: Box<str>,
    /// How far it is from the query; smaller is nearer.
    pub distance: f32,
    /// The item's metadata.
    pub metadata: Metadata,
}

/// What a search found, small enough to be kept in great numbers: rows of the index as it was then.
#[derive(Debug, Clone)]
pub struct Found {
    pub(crate) generation: u64,
    pub(crate) version: u64,
    pub(crate) nearest: Box<[Neighbour]>,
}

impl Found {
    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.nearest)
    }
}

/// What is looked for: the `k` items nearest to `vector`, among those that are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The query, as long as the index's dimension.
    pub vector: &'a [f32],
    /// The most hits that are wanted.
    pub k: usize,
    /// What an item's metadata must pass.
    pub filter: Option<&'a Filter>,
    /// Ids of items that are passed over; unknown ones do no harm.
    pub exclude_ids: &'a [&'a str],
    /// When it is given, only items of these ids are looked at.
    pub only_ids: Option<&'a [&'a str]>,
    /// How widely a graph is searched; the index's own default when nothing is given.
    pub ef: Option<usize>,
}

impl<'a> Search<'a> {
    /// The `k` nearest of all items.
    pub fn new(vector: &'a [f32], k: usize) -> Self {
        Self {
            vector,
            k,
            filter: None,
            exclude_ids: &[],
            only_ids: None,
            ef: None,
        }
    }
}
