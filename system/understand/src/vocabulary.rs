//! The roles and places that the documents have.

/// The roles and places of the documents that are searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The values of the metadata members `role` and `second_role`.
    pub roles: Vec<String>,
    /// The places.
    pub places: Vec<KnownPlace>,
}

/// A place of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPlace {
    /// The value of the metadata member `city`; empty if there is none.
    pub city: String,
    /// The value of the metadata member `state`; empty if there is none.
    pub state: String,
    /// The number of documents.
    pub people: u64,
}
