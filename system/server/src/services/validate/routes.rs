//! `/v1/validate` and `/v1/iterate`.

mod iterate;
mod validate;

use std::sync::Arc;

use super::Validate;
use crate::http::route::{Route, tagged};

pub(super) fn routes() -> impl Iterator<Item = Route<Arc<Validate>>> {
    tagged("validate", validate::routes()).chain(tagged("iterate", iterate::routes()))
}
