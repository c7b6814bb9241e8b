//! Names and ids in paths.

use utoipa::openapi::{ObjectBuilder, Type};

use crate::{Id, Parameter, describe::simple};

/// The name of an index.
pub struct IndexName;

impl Parameter for IndexName {
    const NAME: &'static str = "index";
    const DESCRIPTION: &'static str = "The name of the index. It is not percent-encoded.";
    const EXAMPLE: &'static str = "example";

    fn schema() -> ObjectBuilder {
        simple(Type::String)
            .pattern(Some("^[a-z0-9][a-z0-9_-]*$"))
            .min_length(Some(1))
            .max_length(Some(64))
    }
}

/// The id of an item.
pub struct ItemId;

impl Parameter for ItemId {
    const NAME: &'static str = "id";
    const DESCRIPTION: &'static str = "The id of the item, percent-encoded.";
    const EXAMPLE: &'static str = "w-1001";

    fn schema() -> ObjectBuilder {
        simple(Type::String)
            .min_length(Some(1))
            .max_length(Some(Id::MAX_BYTES))
    }
}
