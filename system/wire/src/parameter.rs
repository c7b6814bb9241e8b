//! Parameters: parts of a request's path or query.

use utoipa::openapi::ObjectBuilder;

/// The description of a parameter of a path or a query. The services read its value themselves.
pub trait Parameter {
    /// The name.
    const NAME: &'static str;
    /// The meaning.
    const DESCRIPTION: &'static str;
    /// An example value, not encoded.
    const EXAMPLE: &'static str;

    /// The schema.
    fn schema() -> ObjectBuilder;
}
