//! Parameters: parts of a request's path or query.

use utoipa::openapi::ObjectBuilder;

/// A parameter of a path or a query. The services read it themselves; this is its description.
pub trait Parameter {
    /// Its name.
    const NAME: &'static str;
    /// Its meaning.
    const DESCRIPTION: &'static str;
    /// A value of it, not encoded.
    const EXAMPLE: &'static str;

    /// Its schema.
    fn schema() -> ObjectBuilder;
}
