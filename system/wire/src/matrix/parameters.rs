//! Names and ids in paths, and parts of queries.

use utoipa::openapi::{ObjectBuilder, Type};

use super::{DEFAULT_IDS, MAX_IDS};
use crate::{Id, Parameter, describe::simple};

/// The name of a corpus.
pub struct CorpusName;

impl Parameter for CorpusName {
    const NAME: &'static str = "corpus";
    const DESCRIPTION: &'static str = "The name of the corpus. It is not percent-encoded.";
    const EXAMPLE: &'static str = "workers";

    fn schema() -> ObjectBuilder {
        simple(Type::String)
            .pattern(Some("^(?!playbook_memory$)[a-z0-9][a-z0-9_-]*$"))
            .min_length(Some(1))
            .max_length(Some(64))
    }
}

/// The id of a document.
pub struct DocumentId;

impl Parameter for DocumentId {
    const NAME: &'static str = "id";
    const DESCRIPTION: &'static str = "The id of the document, percent-encoded.";
    const EXAMPLE: &'static str = "w-1001";

    fn schema() -> ObjectBuilder {
        simple(Type::String)
            .min_length(Some(1))
            .max_length(Some(Id::MAX_BYTES))
    }
}

/// The id after which a list of ids begins.
pub struct AfterId;

impl Parameter for AfterId {
    const NAME: &'static str = "after";
    const DESCRIPTION: &'static str =
        "Only ids that follow this one, in the order of their bytes. It need not exist.";
    const EXAMPLE: &'static str = "w-1001";

    fn schema() -> ObjectBuilder {
        simple(Type::String)
    }
}

/// The largest number of ids to list.
pub struct IdLimit;

impl Parameter for IdLimit {
    const NAME: &'static str = "limit";
    const DESCRIPTION: &'static str = "The largest number of ids in the answer.";
    const EXAMPLE: &'static str = "100";

    fn schema() -> ObjectBuilder {
        simple(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(MAX_IDS as u64))
            .default(Some(DEFAULT_IDS.into()))
    }
}
