//! JSON paths in TOML.

use lakehouse_rig::error::Error;
use lakehouse_rig::source::Source;
use toml::Spanned;

use crate::json::Query;

pub(super) fn query(source: &Source, path: &Spanned<String>) -> Result<Query, Error> {
    Query::read(path.get_ref()).map_err(|error| {
        source.error(
            path.span(),
            error.to_string(),
            "not a path that can be used",
            None,
        )
    })
}
