//! Names and ids in paths.

use utoipa::openapi::{ObjectBuilder, Type};

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
